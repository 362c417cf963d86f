// Minutes in classes around the limit: shades of green within, of orange beyond. The two families stay apart for every
// kind of colour blindness, and lightness tells the order inside each.
import type { Homes } from "./settings.ts";

export interface MinuteClass {
  from: number;
  /** Infinity for the last. */
  to: number;
  colour: string;
  count: number;
}

const COLOURS = ["#01665e", "#4aa69b", "#b4ddd4", "#f2b968", "#d4722a", "#87300f"];
const STEPS = [1 / 3, 2 / 3, 1, 4 / 3, 2, Infinity];

export function classesFor(minutes: number, homes: Homes | null): MinuteClass[] {
  const classes = STEPS.map((step, i) => ({ from: i ? STEPS[i - 1] * minutes : 0, to: step * minutes, colour: COLOURS[i], count: 0 }));
  for (const tenths of homes?.tenths ?? []) if (tenths >= 0) classes[classAt(tenths, minutes)].count++;
  return classes;
}

/** The class of a walk; a walk of exactly the limit is within it. */
export function classAt(tenths: number, minutes: number): number {
  return STEPS.findIndex((step) => tenths / 10 <= step * minutes + 1e-9);
}
