// The cube of counts as it comes from the server: time bins × rows × columns, and sums over any window of time.

export interface CubeHead {
  /** North-west corner and side of a place bin, metres of the drawing CRS. */
  west: number;
  north: number;
  size: number;
  columns: number;
  rows: number;
  step: Step;
  /** Local start of each time bin: "2026-03-04", "2026-03-04T05", or the hour "05". */
  times: string[];
  /** Days in each time bin; for hours of the day those of the whole period. */
  days: number[];
  /** Bytes a count. */
  bytes: 1 | 2 | 4;
  total: number;
}

export type Step = "hour" | "day" | "week" | "month" | "hour-of-day";

/** A stretch of time bins: `width` of them from `from`; past the last hour of the day comes the first. */
export interface Span {
  from: number;
  width: number;
}

type Counts = Uint8Array | Uint16Array | Uint32Array;

/** Read what `layers.heat.packed` wrote. Throws RangeError where the length does not fit the head. */
export function readCube(bytes: ArrayBuffer): Cube {
  const length = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as CubeHead;
  const kind = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[head.bytes];
  return new Cube(head, new kind(bytes, 4 + length, head.times.length * head.rows * head.columns));
}

export class Cube {
  /** Place bins of one time bin. */
  readonly bins: number;
  /** Plane k holds what happened before time bin k, so that a window is one subtraction a bin. */
  private readonly before: Uint16Array | Uint32Array;

  constructor(
    readonly head: CubeHead,
    counts: Counts,
  ) {
    this.bins = head.rows * head.columns;
    this.before = sumOverTime(counts, this.bins, head.times.length);
  }

  get cyclic(): boolean {
    return this.head.step === "hour-of-day";
  }

  get steps(): number {
    return this.head.times.length;
  }

  /** Incidents of a span in each place bin, into `out`. */
  sumInto(out: Float32Array, { from, width }: Span): void {
    const [start, end] = [from, Math.min(from + width, this.steps)];
    this.addInto(out, start, end, false);
    const over = from + width - this.steps;
    if (this.cyclic && over > 0) this.addInto(out, 0, Math.min(over, from), true);
  }

  private addInto(out: Float32Array, start: number, end: number, more: boolean): void {
    const { before, bins } = this;
    const [low, high] = [start * bins, end * bins];
    if (more) for (let i = 0; i < bins; i++) out[i] += before[high + i] - before[low + i];
    else for (let i = 0; i < bins; i++) out[i] = before[high + i] - before[low + i];
  }

  /** Days in a span: what a count is divided by to be "a day". */
  daysOf({ from, width }: Span): number {
    if (this.cyclic) return this.head.days[0];
    return this.head.days.slice(from, from + width).reduce((sum, days) => sum + days, 0);
  }

  /** Incidents of each time bin within a rectangle of place bins, its ends not included. */
  totals([left, top, right, bottom]: Box): Float64Array {
    const sums = new Float64Array(this.steps + 1);
    for (let k = 1; k <= this.steps; k++) sums[k] = this.sumOf(k * this.bins, left, top, right, bottom);
    return Float64Array.from({ length: this.steps }, (_, k) => sums[k + 1] - sums[k]);
  }

  private sumOf(plane: number, left: number, top: number, right: number, bottom: number): number {
    let sum = 0;
    for (let row = top; row < bottom; row++) {
      const start = plane + row * this.head.columns;
      for (let i = start + left; i < start + right; i++) sum += this.before[i];
    }
    return sum;
  }
}

/** Left, top, right, bottom in place bins. */
export type Box = [left: number, top: number, right: number, bottom: number];

function sumOverTime(counts: Counts, bins: number, steps: number): Uint16Array | Uint32Array {
  // Half the memory wherever no place bin counts more than 16 bits hold.
  const sums = new (largestSum(counts, bins) < 65536 ? Uint16Array : Uint32Array)((steps + 1) * bins);
  for (let i = 0; i < counts.length; i++) sums[i + bins] = sums[i] + counts[i];
  return sums;
}

function largestSum(counts: Counts, bins: number): number {
  const sums = new Uint32Array(bins);
  for (let start = 0; start < counts.length; start += bins) for (let i = 0; i < bins; i++) sums[i] += counts[start + i];
  return sums.reduce((most, sum) => Math.max(most, sum), 0);
}
