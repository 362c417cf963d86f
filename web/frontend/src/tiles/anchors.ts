// Where the name of a polygon sits best. Text is wide and low, so the widest level chord is what counts, not the
// largest circle.
import { eachRing } from "./rings.ts";
import { POLYGON, type Shapes } from "./shapes.ts";

const STEPS = 11;

/** Fill in `anchors` and `rooms` of all polygons of a layer. */
export function addAnchors(shapes: Shapes): void {
  shapes.anchors = new Float32Array(shapes.count * 2);
  shapes.rooms = new Float32Array(shapes.count);
  for (let i = 0; i < shapes.count; i++) {
    if (shapes.types[i] !== POLYGON) continue;
    const [x, y, room] = widestChord(shapes, i);
    shapes.anchors.set([x, y], i * 2);
    shapes.rooms[i] = room;
  }
}

/** Middle and length of the widest level chord, chords near the middle of the height preferred. */
export function widestChord(shapes: Shapes, i: number): [x: number, y: number, room: number] {
  const [, north, , south] = shapes.boxes.subarray(i * 4, i * 4 + 4);
  let best: [number, number, number] = [0, 0, 0];
  let bestScore = -1;
  for (let step = 1; step < STEPS; step++) {
    const share = step / STEPS;
    const y = north + (south - north) * share + 0.01; // off the grid, so that no chord runs along a vertex
    const preference = 1 - 1.2 * Math.abs(share - 0.5);
    for (const [from, to] of chords(shapes, i, y)) {
      if ((to - from) * preference <= bestScore) continue;
      bestScore = (to - from) * preference;
      best = [(from + to) / 2, y, to - from];
    }
  }
  return best;
}

function chords(shapes: Shapes, i: number, y: number): [number, number][] {
  const { xy } = shapes;
  const hits: number[] = [];
  eachRing(shapes, i, (from, to) => {
    for (let a = from, b = to - 1; a < to; b = a++) {
      const ay = xy[a * 2 + 1];
      const by = xy[b * 2 + 1];
      if (ay > y !== by > y) hits.push(xy[a * 2] + ((xy[b * 2] - xy[a * 2]) * (y - ay)) / (by - ay));
    }
  });
  hits.sort((a, b) => a - b);
  const found: [number, number][] = [];
  for (let k = 0; k + 1 < hits.length; k += 2) found.push([hits[k], hits[k + 1]]);
  return found;
}
