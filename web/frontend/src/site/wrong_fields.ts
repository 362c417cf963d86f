/** A page that came back with errors: each field is tied to what is said about it, and the reader starts at the first. */
export function leadToWhatIsWrong(): void {
  document.querySelectorAll<HTMLElement>(".field > .field-error").forEach((said, i) => {
    const field = said.parentElement?.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea");
    if (!field || field.hasAttribute("aria-describedby")) return;
    said.id ||= `wrong-${i}`;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", said.id);
  });
  // Not where the page has chosen a place of its own, or names one in its address.
  if (document.activeElement !== document.body || location.hash) return;
  const first = document.querySelector<HTMLElement>("main .notice.error[role=alert]");
  if (!first) return;
  first.tabIndex = -1;
  first.focus();
}
