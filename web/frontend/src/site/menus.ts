/** Close an open `details.user-menu` on Escape and on a click elsewhere. */
export function closeMenusOutside(): void {
  document.addEventListener("click", (event) => closeAll(event.target as Node));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeAll(null);
  });
}

function closeAll(except: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.user-menu[open]")) {
    if (except && menu.contains(except)) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
    menu.open = false;
  }
}
