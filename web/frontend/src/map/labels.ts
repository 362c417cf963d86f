// The labels of all squares on screen, written together so that none lies over another.
import { candidatesIn, type Words } from "../labels/candidates.ts";
import { placeLabels } from "../labels/place.ts";
import { measureLabel, writeLabel } from "../labels/write.ts";
import type { Look } from "../drawing/look.ts";
import type { L } from "./leaflet.ts";
import { placeOnScreen, type SquareView } from "./square.ts";

export function paintLabels(
  context: CanvasRenderingContext2D,
  views: SquareView[],
  map: L.Map,
  look: Look,
  words: Words,
): string[] {
  const candidates = views.flatMap((view) =>
    candidatesIn(view.parts, { ...placeOnScreen(view, map), zoom: map.getZoom(), look, words }),
  );
  const placed = placeLabels(candidates, (candidate) => measureLabel(context, candidate));
  for (const label of placed) writeLabel(context, label);
  return placed.map((label) => label.lines[0]);
}
