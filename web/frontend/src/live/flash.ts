// A ring that shows for some seconds where something has just happened.
import { L } from "../map/leaflet.ts";

const SHOWN_MS = 4_000;
const MOST = 30;

export class Flashes {
  private shown: L.Marker[] = [];

  constructor(private readonly map: L.Map) {}

  show(lat: number, lon: number): void {
    if (!this.map.getBounds().contains([lat, lon])) return;
    const mark = L.marker([lat, lon], {
      icon: L.divIcon({ className: "live-flash", iconSize: [44, 44] }),
      interactive: false,
      keyboard: false,
    }).addTo(this.map);
    this.shown.push(mark);
    if (this.shown.length > MOST) this.shown.shift()?.remove();
    setTimeout(() => mark.remove(), SHOWN_MS);
  }
}
