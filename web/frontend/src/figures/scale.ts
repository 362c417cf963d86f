import type { Shade } from "../drawing/look.ts";
import { classOf, quantileBreaks, summarise, type Class } from "./classes.ts";
import { palette } from "./palette.ts";
import { HIDDEN, known, type Figures } from "./values.ts";

const CLASSES = 6;
/** In `Scale.shades`, beside the numbers of classes. */
const WITHHELD = 254;
const NOTHING = 255;

/** How one set of figures becomes colours. */
export interface Scale {
  /** Upper ends of the classes, ascending; of categories their numbers. */
  breaks: number[];
  classes: Class[];
  colours: string[];
  /** For each row of the figures its class. */
  shades: Uint8Array;
  hidden: number;
  unknown: number;
}

export function scaleOf(figures: Figures): Scale {
  const values = known(figures);
  const categories = figures.classes;
  const breaks = categories.length ? categories.map((_, i) => i) : quantileBreaks(values, CLASSES);
  const hidden = figures.state.reduce((sum, state) => sum + Number(state === HIDDEN), 0);
  return {
    breaks,
    classes: summarise(values, breaks),
    colours: categories.length ? categories.map((one) => one.colour) : palette(breaks.length),
    shades: shadesOf(figures, breaks),
    hidden,
    unknown: figures.values.length - values.length - hidden,
  };
}

function shadesOf({ values, state }: Figures, breaks: readonly number[]): Uint8Array {
  const shades = new Uint8Array(values.length);
  for (let row = 0; row < shades.length; row++) {
    if (state[row] === HIDDEN) shades[row] = WITHHELD;
    else shades[row] = Number.isNaN(values[row]) ? NOTHING : classOf(values[row], breaks);
  }
  return shades;
}

export function shadeIn({ list }: Figures, { shades }: Scale): (id: number) => Shade {
  return (id) => {
    const row = list.rowOfId.get(id);
    if (row === undefined || shades[row] === NOTHING) return "none";
    return shades[row] === WITHHELD ? "hidden" : shades[row];
  };
}
