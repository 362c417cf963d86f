import type { Shade } from "../drawing/look.ts";
import { classOf, quantileBreaks, summarise, type Class } from "./classes.ts";
import { palette } from "./palette.ts";
import { known, type Figures } from "./values.ts";

const CLASSES = 6;

/** How one set of figures becomes colours. */
export interface Scale {
  breaks: number[];
  classes: Class[];
  colours: string[];
  hidden: number;
  unknown: number;
}

export function scaleOf(figures: Figures): Scale {
  const values = known(figures);
  const breaks = quantileBreaks(values, CLASSES);
  const hidden = figures.rows.filter((row) => row.hidden).length;
  return {
    breaks,
    classes: summarise(values, breaks),
    colours: palette(breaks.length),
    hidden,
    unknown: figures.rows.length - values.length - hidden,
  };
}

export function shadeIn(figures: Figures, scale: Scale): (id: number) => Shade {
  return (id) => {
    const row = figures.byId.get(id);
    if (row?.hidden) return "hidden";
    return row && row.value !== null ? classOf(row.value, scale.breaks) : "none";
  };
}
