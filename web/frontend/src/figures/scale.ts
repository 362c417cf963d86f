// How one set of figures becomes colours: by their size, by how much they changed, or by what they are.
import { DOUBTED, type Shade } from "../drawing/look.ts";
import { breaksBy, classOf, quantileBreaks, summarise, type Class } from "./classes.ts";
import { diverging, palette } from "./palette.ts";
import { PLAIN, type Style } from "./style.ts";
import { DOUBTFUL, HIDDEN, known, type Figures } from "./values.ts";

/** In `Scale.shades`, beside the numbers of classes. */
const WITHHELD = 254;
const NOTHING = 255;

export interface Scale {
  /** Upper ends of the classes, ascending; empty where changes or categories are shown. */
  breaks: number[];
  classes: Class[];
  colours: string[];
  /** For each row of the figures its class. */
  shades: Uint8Array;
  /** How many of the coloured rest on little data. */
  doubted: number;
  hidden: number;
  unknown: number;
  /** The class without a change, where changes are shown. */
  middle: number | null;
}

interface Classing {
  breaks: number[];
  colours: string[];
  classAt(figure: number): number;
  middle: number | null;
}

export function scaleOf(figures: Figures, style: Style = PLAIN): Scale {
  const values = known(figures);
  const { breaks, colours, classAt, middle } = classingOf(figures, values, style);
  const hidden = figures.state.reduce((sum, state) => sum + Number(state === HIDDEN), 0);
  return {
    breaks,
    classes: summarise(values, colours.length, classAt),
    colours,
    shades: shadesOf(figures, classAt),
    doubted: figures.state.reduce((sum, state) => sum + Number(state === DOUBTFUL), 0),
    hidden,
    unknown: figures.values.length - values.length - hidden,
    middle,
  };
}

function classingOf(figures: Figures, values: Float32Array, style: Style): Classing {
  if (figures.classes.length)
    return { breaks: [], colours: figures.classes.map((one) => one.colour), classAt: (figure) => figure, middle: null };
  if (figures.compare) return changeClasses(values, Math.floor(style.count / 2));
  const breaks = breaksBy(style.method, values, style.count, style.own[figures.indicator]);
  const colours = palette(breaks.length, style.palette, style.reversed);
  return { breaks, colours, classAt: (figure) => classOf(figure, breaks), middle: null };
}

/** As many classes of less as of more, equally wide on both sides, so that a colour means the same amount. */
function changeClasses(values: Float32Array, sides: number): Classing {
  const amounts = quantileBreaks(
    values.filter((value) => value !== 0).map((value) => Math.abs(value)),
    sides,
  );
  const middle = amounts.length;
  const classAt = (change: number) =>
    change === 0 ? middle : middle + Math.sign(change) * (1 + classOf(Math.abs(change), amounts));
  return { breaks: [], colours: values.length ? diverging(middle) : [], classAt, middle };
}

function shadesOf({ shown, state }: Figures, classAt: Classing["classAt"]): Uint8Array {
  const shades = new Uint8Array(shown.length);
  for (let row = 0; row < shades.length; row++) {
    if (state[row] === HIDDEN) shades[row] = WITHHELD;
    else shades[row] = Number.isNaN(shown[row]) ? NOTHING : classAt(shown[row]);
  }
  return shades;
}

/** How a tile's place is coloured. With a class held up (`lit`) only that class is. */
export function shadeIn({ list, state }: Figures, { shades }: Scale, lit: number | null = null): (id: number) => Shade {
  return (id) => {
    const row = list.rowOfId.get(id);
    if (row === undefined || shades[row] === NOTHING || (lit !== null && shades[row] !== lit)) return "none";
    if (shades[row] === WITHHELD) return "hidden";
    return state[row] === DOUBTFUL ? DOUBTED + shades[row] : shades[row];
  };
}
