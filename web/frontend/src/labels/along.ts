// Places along a line where a road's name may stand: straight stretches, a good way apart.

export interface Stretch {
  /** Centre in the line's own units, and the direction there in radians, −π/2 to π/2 so that text is never upside down. */
  x: number;
  y: number;
  angle: number;
}

/** Points `every` units apart along the points `from` to `to` of `xy`, the first half a step in. */
export function stretchesAlong(
  xy: Int32Array,
  from: number,
  to: number,
  every: number,
  needed: number,
): Stretch[] {
  const length = lengthOf(xy, from, to);
  if (length < needed) return [];
  const count = Math.max(1, Math.floor(length / every));
  return Array.from({ length: count }, (_, k) => at(xy, from, to, ((k + 0.5) * length) / count, needed));
}

function lengthOf(xy: Int32Array, from: number, to: number): number {
  let total = 0;
  for (let k = from; k + 1 < to; k++) total += step(xy, k);
  return total;
}

function step(xy: Int32Array, k: number): number {
  return Math.hypot(xy[k * 2 + 2] - xy[k * 2], xy[k * 2 + 3] - xy[k * 2 + 1]);
}

/** The direction is the chord's over the text's own length, so that a bend under it does not tilt it. */
function at(xy: Int32Array, from: number, to: number, distance: number, needed: number): Stretch {
  const [x, y] = walk(xy, from, to, distance);
  const [ax, ay] = walk(xy, from, to, distance - needed / 2);
  const [bx, by] = walk(xy, from, to, distance + needed / 2);
  let angle = Math.atan2(by - ay, bx - ax);
  if (angle > Math.PI / 2) angle -= Math.PI;
  if (angle <= -Math.PI / 2) angle += Math.PI;
  return { x, y, angle };
}

function walk(xy: Int32Array, from: number, to: number, distance: number): [number, number] {
  let left = distance;
  for (let k = from; k + 1 < to; k++) {
    const long = step(xy, k);
    if (left <= long || k + 2 === to) {
      const share = long ? Math.min(1, Math.max(0, left / long)) : 0;
      return [
        xy[k * 2] + (xy[k * 2 + 2] - xy[k * 2]) * share,
        xy[k * 2 + 1] + (xy[k * 2 + 3] - xy[k * 2 + 1]) * share,
      ];
    }
    left -= long;
  }
  return [xy[from * 2], xy[from * 2 + 1]];
}

/** Whether a name along this direction is written upright, a character below the other: steep roads, Chinese names. */
export function isStacked(angle: number, text: string): boolean {
  return Math.abs(angle) > Math.PI / 3.2 && /^[\p{Script=Han}0-9]+$/u.test(text);
}
