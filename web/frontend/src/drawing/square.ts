// One square of the map, from the ground up: land, figures, parks and water, roads, houses, borders.
import { SIDE } from "../tiles/address.ts";
import { paintAreaBorders, paintCellBorders } from "./borders.ts";
import { paintBuildings } from "./buildings.ts";
import { PAPER } from "./carto.ts";
import { hasFigures, paintFigures } from "./figures.ts";
import { paintLand, paintWays } from "./ground.ts";
import type { Context, Look, Part, Parts, Sheet } from "./look.ts";

const LEVELS = ["community", "street", "district"];

export function paintSquare(context: Context, parts: Parts, look: Look): void {
  const side = SIDE * look.density;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, side, side);
  if (look.base) {
    context.fillStyle = PAPER;
    context.fillRect(0, 0, side, side);
  }
  paintGround(context, parts, look);
  paintTown(context, parts, look);
  paintBorders(context, parts, look);
}

function paintGround(context: Context, parts: Parts, look: Look): void {
  on(context, look.base ? parts.base : undefined, look, "ground", (sheet, ground) =>
    paintLand(sheet, ground, false),
  );
  on(context, parts.areas, look, "area", (sheet, areas) => {
    for (const level of LEVELS) if (hasFigures(look, level)) paintFigures(sheet, areas, level);
  });
  if (hasFigures(look, "cells"))
    on(context, parts.cells, look, "cell", (sheet, cells) => paintFigures(sheet, cells));
}

function paintTown(context: Context, parts: Parts, look: Look): void {
  if (look.base) {
    on(context, parts.base, look, "ground", (sheet, ground) => paintLand(sheet, ground, true));
    on(context, parts.base, look, "way", paintWays);
  }
  if (look.buildings) on(context, parts.buildings, look, "building", paintBuildings);
}

function paintBorders(context: Context, parts: Parts, look: Look): void {
  if (look.cells && look.zoom >= 12) on(context, parts.cells, look, "cell", paintCellBorders);
  on(context, parts.areas, look, "area", paintAreaBorders);
}

/** Paint one layer of a part on a sheet in that part's units. */
function on(
  context: Context,
  part: Part | undefined,
  look: Look,
  layer: string,
  paint: (sheet: Sheet, shapes: Part["tile"][string]) => void,
): void {
  const shapes = part?.tile[layer];
  if (part && shapes) paint(sheetOf(context, part, look), shapes);
}

export function sheetOf(context: Context, { source, shades }: Part, look: Look): Sheet {
  const { scale, left, top } = source;
  const zoomed = scale * look.density;
  context.setTransform(zoomed, 0, 0, zoomed, -left * look.density, -top * look.density);
  const margin = 40 / scale; // px beyond the square that a line's width or a shadow reaches
  const view = {
    west: left / scale - margin,
    north: top / scale - margin,
    east: (left + SIDE) / scale + margin,
    south: (top + SIDE) / scale + margin,
  };
  return { context, px: 1 / scale, view, look, shades };
}
