// The road that was chosen in the search, drawn along its whole length until one looks at something else.
import { L } from "./leaflet.ts";
import { SELECTED } from "./outlines.ts";

let shown: L.LayerGroup | null = null;

export function dropRoad(): void {
  shown?.remove();
  shown = null;
}

/** `lines` are of [longitude, latitude], as GeoJSON has them. */
export function showRoad(map: L.Map, lines: [number, number][][]): void {
  dropRoad();
  const along = lines.map((line) => line.map(([lng, lat]): L.LatLngTuple => [lat, lng]));
  const strokes = SELECTED.strokes.map(([color, weight]) =>
    L.polyline(along, { color, weight: weight + 2, interactive: false, className: "chosen-road" }),
  );
  shown = L.layerGroup(strokes).addTo(map);
  map.once("click", dropRoad);
}
