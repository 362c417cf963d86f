// Where comments point at: a pin each on the map, and the tool that sets one.
import { L } from "../map/leaflet.ts";
import { t } from "./words.ts";
import type { Board } from "./board.ts";
import type { Point } from "./gathering.ts";
import type { PlanLayer } from "./layer.ts";
import type { Hand } from "./pointing.ts";

export interface Pin {
  id: number;
  /** Latitude, longitude. */
  place: [number, number];
  label: string;
  title: string;
}

/** How far the pointer may slip while it means one place, px. */
const STEADY_PX = 12;
/** The click that follows a touch comes within so many ms, where it comes at all. */
const CLICK_MS = 350;

export class NotePins implements Hand {
  private readonly group: L.LayerGroup;
  private readonly marks = new Map<number, L.Marker>();
  private draft: L.Marker | null = null;
  private pointed: (place: [number, number]) => void = () => undefined;
  private chosen: (id: number) => void = () => undefined;

  constructor(
    private readonly map: L.Map,
    private readonly layer: PlanLayer,
    private readonly board: Board,
  ) {
    this.group = L.layerGroup().addTo(map);
  }

  /** `pointed` hears of a place that was set, `chosen` of a pin that was chosen. */
  hear(pointed: (place: [number, number]) => void, chosen: (id: number) => void): void {
    [this.pointed, this.chosen] = [pointed, chosen];
  }

  show(pins: Pin[]): void {
    this.group.clearLayers();
    this.marks.clear();
    for (const pin of pins) {
      const mark = L.marker(pin.place, { icon: iconOf(pin.label), title: pin.title, alt: pin.title, riseOnHover: true });
      mark.on("click", () => !this.on && this.chosen(pin.id));
      mark.on("keypress", (event) => event.originalEvent.key === "Enter" && this.chosen(pin.id));
      this.marks.set(pin.id, mark.addTo(this.group));
    }
  }

  /** Bring a pin into sight. */
  reveal(id: number): void {
    const mark = this.marks.get(id);
    if (!mark) return;
    this.layer.reveal(this.layer.toMetres(mark.getLatLng()));
    this.marks.forEach((one, key) => one.getElement()?.classList.toggle("chosen", key === id));
  }

  /** The pin of a comment that is being written. */
  setDraft(place: [number, number] | null): void {
    this.draft?.remove();
    this.draft = place && L.marker(place, { icon: iconOf("+", "draft"), keyboard: false, interactive: false, title: t("新留言的位置") }).addTo(this.map);
  }

  point(at: Point): void {
    const { lat, lng } = this.layer.toLatLng(...at);
    this.board.set({ tool: "choose" });
    this.pointed([lat, lng]);
  }

  get on(): boolean {
    return this.board.now.tool === "note";
  }

  begin(): boolean {
    return true;
  }

  follow(): void {
    // a place is where the pointer is let go
  }

  /** The place is set after the click of this touch: the form that opens then would take it. */
  end(at: Point, far: number): void {
    if (far > STEADY_PX) return;
    const host = this.map.getContainer();
    const set = () => {
      clearTimeout(timer);
      host.removeEventListener("click", set);
      this.point(at);
    };
    const timer = setTimeout(set, CLICK_MS);
    host.addEventListener("click", set);
  }

  forget(): void {
    // nothing has begun
  }

  hover(): void {
    // the cursor says it
  }
}

function iconOf(label: string, more = ""): L.DivIcon {
  const html = document.createElement("span");
  html.textContent = label;
  return L.divIcon({ className: `note-pin ${more}`, html, iconSize: [44, 44], iconAnchor: [22, 42] });
}
