// One square of the map, from the ground up: land, figures, parks and water, roads, houses, borders. In three layers,
// because new figures change only the one between.
import { SIDE } from "../tiles/address.ts";
import { paintAreaBorders, paintCellBorders } from "./borders.ts";
import { paintBlocks, paintBuildings } from "./buildings.ts";
import { PAPER } from "./carto.ts";
import { hasFigures, paintFigures } from "./figures.ts";
import { paintLand, paintWays } from "./ground.ts";
import type { Context, Look, Part, Parts, SetName, Sheet, SheetFrame } from "./look.ts";

const LEVELS = ["community", "street", "district"];

/** What one square is painted on and from. */
export interface Square {
  context: Context;
  parts: Parts;
  look: Look;
  frame: SheetFrame;
}

/** What lies under the colours of figures, on an empty sheet. */
export function paintUnder(square: Square): void {
  const { context, look } = square;
  if (look.base) {
    context.fillStyle = PAPER;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    on(square, "base", "ground", (sheet, ground) => paintLand(sheet, ground, false));
  }
  // From afar built ground fills whole cells: over the colours it would make them others than the legend's.
  if (look.buildings) on(square, "buildings", "block", paintBlocks);
}

export function paintColours(square: Square): void {
  const { look } = square;
  on(square, "areas", "area", (sheet, areas) => {
    for (const level of LEVELS) if (hasFigures(look, level)) paintFigures(sheet, areas, level);
  });
  if (hasFigures(look, "cells")) on(square, "cells", "cell", (sheet, cells) => paintFigures(sheet, cells));
}

/** What lies over the colours: parks and water, roads, houses, borders. */
export function paintOver(square: Square): void {
  paintTown(square);
  paintBorders(square);
}

function paintTown(square: Square): void {
  const { look } = square;
  if (look.base) {
    on(square, "base", "ground", (sheet, ground) => paintLand(sheet, ground, true));
    on(square, "base", "way", paintWays);
  }
  if (look.buildings) on(square, "buildings", "building", paintBuildings);
}

function paintBorders(square: Square): void {
  if (square.look.cells && square.look.zoom >= 12) on(square, "cells", "cell", paintCellBorders);
  on(square, "areas", "area", paintAreaBorders);
}

/** Paint one layer of a set on a sheet in that set's units. */
function on(
  square: Square,
  set: SetName,
  layer: string,
  paint: (sheet: Sheet, shapes: Part["tile"][string]) => void,
): void {
  const part = square.parts[set];
  const shapes = part?.tile[layer];
  if (part && shapes) paint(sheetOf(square, part), shapes);
}

function sheetOf({ context, look, frame }: Square, { source, shades }: Part): Sheet {
  const { scale, left, top } = source;
  const { density } = look;
  const shown = scale * frame.shrunk;
  const zoomed = shown * density;
  const [x, y] = [frame.dx - left * frame.shrunk, frame.dy - top * frame.shrunk];
  context.setTransform(zoomed, 0, 0, zoomed, x * density, y * density);
  const margin = 40 / shown; // px beyond the square that a line's width or a shadow reaches
  const view = {
    west: left / scale - margin,
    north: top / scale - margin,
    east: (left + SIDE) / scale + margin,
    south: (top + SIDE) / scale + margin,
  };
  return { context, px: 1 / shown, view, look, shades };
}
