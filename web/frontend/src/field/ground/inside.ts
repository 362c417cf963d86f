// What lies under a point: rings of longitude and latitude, by the even-odd rule.
import type { Rings } from "../parts.ts";

export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

export function boxOf(lists: readonly (readonly number[])[]): Box {
  const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const points of lists)
    for (let i = 0; i < points.length; i += 2) {
      box.west = Math.min(box.west, points[i]);
      box.east = Math.max(box.east, points[i]);
      box.south = Math.min(box.south, points[i + 1]);
      box.north = Math.max(box.north, points[i + 1]);
    }
  return box;
}

export function boxesMeet(a: Box, b: Box): boolean {
  return a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north;
}

/** Whether a point lies inside; holes are outside. */
export function isInside(rings: Rings, lon: number, lat: number): boolean {
  let inside = false;
  for (const ring of rings)
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
      if (ring[i + 1] > lat !== ring[j + 1] > lat && lon < crossing(ring, i, j, lat)) inside = !inside;
  return inside;
}

function crossing(ring: number[], i: number, j: number, lat: number): number {
  return ring[i] + ((ring[j] - ring[i]) * (lat - ring[i + 1])) / (ring[j + 1] - ring[i + 1]);
}

/** Where a name is written: the middle of the first ring's box. */
export function middleOf(rings: Rings): [number, number] {
  const box = boxOf(rings.slice(0, 1));
  return [(box.west + box.east) / 2, (box.south + box.north) / 2];
}
