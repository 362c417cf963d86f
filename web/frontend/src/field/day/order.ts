// A sensible order in which to walk to places: the twin of gis/places/walking.py, held to the same answers by
// tests/gis/places/walking_cases.json. Positions are whole decimetres in a plane: east, north.

export type Point = readonly [number, number];

const MOST_ROUNDS = 40;
const TOGETHER = 3;
/** Shorter by less than this is the same length: sums of roots in another order differ in the last bits. */
const LEAST_GAIN = 1e-6;

/** The order of the points, as their numbers, of a short walk from `start`; without one, from a corner of them all. */
export function walk(points: readonly Point[], start: Point | null): number[] {
  if (!points.length) return [];
  if (start) return improved(points, nearestFirst(points, start), start);
  let best: number[] = [];
  let least = Infinity;
  for (const first of firsts(points)) {
    const order = improved(points, nearestFirst(points, points[first]), null);
    const long = Math.round(length(points, order, null) / LEAST_GAIN);
    if (long < least) [best, least] = [order, long];
  }
  return best;
}

/** The same with those that are late first: a walk over them, and from its end a walk over the rest. */
export function walkTiers(points: readonly Point[], late: readonly boolean[], start: Point | null): number[] {
  const numbers = points.map((_, number) => number);
  const [first, rest] = [numbers.filter((number) => late[number]), numbers.filter((number) => !late[number])];
  const order = walk(first.map((number) => points[number]), start).map((at) => first[at]);
  const begin = order.length ? points[order[order.length - 1]] : start;
  return [...order, ...walk(rest.map((number) => points[number]), begin).map((at) => rest[at])];
}

/** Decimetres of the walk in straight lines, the way from `start` to the first stop included. */
export function length(points: readonly Point[], order: readonly number[], start: Point | null): number {
  const stops = order.map((number) => points[number]);
  if (start) stops.unshift(start);
  let sum = 0;
  for (let at = 1; at < stops.length; at++) sum += far(stops[at - 1], stops[at]);
  return sum;
}

function far(one: Point, other: Point): number {
  return Math.sqrt(squared(one, other));
}

function squared(one: Point, other: Point): number {
  const [east, north] = [one[0] - other[0], one[1] - other[1]];
  return east * east + north * north;
}

/** The stops nearest to the four corners around all, each once. */
function firsts(points: readonly Point[]): number[] {
  const [east, north] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const all = points.map((_, number) => number);
  const found: number[] = [];
  for (const y of [Math.min(...north), Math.max(...north)])
    for (const x of [Math.min(...east), Math.max(...east)]) {
      const number = nearest(points, all, [x, y]);
      if (!found.includes(number)) found.push(number);
    }
  return found;
}

/** The nearest of some stops; of equally near ones the lowest number. */
function nearest(points: readonly Point[], among: readonly number[], to: Point): number {
  return among.reduce((best, number) => {
    const [a, b] = [squared(points[number], to), squared(points[best], to)];
    return a < b || (a === b && number < best) ? number : best;
  });
}

export function nearestFirst(points: readonly Point[], start: Point): number[] {
  const left = points.map((_, number) => number);
  const order: number[] = [];
  let here = start;
  while (left.length) {
    const number = nearest(points, left, here);
    left.splice(left.indexOf(number), 1);
    order.push(number);
    here = points[number];
  }
  return order;
}

/** The first stop stays first where there is no start: the walk begins there. */
function improved(points: readonly Point[], order: number[], start: Point | null): number[] {
  const way = order.map((number) => points[number]);
  const stops = start ? [start, ...way] : way;
  const numbers = start ? [-1, ...order] : [-1, ...order.slice(1)];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const turned = turn(stops, numbers);
    const moved = move(stops, numbers);
    if (!turned && !moved) break;
  }
  return start ? numbers.slice(1) : [order[0], ...numbers.slice(1)];
}

/** 2-opt: turn round the stretch from i to j wherever that shortens the walk. Whether anything did. */
function turn(stops: Point[], numbers: number[]): boolean {
  const count = stops.length;
  let shorter = false;
  for (let i = 1; i < count - 1; i++)
    for (let j = i + 1; j < count; j++) {
      const before = stops[i - 1];
      const after = j + 1 < count ? stops[j + 1] : null;
      const old = far(before, stops[i]) + (after ? far(stops[j], after) : 0);
      const now = far(before, stops[j]) + (after ? far(stops[i], after) : 0);
      if (now >= old - LEAST_GAIN) continue;
      for (const row of [stops, numbers] as unknown[][]) row.splice(i, j - i + 1, ...row.slice(i, j + 1).reverse());
      shorter = true;
    }
  return shorter;
}

/** Or-opt: put one to three stops in a row between two others wherever that shortens the walk. */
function move(stops: Point[], numbers: number[]): boolean {
  let shorter = false;
  for (let together = 1; together <= TOGETHER; together++)
    for (let i = 1; i <= stops.length - together; i++) {
      const at = betterPlace(stops, i, together);
      if (at === null) continue;
      for (const row of [stops, numbers] as unknown[][]) row.splice(at + 1, 0, ...row.splice(i, together));
      shorter = true;
    }
  return shorter;
}

/** After which of the other stops (numbered without the moved ones) the stretch lies shortest; null: as it is. */
function betterPlace(stops: readonly Point[], i: number, together: number): number | null {
  const [first, last, before] = [stops[i], stops[i + together - 1], stops[i - 1]];
  const after = i + together < stops.length ? stops[i + together] : null;
  const rest = [...stops.slice(0, i), ...stops.slice(i + together)];
  const saved = far(before, first) + (after ? far(last, after) - far(before, after) : 0);
  let best: number | null = null;
  let least = saved - LEAST_GAIN;
  for (let at = 0; at < rest.length; at++) {
    const following = at + 1 < rest.length ? rest[at + 1] : null;
    const added = far(rest[at], first) + (following ? far(last, following) - far(rest[at], following) : 0);
    if (at !== i - 1 && added < least) [best, least] = [at, added];
  }
  return best;
}
