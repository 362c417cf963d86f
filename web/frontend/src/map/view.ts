// The Leaflet map itself, and moving it so that what one asked for is not under a panel.
import { byId } from "../ui/dom.ts";
import { isCoarse, L, toLatLngBounds } from "./leaflet.ts";

const NARROW = matchMedia("(max-width: 760px)");

export function makeMap(): L.Map {
  const map = L.map("map", {
    zoomControl: false,
    attributionControl: false,
    minZoom: 5,
    zoomSnap: 0.5,
    maxZoom: 20,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    bounceAtZoomLimits: false,
    fadeAnimation: false, // squares come whole; fading them in costs frames just when they are scarce
    maxBounds: [
      [-85, -400],
      [85, 400],
    ],
  });
  for (const [name, zIndex] of [
    ["pictures", 200],
    ["squares", 250],
    ["outlines", 450],
    ["labels", 460],
  ] as const) {
    const pane = map.createPane(name);
    pane.style.zIndex = String(zIndex);
    if (name === "outlines" || name === "labels") pane.style.pointerEvents = "none";
  }
  L.control.scale({ imperial: false, position: "bottomright", maxWidth: 110 }).addTo(map);
  L.control.attribution({ prefix: false, position: "bottomright" }).addTo(map);
  if (isCoarse) lightenPinching(map);
  return map;
}

/** While two fingers are down only the squares move: labels and outlines come back when they rest. */
function lightenPinching(map: L.Map): void {
  map.on("zoomstart", () => map.getContainer().classList.add("zooming"));
  map.on("zoomend", () => map.getContainer().classList.remove("zooming"));
}

export function isNarrow(): boolean {
  return NARROW.matches;
}

/** What panels cover of the map, px. */
function covered(): { paddingTopLeft: [number, number]; paddingBottomRight: [number, number] } {
  const map = byId("map").getBoundingClientRect();
  const side = byId("side").getBoundingClientRect();
  const panel = byId("panel");
  if (isNarrow()) {
    const top = panel.hidden ? side.top : Math.min(panel.getBoundingClientRect().top, map.bottom);
    return {
      paddingTopLeft: [12, 76],
      paddingBottomRight: [12, Math.max(12, Math.min(map.bottom - top, map.height * 0.7))],
    };
  }
  const left = side.width && side.right > map.left ? side.right - map.left : 0;
  const right = panel.hidden ? 64 : map.right - panel.getBoundingClientRect().left;
  return { paddingTopLeft: [left + 16, 16], paddingBottomRight: [right + 16, 16] };
}

export function showBounds(map: L.Map, box: number[], deepest: number, animate = true): void {
  map.fitBounds(toLatLngBounds(box), { ...covered(), maxZoom: deepest, animate });
}

/** Whether a box lies in the part of the map that no panel covers. */
export function isInSight(map: L.Map, box: number[]): boolean {
  const { paddingTopLeft, paddingBottomRight } = covered();
  const size = map.getSize();
  const clear = L.bounds(L.point(paddingTopLeft), size.subtract(L.point(paddingBottomRight)));
  const bounds = toLatLngBounds(box);
  return (
    clear.contains(map.latLngToContainerPoint(bounds.getNorthWest())) &&
    clear.contains(map.latLngToContainerPoint(bounds.getSouthEast()))
  );
}

/** Move the map, without zooming, so that no panel covers what was chosen. */
export function keepInSight(map: L.Map, box: number[]): void {
  if (isInSight(map, box)) return;
  const { paddingTopLeft, paddingBottomRight } = covered();
  const clear = L.bounds(L.point(paddingTopLeft), map.getSize().subtract(L.point(paddingBottomRight)));
  const middle = map.latLngToContainerPoint(toLatLngBounds(box).getCenter());
  map.panBy(middle.subtract(clear.getCenter()));
}

export function showPoint(map: L.Map, lat: number, lng: number, zoom: number): void {
  const pad = 0.0004;
  showBounds(map, [lng - pad, lat - pad, lng + pad, lat + pad], zoom);
}
