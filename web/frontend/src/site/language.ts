/** Changing the language comes back to the very view: the server never sees what follows the #, nor a filter chosen since. */
export function keepViewAcrossLanguages(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const next = form.matches("form.language")
      ? form.querySelector<HTMLInputElement>("input[name=next]")
      : null;
    if (next) next.value = location.pathname + location.search + location.hash;
  });
}
