// What to ask the server for: a window a little larger than the screen, in bins fine enough to be smooth.
import { groundScale, metresPerPx } from "./ground.ts";

export interface Screen {
  west: number;
  south: number;
  east: number;
  north: number;
  zoom: number;
}

export interface Limits {
  bins: number;
  times: number;
  sides: number[];
}

export interface Asked {
  bbox: string;
  zoom: number;
  side: number;
  /** What was asked for covers the screen while it stays within this. */
  box: Omit<Screen, "zoom">;
}

/** Three standard deviations reach beyond the screen, so that its edge is not paler than the middle. */
const REACH = 3;
const SPARE = 0.12;
/** Finer bins than this many to a standard deviation change no picture. */
const FINE = 3;
const USUAL_SIDE = 8;
const NICE = [20, 30, 50, 80, 100, 150, 200, 300, 500, 800, 1000, 1500, 2000, 3000, 5000, 8000, 10000, 20000, 50000];
/** The width of an unasked-for blur, px. */
const USUAL_PX = 22;

/** A round bandwidth in metres that looks right at a zoom. */
export function usualBandwidth(latitude: number, zoom: number): number {
  const wished = USUAL_PX * metresPerPx(latitude, zoom);
  return NICE.reduce((best, one) => (Math.abs(Math.log(one / wished)) < Math.abs(Math.log(best / wished)) ? one : best));
}

/** `times` is how many time bins will come. */
export function askFor(screen: Screen, metres: number, times: number, limits: Limits): Asked {
  const box = padded(screen, metres);
  const zoom = zoomOf(screen);
  const side = sideFor(box, zoom, metres, times, limits);
  return { bbox: [box.west, box.south, box.east, box.north].map((value) => value.toFixed(6)).join(","), zoom, side, box };
}

/** Bins of the whole zoom below: between two zooms they are a little larger on screen, not smaller. */
function zoomOf({ zoom }: Screen): number {
  return Math.max(0, Math.min(20, Math.floor(zoom)));
}

function padded({ west, south, east, north }: Screen, metres: number): Omit<Screen, "zoom"> {
  const middle = (south + north) / 2;
  const degrees = (REACH * metres) / 111_000;
  const up = degrees + SPARE * (north - south);
  const across = degrees / Math.max(0.05, Math.cos((middle * Math.PI) / 180)) + SPARE * (east - west);
  return {
    west: Math.max(-180, west - across),
    south: Math.max(-85, south - up),
    east: Math.min(180, east + across),
    north: Math.min(85, north + up),
  };
}

/** The coarsest bins that still look smooth, and never more of them than the server sends. */
function sideFor(box: Omit<Screen, "zoom">, zoom: number, metres: number, times: number, limits: Limits): number {
  const middle = (box.south + box.north) / 2;
  const perPx = metresPerPx(middle, zoom);
  const offered = limits.sides.filter((side) => side >= USUAL_SIDE).sort((a, b) => a - b);
  const smooth = offered.filter((side) => side === USUAL_SIDE || side * perPx <= metres / FINE);
  const wished = smooth[smooth.length - 1];
  return offered.find((side) => side >= wished && binsOf(box, side * perPx, middle) * times <= limits.bins) ?? offered[offered.length - 1];
}

function binsOf(box: Omit<Screen, "zoom">, metresPerBin: number, middle: number): number {
  const [cosine] = groundScale((middle * Math.PI) / 180);
  const across = ((box.east - box.west) * 111_320 * cosine) / metresPerBin + 2;
  const up = ((box.north - box.south) * 111_320) / metresPerBin + 2;
  return across * up * 1.1; // a degree is not the same everywhere in the window
}

/** Whether the screen lies in what was asked for, with the reach of the blur around it. */
export function stillCovers(asked: Asked, screen: Screen, metres: number): boolean {
  const need = padded({ ...screen, ...shrunk(screen) }, metres);
  const { box } = asked;
  const inside = box.west <= need.west && box.south <= need.south && box.east >= need.east && box.north >= need.north;
  return inside && asked.zoom === zoomOf(screen);
}

/** `padded` adds the spare margin again; without it only the reach remains. */
function shrunk({ west, south, east, north }: Screen): Omit<Screen, "zoom"> {
  const [across, up] = [SPARE * (east - west), SPARE * (north - south)].map((pad) => pad / (1 + 2 * SPARE));
  return { west: west + across, south: south + up, east: east - across, north: north - up };
}
