// Where a point lies in the worker's own ground, from the pack alone: no signal is needed to say which cell it is.
import { isInside } from "../ground/inside.ts";
import type { BuildingPart, CellPart, GroundPart, Rings } from "../parts.ts";
import type { Position } from "./exif.ts";

const METRES_A_DEGREE = 111_320;

/** Metres between two places of one town. */
export function metresBetween(one: Position, other: Position): number {
  const narrow = Math.cos((((one.lat + other.lat) / 2) * Math.PI) / 180);
  return Math.hypot((one.lon - other.lon) * narrow, one.lat - other.lat) * METRES_A_DEGREE;
}

/** Metres from a place to the border of a shape. */
export function metresToBorder(at: Position, rings: Rings): number {
  const narrow = Math.cos((at.lat * Math.PI) / 180);
  let least = Infinity;
  for (const ring of rings)
    for (let a = 0, b = ring.length - 2; a < ring.length; b = a, a += 2)
      least = Math.min(least, toSegment([ring[a], ring[a + 1]], [ring[b], ring[b + 1]], at, narrow));
  return least * METRES_A_DEGREE;
}

function toSegment(one: number[], other: number[], at: Position, narrow: number): number {
  const [x, y] = [(at.lon - one[0]) * narrow, at.lat - one[1]];
  const [dx, dy] = [(other[0] - one[0]) * narrow, other[1] - one[1]];
  const length = dx * dx + dy * dy;
  const share = length ? Math.max(0, Math.min(1, (x * dx + y * dy) / length)) : 0;
  return Math.hypot(x - share * dx, y - share * dy);
}

/** What the pack says of a place: its cell, or how far the nearest one is. */
export interface Lie {
  readonly cell: CellPart | null;
  readonly metres: number;
}

export function lieOf(at: Position, cells: CellPart[]): Lie {
  const cell = cells.find((one) => isInside(one.rings, at.lon, at.lat)) ?? null;
  return { cell, metres: cell ? 0 : Math.min(...cells.map((one) => metresToBorder(at, one.rings)), Infinity) };
}

export function middleOf(rings: Rings): Position {
  const ring = rings[0] ?? [];
  let [lon, lat] = [0, 0];
  for (let n = 0; n < ring.length; n += 2) (lon += ring[n]), (lat += ring[n + 1]);
  const corners = ring.length / 2 || 1;
  return { lat: lat / corners, lon: lon / corners };
}

/** The building at a place, or the nearest within so many metres. */
export function buildingNear(at: Position, ground: GroundPart, within: number): { building: BuildingPart; inside: boolean } | null {
  let [best, least]: [BuildingPart | null, number] = [null, within];
  for (const building of ground.buildings) {
    if (isInside(building.rings, at.lon, at.lat)) return { building, inside: true };
    const metres = metresToBorder(at, building.rings);
    if (metres < least) [best, least] = [building, metres];
  }
  return best && { building: best, inside: false };
}

/** Buildings whose name or address holds what was typed, in any order of its parts; the nearest spelling first. */
export function buildingsNamed(typed: string, ground: GroundPart, most: number): BuildingPart[] {
  const parts = typed.normalize("NFKC").trim().split(/\s+/).map(plain).filter(Boolean);
  if (!parts.length) return [];
  const found = ground.buildings
    .map((building) => ({ building, text: plain(`${building.label}${building.address}`) }))
    .filter(({ text }) => parts.every((part) => text.includes(part)));
  found.sort((a, b) => a.text.length - b.text.length || a.building.id - b.building.id);
  return found.slice(0, most).map(({ building }) => building);
}

const BUILDING_SIGNS = /号楼|[栋幢座#]/g;

/** One sign for the many words for a building. */
function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(BUILDING_SIGNS, "#").replace(/\s+/g, "");
}
