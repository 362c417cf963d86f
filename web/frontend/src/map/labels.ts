// The labels of all squares on screen, placed together so that none lies over another.
import { candidatesIn, type Words } from "../labels/candidates.ts";
import { placeLabels, type Placed } from "../labels/place.ts";
import { measureLabel } from "../labels/write.ts";
import type { Look } from "../drawing/look.ts";
import type { L } from "./leaflet.ts";
import { placeOnScreen, type SquareView } from "./square.ts";

const ruler = new OffscreenCanvas(1, 1).getContext("2d") as OffscreenCanvasRenderingContext2D;
/** Keys of what was written last: it stays while the map is moved, though a newcomer of its rank would fit better. */
let before = new Set<string>();

export function labelsOn(views: SquareView[], map: L.Map, look: Look, words: Words): Placed[] {
  const candidates = views.flatMap((view) =>
    candidatesIn(view.parts, { ...placeOnScreen(view, map), zoom: map.getZoom(), look, words }),
  );
  const placed = placeLabels(candidates, (candidate) => measureLabel(ruler, candidate), [], before);
  before = new Set(placed.map((label) => label.key));
  return placed;
}
