import { LAND, RAIL, RIVER, ROAD_ORDER, ROADS, WALL, widthAt, type Road } from "./carto.ts";
import type { Sheet } from "./look.ts";
import { groupBy, paintInChunks } from "./trace.ts";
import { word, type Shapes } from "../tiles/shapes.ts";

/** Land under the figures (`over` false) or what lies over them: parks and water. */
export function paintLand({ context, px, view, look }: Sheet, ground: Shapes, over: boolean): void {
  const groups = groupBy(ground, "kind", view);
  for (const [kind, land] of Object.entries(LAND)) {
    const listed = groups.get(kind);
    if (!listed || Boolean(land.over) !== over) continue;
    paintInChunks(context, ground, listed, true, () => {
      context.fillStyle = land.fill;
      context.fill("evenodd");
      if (!land.line || look.zoom < 14) return;
      context.strokeStyle = land.line;
      context.lineWidth = px;
      context.stroke();
    });
  }
}

export function paintWays(sheet: Sheet, ways: Shapes): void {
  const kinds = groupBy(ways, "kind", sheet.view);
  paintRivers(sheet, ways, kinds.get("river") ?? []);
  paintWalls(sheet, ways, kinds.get("wall") ?? []);
  paintRoads(sheet, ways, kinds.get("road") ?? []);
  paintRails(sheet, ways, kinds.get("rail") ?? []);
}

function paintRivers({ context, px, look }: Sheet, ways: Shapes, listed: number[]): void {
  context.strokeStyle = RIVER;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.lineWidth = widthAt(look.zoom, 2.4) * px;
  paintInChunks(context, ways, listed, false, () => context.stroke());
}

function paintWalls({ context, px, look }: Sheet, ways: Shapes, listed: number[]): void {
  if (look.zoom < 17) return;
  context.strokeStyle = WALL;
  context.lineWidth = 1.2 * px;
  paintInChunks(context, ways, listed, false, () => context.stroke());
}

/** All casings of a rank before any fill of it, and low ranks before high ones, so that crossings open up. */
function paintRoads(sheet: Sheet, ways: Shapes, listed: number[]): void {
  const ranks = ROAD_ORDER.filter((rank) => sheet.look.zoom >= ROADS[rank].from);
  const of = new Map(ranks.map((rank) => [rank, listed.filter((i) => word(ways, "rank", i) === rank)]));
  sheet.context.lineJoin = "round";
  for (const rank of ranks) paintCasing(sheet, ways, of.get(rank) ?? [], ROADS[rank]);
  for (const rank of ranks) paintFill(sheet, ways, of.get(rank) ?? [], ROADS[rank]);
}

function paintCasing({ context, px, look }: Sheet, ways: Shapes, listed: number[], road: Road): void {
  if (look.zoom < road.cased) return;
  context.lineCap = "butt";
  context.strokeStyle = road.casing;
  context.lineWidth = (widthAt(look.zoom, road.width) + (look.zoom >= 16 ? 2 : 1.4)) * px;
  paintInChunks(context, ways, listed, false, () => context.stroke());
}

function paintFill({ context, px, look }: Sheet, ways: Shapes, listed: number[], road: Road): void {
  context.lineCap = "round";
  context.strokeStyle = look.zoom < road.cased ? road.casing : road.fill;
  context.lineWidth = widthAt(look.zoom, road.width) * px;
  paintInChunks(context, ways, listed, false, () => context.stroke());
}

function paintRails({ context, px, look }: Sheet, ways: Shapes, listed: number[]): void {
  if (look.zoom < 12) return;
  const width = widthAt(look.zoom, 2.6);
  context.lineCap = "butt";
  const pass = (style: string, lineWidth: number, dash: number[]) => {
    context.strokeStyle = style;
    context.lineWidth = lineWidth * px;
    context.setLineDash(dash.map((length) => length * px));
    paintInChunks(context, ways, listed, false, () => context.stroke());
  };
  pass(RAIL, width, []);
  if (look.zoom >= 14) pass("#fbfaf7", Math.max(0.6, width - 1.6), [width * 2.6, width * 2.6]);
  context.setLineDash([]);
}
