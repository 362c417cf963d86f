// The labels of all squares on screen, written together so that none lies over another.
import { candidatesIn, type Site } from "../labels/candidates.ts";
import { placeLabels } from "../labels/place.ts";
import { measureLabel, writeLabel } from "../labels/write.ts";
import type { Look } from "../drawing/look.ts";
import { SIDE } from "../tiles/address.ts";
import type { L } from "./leaflet.ts";
import type { SquareView } from "./square.ts";

export function paintLabels(
  context: CanvasRenderingContext2D,
  views: SquareView[],
  origin: L.Point,
  look: Look,
  figureOf: Site["figureOf"],
): string[] {
  const candidates = views.flatMap(({ square, parts }) => {
    const [left, top] = [square.x * SIDE - origin.x, square.y * SIDE - origin.y];
    const inside = candidatesIn(parts, { left, top, look: { ...look, zoom: square.z }, figureOf });
    return inside;
  });
  const placed = placeLabels(candidates, (candidate) => measureLabel(context, candidate));
  for (const label of placed) writeLabel(context, label);
  return placed.map((label) => label.lines[0]);
}
