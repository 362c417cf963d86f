// The only door to Leaflet. Whatever replaces it one day is put in here.
import L from "leaflet";

export { L };

export const isCoarse = matchMedia("(pointer: coarse)").matches;

/** Device pixels per CSS pixel that we draw: a phone's full density costs more than the eye gains. */
export const density = Math.min(window.devicePixelRatio || 1, isCoarse ? 1.5 : 2);

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

export function toLatLngBounds([west, south, east, north]: number[]): L.LatLngBounds {
  return L.latLngBounds([south, west], [north, east]);
}
