// Paths from flat arrays. The cost of filling one path grows faster than its length, so features go in chunks of 40.
import { eachLine, eachRing } from "../tiles/rings.ts";
import type { Context } from "./look.ts";
import type { Lines, Shapes } from "../tiles/shapes.ts";

const CHUNK = 40;
export type Paint = (context: Context) => void;

export function trace(context: Context, shapes: Shapes, i: number, closed: boolean): void {
  eachRing(shapes, i, (from, to) => {
    tracePoints(context, shapes.xy, from, to);
    if (closed) context.closePath();
  });
}

function tracePoints(context: Context, xy: Int32Array, from: number, to: number): void {
  context.moveTo(xy[from * 2], xy[from * 2 + 1]);
  for (let k = from + 1; k < to; k++) context.lineTo(xy[k * 2], xy[k * 2 + 1]);
}

/** Trace the listed features, a chunk a path, and `paint` each path. */
export function paintInChunks(
  context: Context,
  shapes: Shapes,
  listed: number[],
  closed: boolean,
  paint: Paint,
): void {
  for (let start = 0; start < listed.length; start += CHUNK) {
    context.beginPath();
    for (const i of listed.slice(start, start + CHUNK)) trace(context, shapes, i, closed);
    paint(context);
  }
}

/** Trace the lines of some kinds as one path; they are few. */
export function traceLines(
  context: Context,
  lines: Lines,
  wanted: (kind: number) => boolean,
): void {
  context.beginPath();
  eachLine(lines, (from, to, kind) => {
    if (wanted(kind)) tracePoints(context, lines.xy, from, to);
  });
}

/** Features by the value of a column, those whose box misses the view left out. */
export function groupBy(shapes: Shapes, column: string, view: View): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  const { values = [], of } = shapes.columns[column] ?? { of: new Uint32Array(shapes.count) };
  for (let i = 0; i < shapes.count; i++) {
    if (!meets(shapes.boxes, i, view)) continue;
    const key = of[i] ? String(values[of[i] - 1]) : "";
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  return groups;
}

/** What part of a data tile is looked at, in its units. */
export interface View {
  west: number;
  north: number;
  east: number;
  south: number;
}

export function meets(boxes: Int32Array, i: number, view: View): boolean {
  const at = i * 4;
  return (
    boxes[at] <= view.east &&
    boxes[at + 2] >= view.west &&
    boxes[at + 1] <= view.south &&
    boxes[at + 3] >= view.north
  );
}
