// Finding tiles by where they are: a grid of buckets over their boxes.

/** West, south, east, north. */
export type Box = [number, number, number, number];

export class Spots {
  private readonly starts: Uint32Array;
  private readonly rows: Uint32Array;
  private readonly wide: number;
  private readonly high: number;
  private readonly side: number;
  private readonly marks: Uint32Array;
  private mark = 0;

  constructor(
    private readonly boxes: Float32Array,
    readonly whole: Box,
  ) {
    const count = boxes.length / 4;
    const [width, height] = [Math.max(whole[2] - whole[0], 1), Math.max(whole[3] - whole[1], 1)];
    this.side = Math.max(Math.sqrt((width * height) / Math.max(count, 1)), 1);
    this.wide = Math.ceil(width / this.side) + 1;
    this.high = Math.ceil(height / this.side) + 1;
    const starts = new Uint32Array(this.wide * this.high + 1);
    for (let row = 0; row < count; row++) this.over(row, (bucket) => starts[bucket + 1]++);
    for (let k = 1; k < starts.length; k++) starts[k] += starts[k - 1];
    const next = starts.slice();
    this.rows = new Uint32Array(starts[starts.length - 1]);
    for (let row = 0; row < count; row++) this.over(row, (bucket) => (this.rows[next[bucket]++] = row));
    this.starts = starts;
    this.marks = new Uint32Array(count);
  }

  /** Every tile whose box meets a box, once each. */
  within([west, south, east, north]: Box): number[] {
    const { boxes } = this;
    const found: number[] = [];
    this.mark++;
    const [left, right] = [this.column(west), this.column(east)];
    for (let j = this.line(south); j <= this.line(north); j++)
      for (let k = this.starts[j * this.wide + left]; k < this.starts[j * this.wide + right + 1]; k++) {
        const row = this.rows[k];
        if (this.marks[row] === this.mark) continue;
        this.marks[row] = this.mark;
        const at = 4 * row;
        if (boxes[at] <= east && boxes[at + 2] >= west && boxes[at + 1] <= north && boxes[at + 3] >= south) found.push(row);
      }
    return found;
  }

  private over(row: number, hear: (bucket: number) => void): void {
    const at = 4 * row;
    const [left, right] = [this.column(this.boxes[at]), this.column(this.boxes[at + 2])];
    for (let j = this.line(this.boxes[at + 1]); j <= this.line(this.boxes[at + 3]); j++)
      for (let i = left; i <= right; i++) hear(j * this.wide + i);
  }

  private column(x: number): number {
    return Math.min(Math.max(Math.floor((x - this.whole[0]) / this.side), 0), this.wide - 1);
  }

  private line(y: number): number {
    return Math.min(Math.max(Math.floor((y - this.whole[1]) / this.side), 0), this.high - 1);
  }
}
