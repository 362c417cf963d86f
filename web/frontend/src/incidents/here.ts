// A right click, or a finger held down, offers to report an incident at that very place.
import { L } from "../map/leaflet.ts";
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";

export function offerReportHere(map: L.Map, address: string): void {
  map.on("contextmenu", ({ latlng }) => {
    const query = new URLSearchParams({ lat: latlng.lat.toFixed(6), lon: latlng.lng.toFixed(6) });
    const link = make("a", { class: "button primary", href: `${address}?${query}` }, t("在此上报"));
    L.popup({ closeButton: false, offset: [0, -4] }).setLatLng(latlng).setContent(link).openOn(map);
  });
}
