import { t } from "../words.ts";

/** A button with `data-copy` puts that text on the clipboard and says so for a moment. */
export function copyOnClick(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (button) void copy(button);
  });
}

async function copy(button: HTMLElement): Promise<void> {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    button.textContent = t("已复制");
  } catch {
    button.textContent = t("无法复制"); // the browser allows it on secure pages only
  }
  setTimeout(() => (button.textContent = label), 1500);
}
