// The smooth surface of one window of time: incidents per km² of true ground and day.
import { blur } from "./blur.ts";
import type { Cube, Span } from "./cube.ts";
import { eastingAt, groundKm2, groundScale, latitudeAt, northingAt } from "./ground.ts";

/** Below this share of the top a place is taken for empty: the far end of a blur is no finding. */
const FAINT = 0.002;
const SAMPLES = 12;

export class Surface {
  /** Incidents per km² and day in each place bin, rows from the north. */
  readonly density: Float32Array;
  private readonly spare: Float32Array;
  private readonly km2: Float32Array;
  private readonly metresPerBin: number;

  constructor(readonly cube: Cube) {
    const { north, size, rows } = cube.head;
    this.density = new Float32Array(cube.bins);
    this.spare = new Float32Array(cube.bins);
    this.km2 = groundKm2(north, size, rows);
    this.metresPerBin = size * groundScale(latitudeAt(north - (rows * size) / 2))[0];
  }

  /** Make it the surface of a span, smoothed by a standard deviation of `metres` on the ground. */
  show(span: Span, metres: number): void {
    const { columns, rows } = this.cube.head;
    this.cube.sumInto(this.density, span);
    blur(this.density, this.spare, columns, rows, metres / this.metresPerBin);
    const days = Math.max(this.cube.daysOf(span), 1e-9);
    for (let row = 0, i = 0; row < rows; row++) {
      const scale = 1 / (this.km2[row] * days);
      for (const end = i + columns; i < end; i++) this.density[i] *= scale;
    }
  }

  /**
   * A top for the colours that holds for the whole period: 99.5 % of all places that are not empty lie below it, in
   * spans of this width taken evenly over the period. The surface is another one afterwards.
   */
  topFor(width: number, metres: number): number {
    const { cube, density } = this;
    const last = cube.cyclic ? cube.steps - 1 : Math.max(0, cube.steps - width);
    const samples = Math.min(SAMPLES, last + 1);
    const found = new Float32Array(samples * density.length);
    let count = 0;
    for (let k = 0; k < samples; k++) {
      this.show({ from: samples > 1 ? Math.round((k * last) / (samples - 1)) : 0, width }, metres);
      const faint = FAINT * mostOf(density);
      for (let i = 0; i < density.length; i++) if (density[i] > faint) found[count++] = density[i];
    }
    return quantile(found.subarray(0, count), 0.995);
  }

  /** The density at a place; null outside the cube. */
  at(lat: number, lng: number): number | null {
    const { west, north, size, columns, rows } = this.cube.head;
    const column = Math.floor((eastingAt(lng) - west) / size);
    const row = Math.floor((north - northingAt(lat)) / size);
    const inside = column >= 0 && row >= 0 && column < columns && row < rows;
    return inside ? this.density[row * columns + column] : null;
  }
}

const BINS = 4096;

/** The value below which a share of the values lies; 0 where there are none. Sorts only the few that are near it. */
export function quantile(values: Float32Array, share: number): number {
  if (!values.length) return 0;
  const scale = (BINS - 1) / (mostOf(values) || 1);
  const counts = new Uint32Array(BINS);
  for (let i = 0; i < values.length; i++) counts[(values[i] * scale) | 0]++;
  let before = 0;
  let bin = 0;
  const wanted = Math.min(values.length - 1, Math.floor(share * values.length));
  while (before + counts[bin] <= wanted) before += counts[bin++];
  return values.filter((value) => ((value * scale) | 0) === bin).sort()[wanted - before];
}

function mostOf(values: Float32Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}
