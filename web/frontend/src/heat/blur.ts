// Smoothing by three box blurs each way, which is close to a Gaussian and costs the same for every bandwidth. The boxes
// have fractional ends, so that every bandwidth is met and not only those of whole boxes: P. Gwosdek, S. Grewenig,
// A. Bruhn, J. Weickert, "Theoretical foundations of Gaussian convolution by extended box filtering" (2011).

const PASSES = 3;

export interface BoxShape {
  /** Whole bins to either side of the middle. */
  radius: number;
  /** Weight of the next bin on either side, 0 to 1. */
  edge: number;
}

/** The box that, applied three times, spreads by a standard deviation of `sigma` bins. */
export function boxFor(sigma: number): BoxShape {
  const variance = (sigma * sigma) / PASSES;
  const radius = Math.floor((Math.sqrt(1 + 12 * variance) - 1) / 2);
  const width = 2 * radius + 1;
  const own = (radius * (radius + 1) * width) / 3;
  const edge = (variance * width - own) / (2 * ((radius + 1) ** 2 - variance));
  return { radius, edge };
}

/** Smooth `field` (rows × columns) in place; nothing lies outside it. `spare` is as large and is overwritten. */
export function blur(field: Float32Array, spare: Float32Array, columns: number, rows: number, sigma: number): void {
  if (sigma <= 0) return;
  const box = boxFor(sigma);
  alongRows(field, spare, columns, rows, box);
  alongRows(spare, field, columns, rows, box);
  alongRows(field, spare, columns, rows, box);
  alongColumns(spare, field, columns, rows, box);
  alongColumns(field, spare, columns, rows, box);
  alongColumns(spare, field, columns, rows, box);
}

function alongRows(from: Float32Array, to: Float32Array, columns: number, rows: number, { radius, edge }: BoxShape): void {
  const scale = 1 / (2 * radius + 1 + 2 * edge);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const end = start + columns;
    let sum = 0;
    for (let i = start; i < Math.min(end, start + radius); i++) sum += from[i];
    for (let i = start; i < end; i++) {
      const [ahead, behind] = [i + radius, i - radius - 1];
      if (ahead < end) sum += from[ahead];
      const far = (ahead + 1 < end ? from[ahead + 1] : 0) + (behind >= start ? from[behind] : 0);
      to[i] = (sum + edge * far) * scale;
      if (i - radius >= start) sum -= from[i - radius];
    }
  }
}

/** Row by row over all columns at once, so that memory is read in order. */
function alongColumns(from: Float32Array, to: Float32Array, columns: number, rows: number, { radius, edge }: BoxShape): void {
  const scale = 1 / (2 * radius + 1 + 2 * edge);
  const sums = new Float64Array(columns);
  const add = (row: number, sign: number) => {
    for (let i = 0, at = row * columns; i < columns; i++, at++) sums[i] += sign * from[at];
  };
  for (let row = 0; row < Math.min(rows, radius); row++) add(row, 1);
  for (let row = 0; row < rows; row++) {
    const [ahead, behind] = [row + radius, row - radius - 1];
    if (ahead < rows) add(ahead, 1);
    const [after, before] = [ahead + 1 < rows ? (ahead + 1) * columns : -1, behind >= 0 ? behind * columns : -1];
    for (let i = 0, at = row * columns; i < columns; i++, at++) {
      const far = (after < 0 ? 0 : from[after + i]) + (before < 0 ? 0 : from[before + i]);
      to[at] = (sums[i] + edge * far) * scale;
    }
    if (row - radius >= 0) add(row - radius, -1);
  }
}
