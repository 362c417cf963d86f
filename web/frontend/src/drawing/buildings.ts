import { BLOCK, HOUSES, SHADOW } from "./carto.ts";
import type { Context, Sheet } from "./look.ts";
import { groupBy, meets, paintInChunks, trace } from "./trace.ts";
import { word, type Shapes } from "../tiles/shapes.ts";

export function paintBuildings(sheet: Sheet, buildings: Shapes): void {
  const groups = groupBy(buildings, "kind", sheet.view);
  if (sheet.look.zoom >= 17) for (const listed of groups.values()) paintShadows(sheet, buildings, listed);
  for (const [kind, listed] of groups) paintKind(sheet, buildings, listed, kind);
}

/** Blocks: what is built up in each area, without kinds. */
export function paintBlocks({ context, view }: Sheet, blocks: Shapes): void {
  context.fillStyle = BLOCK;
  const seen = Array.from({ length: blocks.count }, (_, i) => i).filter((i) => meets(blocks.boxes, i, view));
  paintInChunks(context, blocks, seen, true, () => context.fill("evenodd"));
}

function paintKind({ context, px, look }: Sheet, buildings: Shapes, listed: number[], kind: string): void {
  const house = HOUSES[kind] ?? HOUSES.other;
  context.fillStyle = house.fill;
  context.strokeStyle = house.line;
  context.lineWidth = (look.zoom >= 17 ? 0.9 : 0.6) * px;
  context.lineJoin = "miter";
  paintInChunks(context, buildings, listed, true, () => {
    context.fill("evenodd");
    if (look.zoom >= 16) context.stroke();
  });
}

/** A soft shadow to the south-east, longer for a taller house; fainter copies farther out make its edge soft. */
function paintShadows({ context, px, look }: Sheet, buildings: Shapes, listed: number[]): void {
  const grown = 2 ** (look.zoom - 17);
  context.fillStyle = SHADOW;
  for (const [lowest, highest, reach] of [
    [0, 3, 1.4],
    [4, 8, 2.8],
    [9, 16, 4.6],
    [17, 999, 6.6],
  ]) {
    const tall = listed.filter((i) => isBetween(Number(word(buildings, "floors", i) ?? 2), lowest, highest));
    for (const share of [0.55, 1]) paintMoved(context, buildings, tall, reach * grown * share * px);
  }
}

function isBetween(value: number, lowest: number, highest: number): boolean {
  return value >= lowest && value <= highest;
}

function paintMoved(
  context: Context,
  buildings: Shapes,
  listed: number[],
  by: number,
): void {
  if (!listed.length) return;
  context.save();
  context.translate(by * 0.75, by);
  paintInChunks(context, buildings, listed, true, () => context.fill("nonzero"));
  context.restore();
}

export function outlineFeature(context: Context, shapes: Shapes, i: number): void {
  context.beginPath();
  trace(context, shapes, i, true);
}
