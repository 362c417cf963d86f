// Palettes from light to dark. Lightness falls evenly in OKLab (Björn Ottosson, "A perceptual color space for image
// processing", 2020), so the order survives colour blindness and a grey print. The first is warm in all its hues, so
// no class is taken for water or a park; the others are for those who want another.

type Triple = [number, number, number];

const STOPS = {
  warm: ["#fbf0d4", "#f8cf86", "#ee9c57", "#d4624a", "#a3364f", "#5e1f4e"],
  sea: ["#eef6d3", "#c0e2b4", "#7fcdbb", "#3d9fbf", "#2a66a4", "#1c2f6e"],
  violet: ["#f6effa", "#dcc6ea", "#bd97d6", "#9865bb", "#713b98", "#451467"],
  grey: ["#f2f2f0", "#cfcfcc", "#a3a3a0", "#777775", "#4c4c4b", "#232323"],
};
/** Orange for more, blue for less: told apart with every kind of colour blindness. */
const LESS = ["#e9eef2", "#a9cbe4", "#5f9ccb", "#2a65a2", "#123a6b"];
const MORE = ["#f4ece2", "#f6c48c", "#e58a3c", "#b3530f", "#6f2f05"];
const UNCHANGED = "#f1efe9";

export const PALETTES = Object.keys(STOPS) as PaletteName[];
export type PaletteName = keyof typeof STOPS;

/**
 * `count` colours from the lightest to the darkest, or the other way round. A single class is no high one: it has a
 * light colour, yet one that is seen.
 */
export function palette(count: number, name: PaletteName = "warm", reversed = false): string[] {
  const shares = Array.from({ length: count }, (_, i) => (count === 1 ? 0.2 : 0.03 + (0.8 * i) / (count - 1)));
  const colours = shares.map((share) => at(STOPS[name], share));
  return reversed ? colours.reverse() : colours;
}

/** Colours for `sides` classes of less, one of no change and as many of more. */
export function diverging(sides: number): string[] {
  const shares = Array.from({ length: sides }, (_, i) => (sides === 1 ? 0.5 : 0.2 + (0.65 * i) / (sides - 1)));
  return [...shares.map((share) => at(LESS, share)).reverse(), UNCHANGED, ...shares.map((share) => at(MORE, share))];
}

/** The colour at a share of the way, by lightness: 0 lightest, 1 darkest. */
function at(colours: readonly string[], share: number): string {
  const stops = colours.map(toLab);
  const lightness = stops[0][0] + (stops[stops.length - 1][0] - stops[0][0]) * share;
  const k = Math.min(
    stops.findLastIndex((stop) => stop[0] >= lightness - 1e-9),
    stops.length - 2,
  );
  const within = (lightness - stops[k][0]) / (stops[k + 1][0] - stops[k][0]);
  return fromLab(stops[k].map((value, i) => value + (stops[k + 1][i] - value) * within) as Triple);
}

export function toLab(hex: string): Triple {
  const [r, g, b] = [1, 3, 5].map((start) => linear(parseInt(hex.slice(start, start + 2), 16) / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromLab([lightness, a, b]: Triple): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${rgb.map((value) => twoDigits(encoded(value))).join("")}`;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function encoded(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

function twoDigits(value: number): string {
  const byte = Math.round(Math.min(1, Math.max(0, value)) * 255);
  return byte.toString(16).padStart(2, "0");
}
