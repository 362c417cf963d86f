// Which tile lies across each piece of a border. Tiles cover their ground exactly, so a piece of border belongs to one
// tile or to two, and the two have it point for point.

/** Rings one after another, closed: ring r has the points from `start[r]` to `start[r + 1]`, and belongs to tile `tile[r]`. */
export interface Rings {
  xy: Float32Array;
  start: Uint32Array;
  tile: Uint32Array;
}

/** For the piece from each point to the next of its ring: the row of the tile across it, −1 where none is. */
export function across({ xy, start, tile }: Rings): Int32Array {
  const count = xy.length / 2;
  const point = pointNumbers(xy, count);
  const found = new Int32Array(count).fill(-1);
  const size = powerAbove(count * 2);
  const table = new Int32Array(size).fill(-1);
  const owner = new Int32Array(count);
  for (let ring = 0; ring < tile.length; ring++) {
    for (let k = start[ring]; k < start[ring + 1] - 1; k++) {
      owner[k] = tile[ring];
      const [a, b] = [point[k], point[k + 1]];
      if (a === b) continue;
      const [low, high] = a < b ? [a, b] : [b, a];
      let at = mixed(low, high) & (size - 1);
      for (;;) {
        const other = table[at];
        if (other < 0) {
          table[at] = k;
          break;
        }
        if (found[other] < 0 && joins(point, other, low, high) && owner[other] !== tile[ring]) {
          found[other] = tile[ring];
          found[k] = owner[other];
          break;
        }
        at = (at + 1) & (size - 1);
      }
    }
  }
  return found;
}

/** Whether a piece of border joins two points; a hole may run the same way round as what fills it. */
function joins(point: Int32Array, k: number, low: number, high: number): boolean {
  const [a, b] = [point[k], point[k + 1]];
  return (a === low && b === high) || (a === high && b === low);
}

/** A number for every point, the same for points that lie at the same place. */
function pointNumbers(xy: Float32Array, count: number): Int32Array {
  const size = powerAbove(count * 2);
  const table = new Int32Array(size).fill(-1);
  const bits = new Int32Array(xy.buffer, xy.byteOffset, xy.length);
  const numbers = new Int32Array(count);
  for (let k = 0; k < count; k++) {
    const [x, y] = [bits[2 * k], bits[2 * k + 1]];
    let at = mixed(x, y) & (size - 1);
    for (;;) {
      const other = table[at];
      if (other < 0) {
        table[at] = k;
        numbers[k] = k;
        break;
      }
      if (bits[2 * other] === x && bits[2 * other + 1] === y) {
        numbers[k] = other;
        break;
      }
      at = (at + 1) & (size - 1);
    }
  }
  return numbers;
}

function mixed(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return h ^ (h >>> 13);
}

function powerAbove(least: number): number {
  let size = 16;
  while (size < least) size *= 2;
  return size;
}
