import type { Tile } from "../tiles/shapes.ts";
import type { Source } from "../tiles/address.ts";
import type { View } from "./trace.ts";

/** How a place is coloured: a class of the legend, withheld because the count is small, or nothing known. */
export type Shade = number | "hidden" | "none";

/** Added to the class of a figure that rests on little data: dots are laid over its colour. */
export const DOUBTED = 100;

/** What is shown and how, the same for all squares; nothing in it that could not go to another thread. */
export interface Look {
  zoom: number;
  /** Device pixels per CSS pixel. */
  density: number;
  base: boolean; // our own base map, rather than somebody's pictures beneath
  buildings: boolean;
  cells: boolean;
  communities: boolean;
  streets: boolean;
  /** The layer that carries figures: "cells" or a level of areas; null for none. */
  figures: string | null;
  palette: string[];
}

/** A look with the colour of every place, as the page knows it. */
export interface ColouredLook extends Look {
  shadeOf(id: number): Shade;
}

/** The shades of a layer's features: feature i has `distinct[of[i]]`. */
export interface Shades {
  distinct: Shade[];
  of: Uint16Array;
}

/** One data tile as it lies in a square. `shades` are those of its layer that carries figures, if any does. */
export interface Part {
  tile: Tile;
  source: Source;
  shades?: Shades;
}

export type SetName = "base" | "areas" | "cells" | "buildings";
export type Parts = Partial<Record<SetName, Part>>;

/** A canvas of the page, or one of a worker. */
export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** The picture of a square, CSS px: where in it the square begins, and how much smaller than SIDE it is drawn. */
export interface SheetFrame {
  width: number;
  height: number;
  dx: number;
  dy: number;
  shrunk: number;
}

/** A canvas whose units are the data tile's. `px` is how many of its units make one CSS pixel. */
export interface Sheet {
  context: Context;
  px: number;
  view: View;
  look: Look;
  shades?: Shades;
}

/** The set whose places carry the figures of a look, and the layer in it; null for none. */
export function figureLayer({ figures }: Look): [SetName, layer: string] | null {
  if (!figures) return null;
  return figures === "cells" ? ["cells", "cell"] : ["areas", "area"];
}

export function shadesOf(ids: Float64Array, shadeOf: (id: number) => Shade): Shades {
  const known = new Map<Shade, number>();
  const of = new Uint16Array(ids.length);
  for (let i = 0; i < ids.length; i++) {
    const shade = shadeOf(ids[i]);
    let at = known.get(shade);
    if (at === undefined) known.set(shade, (at = known.size));
    of[i] = at;
  }
  return { distinct: [...known.keys()], of };
}
