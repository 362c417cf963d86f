import type { Tile } from "../tiles/shapes.ts";
import type { Source } from "../tiles/address.ts";
import type { View } from "./trace.ts";

/** How a place is coloured: a class of the legend, withheld because the count is small, or nothing known. */
export type Shade = number | "hidden" | "none";

/** What is shown and how, the same for all squares. */
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
  shadeOf(id: number): Shade;
}

/** One data tile as it lies in a square. */
export interface Part {
  tile: Tile;
  source: Source;
}

export type Parts = Partial<Record<"base" | "areas" | "cells" | "buildings", Part>>;

/** A canvas whose units are the data tile's. `px` is how many of its units make one CSS pixel. */
export interface Sheet {
  context: CanvasRenderingContext2D;
  px: number;
  view: View;
  look: Look;
}
