// A form whose buttons have a key each: deciding row after row without reaching for the mouse.
import { isOff, isWriting } from "../cases/keys.ts";

export function pressByKey(): void {
  if (!document.querySelector("[data-press]")) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (isOff() || isWriting(event.target) || document.querySelector("dialog[open]")) return;
    const button = [...document.querySelectorAll<HTMLButtonElement>("[data-press] [data-press-key]")].find(
      (one) => one.dataset.pressKey === event.key.toLowerCase(),
    );
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
