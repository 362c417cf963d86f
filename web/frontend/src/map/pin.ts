// A mark for what was found by searching and is no area, cell or building: an incident, a point on a road.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { L } from "./leaflet.ts";

let shown: L.LayerGroup | null = null;

export function dropPin(): void {
  shown?.remove();
  shown = null;
}

/** Mark a point; with an address the mark says what it is and leads there. */
export function putPin(
  map: L.Map,
  at: L.LatLngTuple,
  title: string,
  subtitle: string,
  address?: string,
): void {
  dropPin();
  const dot = L.circleMarker(at, {
    radius: 9,
    weight: 4,
    color: "#fff",
    fillColor: "#b3261e",
    fillOpacity: 1,
  });
  const ring = L.circleMarker(at, {
    radius: 15,
    weight: 2,
    color: "#b3261e",
    fill: false,
    interactive: false,
  });
  shown = L.layerGroup([ring, dot]).addTo(map);
  if (!address) return;
  const link = make("a", { href: address }, t("打开记录"));
  dot.bindPopup(make("div", {}, make("strong", {}, title), make("p", {}, subtitle), link), {
    closeButton: false,
    offset: [0, -6],
  });
  dot.openPopup();
}
