// What lies at a position, from the pack alone: building, cell, how far to its border, who works there.
import { boxOf, isInside } from "../ground/inside.ts";
import type { BuildingPart, CellPart, Rings, WorkerPart } from "../parts.ts";

/** A border is near within this many metres, or within what the position may be wrong by. */
export const NEAR_M = 15;
/** Beyond this a building is not "here", metres. */
const BUILDING_M = 60;
const ON_BORDER_M = 0.05;
const METRES_A_DEGREE = 111_320; // of a great circle; a few metres in a kilometre are nothing here

export interface Whereabouts {
  readonly cell: CellPart | null;
  /** Metres to the border of the cell. */
  readonly border: number | null;
  /** Other cells near enough to be meant, with the metres to them, nearest first. */
  readonly others: readonly { readonly cell: CellPart; readonly metres: number }[];
  readonly building: BuildingPart | null;
  /** Metres to the building; 0 inside. */
  readonly away: number;
  readonly workers: readonly WorkerPart[];
}

/** `lon`, `lat` in degrees (EPSG:4326), `accuracy` in metres. A point on a shared border is of the lowest code. */
export function whereaboutsAt(
  { cells, buildings, workers }: { cells: readonly CellPart[]; buildings: readonly BuildingPart[]; workers: readonly WorkerPart[] },
  lon: number,
  lat: number,
  accuracy = 0,
): Whereabouts {
  const reach = Math.max(accuracy, NEAR_M);
  const far = cells.map((cell) => ({ cell, metres: distanceTo(cell.rings, lon, lat), inside: isInside(cell.rings, lon, lat) }));
  const here = far.filter(({ metres, inside }) => inside || metres <= ON_BORDER_M).sort((a, b) => (a.cell.code < b.cell.code ? -1 : 1))[0];
  const near = far.filter((one) => one !== here && (one.inside || one.metres <= reach));
  const building = nearestBuilding(buildings, lon, lat, Math.max(BUILDING_M, Math.min(accuracy, 200)));
  return {
    cell: here?.cell ?? null,
    border: here ? here.metres : null,
    others: near.sort((a, b) => a.metres - b.metres).map(({ cell, metres }) => ({ cell, metres })),
    ...building,
    workers: here ? workers.filter(({ cell }) => cell === here.cell.code) : [],
  };
}

function nearestBuilding(buildings: readonly BuildingPart[], lon: number, lat: number, within: number) {
  let [found, away]: [BuildingPart | null, number] = [null, within];
  for (const one of buildings) {
    if (!mayBeWithin(one.rings, lon, lat, away)) continue;
    if (isInside(one.rings, lon, lat)) return { building: one, away: 0 };
    const metres = distanceTo(one.rings, lon, lat);
    if (metres <= away) [found, away] = [one, metres];
  }
  return { building: found, away: found ? away : 0 };
}

function mayBeWithin(rings: Rings, lon: number, lat: number, metres: number): boolean {
  const { west, south, east, north } = boxOf(rings.slice(0, 1));
  const [across, up] = [metres / (METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180)), metres / METRES_A_DEGREE];
  return west - across <= lon && lon <= east + across && south - up <= lat && lat <= north + up;
}

/** Metres from a point to the nearest border, from outside as from inside. */
export function distanceTo(rings: Rings, lon: number, lat: number): number {
  const across = METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180);
  let least = Infinity;
  for (const ring of rings)
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [ax, ay] = [(ring[j] - lon) * across, (ring[j + 1] - lat) * METRES_A_DEGREE];
      const [bx, by] = [(ring[i] - lon) * across, (ring[i + 1] - lat) * METRES_A_DEGREE];
      least = Math.min(least, toSegment(ax, ay, bx, by));
    }
  return least;
}

/** Distance of the origin to a segment. */
function toSegment(ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.min(Math.max(-(ax * dx + ay * dy) / length, 0), 1) : 0;
  return Math.hypot(ax + along * dx, ay + along * dy);
}
