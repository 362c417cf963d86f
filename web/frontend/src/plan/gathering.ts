// Which tiles a stroke means. A tile is in a rectangle or a lasso when its middle is; the brush takes what it touches.
import type { Ground } from "./ground.ts";
import type { Box } from "./spots.ts";

export type Point = [x: number, y: number];

export function inBox(ground: Ground, one: Point, other: Point): number[] {
  const box: Box = [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[0], other[0]), Math.max(one[1], other[1])];
  const inside = ([x, y]: Point) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
  return ground.spots.within(box).filter((row) => inside(middleOf(ground, row)));
}

export function inLasso(ground: Ground, lasso: Point[]): number[] {
  if (lasso.length < 3) return [];
  const xs = lasso.map(([x]) => x);
  const ys = lasso.map(([, y]) => y);
  const box: Box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  return ground.spots.within(box).filter((row) => holds(lasso, middleOf(ground, row)));
}

/** What a round brush touches on its way from one place to another. */
export function underBrush(ground: Ground, from: Point, to: Point, radius: number): number[] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const steps = Math.max(1, Math.ceil(length / Math.max(radius, 1)));
  const found = new Set<number>();
  for (let k = 0; k <= steps; k++) {
    const [x, y] = [from[0] + ((to[0] - from[0]) * k) / steps, from[1] + ((to[1] - from[1]) * k) / steps];
    for (const row of ground.spots.within([x - radius, y - radius, x + radius, y + radius]))
      if (!found.has(row) && touches(ground, row, x, y, radius)) found.add(row);
  }
  return [...found];
}

/** The tiles, and all others of the compounds they belong to. */
export function withCompounds(ground: Ground, rows: number[]): number[] {
  const { compound } = ground.columns;
  const wanted = new Set(rows.map((row) => compound[row]).filter(Boolean));
  if (!wanted.size) return rows;
  const all = new Set(rows);
  compound.forEach((one, row) => wanted.has(one) && all.add(row));
  return [...all];
}

/** Whether a point is inside a closed line. */
export function holds(line: Point[], [x, y]: Point): boolean {
  let inside = false;
  for (let k = 0, last = line.length - 1; k < line.length; last = k++) {
    const [[ax, ay], [bx, by]] = [line[last], line[k]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

function touches(ground: Ground, row: number, x: number, y: number, radius: number): boolean {
  if (ground.holds(row, x, y)) return true;
  const { xy, ringStart, ringsOf } = ground;
  for (let ring = ringsOf[row]; ring < ringsOf[row + 1]; ring++)
    for (let k = ringStart[ring]; k < ringStart[ring + 1] - 1; k++)
      if (away(x, y, xy[2 * k], xy[2 * k + 1], xy[2 * k + 2], xy[2 * k + 3]) <= radius) return true;
  return false;
}

/** Metres from a point to a piece of a line. */
export function away(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [px, py] = nearestOn([x, y], [ax, ay], [bx, by]);
  return Math.hypot(x - px, y - py);
}

/** The place on a piece of a line that is nearest to a point. */
export function nearestOn([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): Point {
  const [dx, dy] = [bx - ax, by - ay];
  const along = dx || dy ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy))) : 0;
  return [ax + along * dx, ay + along * dy];
}

export function middleOf(ground: Ground, row: number): Point {
  return [ground.middles[2 * row], ground.middles[2 * row + 1]];
}
