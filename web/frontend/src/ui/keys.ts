// Keys of the whole page. The map's own (arrows, + and −) are Leaflet's.
import { byId } from "./dom.ts";

interface Wishes {
  panelOpen(): boolean;
  closePanel(): void;
  chooseCentre(): void;
}

export function bindKeys({ panelOpen, closePanel, chooseCentre }: Wishes): void {
  showCrossToKeyboard(byId("map"));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isTyping(event.target)) {
      event.preventDefault();
      byId<HTMLInputElement>("search").select();
      byId("search").focus();
    } else if (event.key === "Escape" && panelOpen()) closePanel();
    else if (event.key === "Enter" && event.target === byId("map")) chooseCentre();
  });
}

/** The cross marks what Enter selects; who points with a mouse does not need it. */
function showCrossToKeyboard(map: HTMLElement): void {
  map.addEventListener("keydown", () => map.classList.add("by-keyboard"));
  map.addEventListener("keyup", () => map.classList.add("by-keyboard"));
  for (const other of ["pointerdown", "blur"])
    map.addEventListener(other, () => map.classList.remove("by-keyboard"));
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && Boolean(target.closest("input, textarea, select, [contenteditable]"));
}
