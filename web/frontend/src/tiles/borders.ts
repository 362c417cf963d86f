// The borders of a layer, each drawn once. Two neighbours share theirs: stroked twice a fine line turns coarse, and
// dashes that start at different corners fill each other's gaps.
import { eachRing } from "./rings.ts";
import { EXTENT, POLYGON, type Lines, type Shapes } from "./shapes.ts";

interface Edge {
  a: string;
  b: string;
  kind: number;
}

/** Chains of shared edges. `column`, when given, splits them by the lowest value index of the polygons they divide. */
export function bordersOf(shapes: Shapes, column?: string): Lines {
  const edges = distinctEdges(shapes, column);
  return flatten(chain(edges));
}

function distinctEdges(shapes: Shapes, column?: string): Map<string, Edge> {
  const edges = new Map<string, Edge>();
  for (let i = 0; i < shapes.count; i++) {
    if (shapes.types[i] !== POLYGON) continue;
    const kind = column ? (shapes.columns[column]?.of[i] ?? 0) : 0;
    eachRing(shapes, i, (from, to) => {
      for (let k = from, before = to - 1; k < to; before = k++)
        addEdge(edges, shapes.xy, before * 2, k * 2, kind);
    });
  }
  return edges;
}

function addEdge(edges: Map<string, Edge>, xy: Int32Array, from: number, to: number, kind: number): void {
  if (isCut(xy[from], xy[to]) || isCut(xy[from + 1], xy[to + 1])) return;
  const a = `${xy[from]},${xy[from + 1]}`;
  const b = `${xy[to]},${xy[to + 1]}`;
  if (a === b) return;
  const key = `${a < b ? `${a} ${b}` : `${b} ${a}`} ${kind}`;
  edges.set(key, { a, b, kind });
}

/** Whether an edge runs along the line at which the server clips, a little outside the tile: it is no border. */
function isCut(a: number, b: number): boolean {
  return a === b && (a < 0 || a > EXTENT);
}

/** Join edges end to end where exactly two meet, so that dashes run on. */
function chain(edges: Map<string, Edge>): { points: string[]; kind: number }[] {
  const meeting = edgesByPoint(edges);
  const used = new Set<Edge>();
  const chains: { points: string[]; kind: number }[] = [];
  const start = (edge: Edge, from: string) => {
    if (!used.has(edge)) chains.push({ points: follow(edge, from, meeting, used), kind: edge.kind });
  };
  for (const [point, there] of meeting) if (there.length !== 2) there.forEach((edge) => start(edge, point));
  for (const edge of edges.values()) start(edge, edge.a); // rings without a junction
  return chains;
}

function edgesByPoint(edges: Map<string, Edge>): Map<string, Edge[]> {
  const meeting = new Map<string, Edge[]>();
  for (const edge of edges.values())
    for (const point of [edge.a, edge.b]) {
      const there = meeting.get(point);
      if (there) there.push(edge);
      else meeting.set(point, [edge]);
    }
  return meeting;
}

function follow(first: Edge, from: string, meeting: Map<string, Edge[]>, used: Set<Edge>): string[] {
  const points = [from];
  let edge: Edge | undefined = first;
  let at = from;
  while (edge) {
    used.add(edge);
    at = edge.a === at ? edge.b : edge.a;
    points.push(at);
    const there: Edge[] = meeting.get(at) ?? [];
    edge =
      there.length === 2 ? there.find((other) => !used.has(other) && other.kind === first.kind) : undefined;
  }
  return points;
}

function flatten(chains: { points: string[]; kind: number }[]): Lines {
  const ends = new Uint32Array(chains.length);
  const kinds = new Uint8Array(chains.length);
  const xy: number[] = [];
  chains.forEach((one, i) => {
    for (const point of one.points) {
      const comma = point.indexOf(",");
      xy.push(Number(point.slice(0, comma)), Number(point.slice(comma + 1)));
    }
    ends[i] = xy.length / 2;
    kinds[i] = one.kind;
  });
  return { ends, kinds, xy: Int32Array.from(xy) };
}
