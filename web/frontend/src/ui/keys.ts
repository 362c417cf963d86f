// Keys of the whole page. The map's own (arrows, + and −) are Leaflet's.
import { byId } from "./dom.ts";

interface Wishes {
  panelOpen(): boolean;
  closePanel(): void;
  chooseCentre(): void;
}

export function bindKeys({ panelOpen, closePanel, chooseCentre }: Wishes): void {
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

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && Boolean(target.closest("input, textarea, select, [contenteditable]"));
}
