import type { Lines, Shapes } from "./shapes.ts";

/** Call `visit(from, to)` with the range of points of each ring or line of a feature. */
export function eachRing(shapes: Shapes, i: number, visit: (from: number, to: number) => void): void {
  for (let ring = shapes.firstRing[i]; ring < shapes.firstRing[i + 1]; ring++)
    visit(ring ? shapes.ringEnds[ring - 1] : 0, shapes.ringEnds[ring]);
}

/** Call `visit(from, to, kind)` with the range of points of each line. */
export function eachLine(lines: Lines, visit: (from: number, to: number, kind: number) => void): void {
  for (let i = 0; i < lines.ends.length; i++) visit(i ? lines.ends[i - 1] : 0, lines.ends[i], lines.kinds[i]);
}
