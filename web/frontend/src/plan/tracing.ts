// The way along borders of tiles from one place to another: what a road or river is marked by.
import { away, type Point } from "./gathering.ts";
import type { Ground } from "./ground.ts";
import type { Box } from "./spots.ts";

/** How far beside the straight way the borders may lead, as a share of it, and metres at least. */
const ASIDE = 0.5;
const LEAST_M = 60;
/** What leads away from the drawn line counts for more. */
const STRAYING = 0.15;

interface Node {
  at: Point;
  to: Map<string, number>;
}

/** The shortest way along borders between the corners nearest to the ends of a line; empty where there is none. */
export function alongBorders(ground: Ground, line: Point[]): Point[] {
  const nodes = bordersNear(ground, line);
  const [start, end] = [nearest(nodes, line[0]), nearest(nodes, line[line.length - 1])];
  if (!start || !end || start === end) return [];
  const best = new Map([[start, 0]]);
  const before = new Map<string, string>();
  const open = new Set([start]);
  while (open.size) {
    let here = "";
    for (const one of open) if (!here || (best.get(one) ?? 0) < (best.get(here) ?? 0)) here = one;
    if (here === end) break;
    open.delete(here);
    for (const [next, length] of nodes.get(here)?.to ?? []) {
      const far = (best.get(here) ?? 0) + length;
      if (far >= (best.get(next) ?? Infinity)) continue;
      best.set(next, far);
      before.set(next, here);
      open.add(next);
    }
  }
  return best.has(end) ? way(nodes, before, end) : [];
}

function way(nodes: Map<string, Node>, before: Map<string, string>, end: string): Point[] {
  const points: Point[] = [];
  for (let at: string | undefined = end; at; at = before.get(at)) points.push(nodes.get(at)?.at as Point);
  return points.reverse();
}

function bordersNear(ground: Ground, line: Point[]): Map<string, Node> {
  const nodes = new Map<string, Node>();
  const { xy, across, ringStart, ringsOf } = ground;
  const node = (k: number) => {
    const key = `${xy[2 * k]},${xy[2 * k + 1]}`;
    const known = nodes.get(key) ?? { at: [xy[2 * k], xy[2 * k + 1]] as Point, to: new Map<string, number>() };
    nodes.set(key, known);
    return [key, known] as const;
  };
  for (const row of ground.spots.within(around(line)))
    for (let ring = ringsOf[row]; ring < ringsOf[row + 1]; ring++)
      for (let k = ringStart[ring]; k < ringStart[ring + 1] - 1; k++) {
        if (across[k] < row) continue; // once, and not along the outer edge
        const [[one, from], [other, to]] = [node(k), node(k + 1)];
        const length = Math.hypot(to.at[0] - from.at[0], to.at[1] - from.at[1]);
        const cost = length * (1 + STRAYING * beside(line, [(to.at[0] + from.at[0]) / 2, (to.at[1] + from.at[1]) / 2]));
        from.to.set(other, cost);
        to.to.set(one, cost);
      }
  return nodes;
}

/** Metres between a point and a line. */
function beside(line: Point[], [x, y]: Point): number {
  let least = Infinity;
  for (let k = 0; k + 1 < line.length; k++) least = Math.min(least, away(x, y, ...line[k], ...line[k + 1]));
  return least;
}

function around(line: Point[]): Box {
  const [xs, ys] = [line.map(([x]) => x), line.map(([, y]) => y)];
  const box: Box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const pad = Math.max(LEAST_M, ASIDE * Math.hypot(box[2] - box[0], box[3] - box[1]));
  return [box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad];
}

function nearest(nodes: Map<string, Node>, [x, y]: Point): string {
  let [found, least] = ["", Infinity];
  for (const [key, { at }] of nodes) {
    const far = Math.hypot(at[0] - x, at[1] - y);
    if (far < least) [found, least] = [key, far];
  }
  return found;
}
