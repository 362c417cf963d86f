// What the colours of the map say: which cell is which, how far each is from what is wanted, or where the homes are.
import { FILLS } from "./colouring.ts";
import { percent, verdict } from "./columns.ts";
import type { Plan } from "./model.ts";
import type { Row } from "./settings.ts";
import { t } from "./words.ts";

export type ShadingName = "cells" | "deviation" | "homes";

export interface Shading {
  fills: string[];
  alpha: number;
  /** The place of a tile in `fills`, −1 for the sign of no cell. */
  of(row: number): number;
  /** What stands below the number of a cell, and from how many px of room on. */
  say(number: number): string;
  room: number;
  /** The fill of a cell beside its name, "" for none. */
  swatch(number: number): string;
  /** What the fills mean; none where the numbers on the map say it. */
  legend(): { fill: string; word: string }[];
}

/** Blue for too little, red for too much, pale for what fits; and from few to many. Both after ColorBrewer, which tests them for colour blindness. */
const DEVIATIONS = ["#2166ac", "#92c5de", "#f7f4e8", "#f4a582", "#b2182b"];
const HOMES = ["#f4f2f8", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f"];
const FITS = 2;
const HECTARE = 10_000;

export function shadingOf(name: ShadingName, plan: Plan, wished: () => Map<number, Row> | null): Shading {
  if (name === "deviation") return byDeviation(plan, wished);
  return name === "homes" ? byHomes(plan) : byCell(plan);
}

function byCell(plan: Plan): Shading {
  const of = (number: number) => plan.colours.get(number) ?? -1;
  return { fills: FILLS, alpha: 0.5, room: 90, of: (row) => of(plan.ground.cell[row]), say: (number) => plan.shortName(number), swatch: (number) => FILLS[Math.max(0, of(number))], legend: () => [] };
}

function byDeviation(plan: Plan, wished: () => Map<number, Row> | null): Shading {
  const deviation = (number: number) => (wished()?.get(number) ?? plan.figures.get(number))?.deviation ?? 0;
  const of = (number: number) => (plan.cells.has(number) ? classOf(deviation(number), plan.standing.tolerance) : -1);
  const legend = () => {
    const [once, twice] = [1, 2].map((times) => Math.round(100 * times * plan.standing.tolerance));
    const words = [t("少 {to}% 以上", { to: twice }), t("少 {from}%–{to}%", { from: once, to: twice }), t("±{to}% 以内", { to: once }), t("多 {from}%–{to}%", { from: once, to: twice }), t("多 {to}% 以上", { to: twice })];
    return words.map((word, k) => ({ fill: DEVIATIONS[k], word }));
  };
  return { fills: DEVIATIONS, alpha: 0.66, room: 44, of: (row) => of(plan.ground.cell[row]), say: (number) => percent(deviation(number)), swatch: (number) => DEVIATIONS[of(number)] ?? "", legend };
}

/** The place in `DEVIATIONS`. */
export function classOf(deviation: number, tolerance: number): number {
  const away = { good: 0, off: 1, far: 2 }[verdict(deviation, tolerance)];
  return FITS + Math.sign(deviation) * away;
}

function byHomes(plan: Plan): Shading {
  const say = (number: number) => t("{count} 户", { count: Math.round(plan.figures.get(number)?.households ?? 0) });
  const legend = () => {
    const steps = densities(plan).steps;
    const words = [t("没有住户"), ...[0, ...steps].map((from, k) => (k < steps.length ? t("{from}–{to} 户/公顷", { from, to: steps[k] }) : t("{from} 户/公顷以上", { from })))];
    return words.map((word, k) => ({ fill: HOMES[k], word }));
  };
  return { fills: HOMES, alpha: 0.66, room: 60, of: (row) => densities(plan).classes[row], say, swatch: () => "", legend };
}

interface Densities {
  steps: number[];
  classes: Uint8Array;
}

/** By the households they are of. */
const known = new WeakMap<Float32Array, Densities>();

/** Households a hectare of each tile, in classes: none, and as many tiles in each of the others. */
function densities(plan: Plan): Densities {
  const { ground } = plan;
  const { households } = ground.columns;
  const found = known.get(households);
  if (found) return found;
  // On the map a metre is longer than on the ground: the figures of cells are of the ground.
  const drawn = ground.areas.reduce((one, other) => one + other, 0);
  const real = [...plan.figures.values()].reduce((sum, row) => sum + (row.area ?? 0), 0);
  const hectare = (HECTARE * drawn) / (real || drawn);
  const density = Float64Array.from(households, (count, row) => (count * hectare) / Math.max(ground.areas[row], 1e-9));
  const steps = quarters(density.filter((one) => one > 0).sort());
  const made = { steps, classes: Uint8Array.from(density, (one) => (one > 0 ? 1 + steps.filter((step) => one >= step).length : 0)) };
  known.set(households, made);
  return made;
}

/** Whole numbers that part sorted values into four, each once. */
export function quarters(sorted: ArrayLike<number>): number[] {
  const at = [0.25, 0.5, 0.75].map((share) => Math.round(sorted[Math.floor(share * sorted.length)] ?? 0));
  return [...new Set(at)].filter((step) => step > 0);
}
