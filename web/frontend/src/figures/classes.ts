// Classes of a choropleth: where one colour ends and the next begins.

export interface Class {
  /** Smallest and largest figure that fell into it; Infinity and −Infinity where none did. */
  from: number;
  to: number;
  count: number;
}

export const METHODS = ["quantile", "natural", "equal", "own"] as const;
export type Method = (typeof METHODS)[number];

/**
 * Upper ends of up to `wanted` classes, ascending; the last is not below the maximum. `own` are the ends a reader typed.
 */
export function breaksBy(
  method: Method,
  figures: ArrayLike<number>,
  wanted: number,
  own: readonly number[] = [],
): number[] {
  if (!figures.length) return [];
  if (method === "natural") return naturalBreaks(figures, wanted);
  if (method === "equal") return equalBreaks(figures, wanted);
  return method === "own" && own.length ? ownBreaks(figures, own) : quantileBreaks(figures, wanted);
}

/** Each colour about as frequent as the next. Equal figures never part, so there are fewer where figures repeat. */
export function quantileBreaks(figures: ArrayLike<number>, wanted: number): number[] {
  const sorted = Float64Array.from(figures).sort();
  if (!sorted.length) return [];
  const breaks = new Set<number>();
  for (let k = 1; k <= wanted; k++) breaks.add(sorted[Math.ceil((k * sorted.length) / wanted) - 1]);
  return [...breaks];
}

/** Each class as wide as the next. */
export function equalBreaks(figures: ArrayLike<number>, wanted: number): number[] {
  const [least, most] = endsOf(figures);
  if (least === most) return [most];
  const breaks = Array.from({ length: wanted }, (_, k) => least + ((most - least) * (k + 1)) / wanted);
  breaks[wanted - 1] = most;
  return breaks;
}

/** The reader's ends, and the maximum where it lies above them. Ends above the maximum stay: the legend says them. */
export function ownBreaks(figures: ArrayLike<number>, own: readonly number[]): number[] {
  const [, most] = endsOf(figures);
  const breaks = [...new Set(own)].sort((a, b) => a - b);
  return breaks[breaks.length - 1] < most ? [...breaks, most] : breaks;
}

/** What a reader typed as ends: numbers parted by commas, spaces or semicolons. Null where one of them is none. */
export function readBreaks(text: string): number[] | null {
  const parts = text.split(/[,，;；、\s]+/).filter(Boolean);
  const numbers = parts.map(Number);
  return parts.length && parts.length <= 9 && numbers.every(Number.isFinite) ? numbers : null;
}

function endsOf(figures: ArrayLike<number>): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (let row = 0; row < figures.length; row++) {
    least = Math.min(least, figures[row]);
    most = Math.max(most, figures[row]);
  }
  return [least, most];
}

/**
 * The partition into `wanted` classes with the least sum of squared deviations from the class means: W. D. Fisher,
 * "On grouping for maximum homogeneity", J. Am. Stat. Assoc. 53 (1958) 789–798, known as Jenks' natural breaks. Exact,
 * in O(k n log n): the best cut never moves left when an item is added, so each row of the table is filled by halves.
 */
export function naturalBreaks(figures: ArrayLike<number>, wanted: number): number[] {
  const { values, weights } = distinct(figures);
  const n = values.length;
  if (n <= wanted) return [...values];
  const within = deviations(values, weights);
  let best = Float64Array.from(values, (_, i) => within(0, i));
  const cuts: Int32Array[] = [];
  for (let k = 1; k < wanted; k++) {
    const [next, cut] = [new Float64Array(n).fill(Infinity), new Int32Array(n)];
    fillRow(best, next, cut, within, k, n - 1, k, n - 1);
    cuts.push(cut);
    best = next;
  }
  const ends = [n - 1];
  for (let k = wanted - 2; k >= 0; k--) ends.unshift(cuts[k][ends[0]] - 1);
  return ends.map((i) => values[i]);
}

type Within = (from: number, to: number) => number;

/** `next[i]`: the least deviation of items 0…i with one class more than in `before`, the last one from `cut[i]` on. */
function fillRow(
  before: Float64Array,
  next: Float64Array,
  cut: Int32Array,
  within: Within,
  first: number,
  last: number,
  low: number,
  high: number,
): void {
  if (first > last) return;
  const i = (first + last) >> 1;
  for (let j = Math.max(low, 1); j <= Math.min(i, high); j++) {
    const sum = before[j - 1] + within(j, i);
    if (sum < next[i]) [next[i], cut[i]] = [sum, j];
  }
  fillRow(before, next, cut, within, first, i - 1, low, cut[i]);
  fillRow(before, next, cut, within, i + 1, last, cut[i], high);
}

/** Equal figures are one item that counts as often as they are. */
function distinct(figures: ArrayLike<number>): { values: number[]; weights: number[] } {
  const values: number[] = [];
  const weights: number[] = [];
  for (const figure of Float64Array.from(figures).sort()) {
    if (figure !== values[values.length - 1]) [values.push(figure), weights.push(0)];
    weights[weights.length - 1]++;
  }
  return { values, weights };
}

/** Sum of squared deviations from the mean over a run of items, from running sums; values are moved to their middle. */
function deviations(values: number[], weights: number[]): Within {
  const middle = values[values.length >> 1];
  const [count, sum, square] = [0, 1, 2].map(() => new Float64Array(values.length + 1));
  values.forEach((value, i) => {
    const moved = value - middle;
    count[i + 1] = count[i] + weights[i];
    sum[i + 1] = sum[i] + weights[i] * moved;
    square[i + 1] = square[i] + weights[i] * moved * moved;
  });
  return (from, to) => {
    const total = sum[to + 1] - sum[from];
    const deviation = square[to + 1] - square[from] - (total * total) / (count[to + 1] - count[from]);
    return Math.max(0, deviation);
  };
}

/** Index of the class a figure falls in: the first whose upper end is not below it. */
export function classOf(figure: number, breaks: readonly number[]): number {
  let low = 0;
  let high = breaks.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (figure <= breaks[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What the legend says of each class. Every figure is in exactly one. */
export function summarise(
  figures: ArrayLike<number>,
  classes: number,
  classAt: (figure: number) => number,
): Class[] {
  const found = Array.from({ length: classes }, () => ({ from: Infinity, to: -Infinity, count: 0 }));
  for (let row = 0; row < figures.length; row++) {
    const one = found[classAt(figures[row])];
    one.from = Math.min(one.from, figures[row]);
    one.to = Math.max(one.to, figures[row]);
    one.count += 1;
  }
  return found;
}
