/** The print button, and every table and list of a chart shut again for paper as it was on the screen. */
export function offerPrinting(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
