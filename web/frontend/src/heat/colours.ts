// Density to colour: the map's own palette, whose lightness falls evenly, so that the order survives colour blindness;
// the least is see-through, so that the map stays readable where little happens.
import { palette } from "../figures/palette.ts";

const STEPS = 256;
const STRONGEST = 0.86;
/** Share of the top at which the colour has all its strength. */
const FULL_AT = 0.3;

/** 256 colours as the bytes of an ImageData pixel lie in memory (little endian: ABGR). */
export function colourTable(): Uint32Array {
  return Uint32Array.from(palette(STEPS), (hex, i) => {
    const [r, g, b] = [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
    const alpha = i === 0 ? 0 : Math.round(255 * opacity(i / (STEPS - 1)));
    return ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}

/** How solid the colour at a share of the top is, 0 to 1. */
export function opacity(share: number): number {
  const t = Math.min(1, share / FULL_AT);
  return STRONGEST * t * (2 - t);
}

/** Colour `density` into the pixels of an image; at and above `top` is the darkest. */
export function colourInto(pixels: Uint32Array, density: Float32Array, top: number, table: Uint32Array): void {
  const scale = top > 0 ? (STEPS - 1) / top : 0;
  for (let i = 0; i < pixels.length; i++) {
    const step = density[i] * scale;
    pixels[i] = table[step >= STEPS - 1 ? STEPS - 1 : step | 0];
  }
}

/** The same colours as a CSS gradient, for the legend. */
export function gradient(): string {
  const stops = palette(STEPS).filter((_, i) => i % 15 === 0);
  const shown = stops.map((hex, i) => {
    const share = i / (stops.length - 1);
    return `color-mix(in srgb, ${hex} ${Math.round(100 * opacity(share))}%, transparent)`;
  });
  return `linear-gradient(to right, ${shown.join(", ")})`;
}
