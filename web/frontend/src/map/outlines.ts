// The selected place and the one under the pointer, drawn over everything from the squares on screen.
import { outlineFeature } from "../drawing/buildings.ts";
import { SIDE } from "../tiles/address.ts";
import { word, type Shapes } from "../tiles/shapes.ts";
import type { L } from "./leaflet.ts";
import { placeOnScreen, type SetName, type SquareView } from "./square.ts";

/** A place by its kind and by its code, or by its id where it has none. */
export interface Target {
  kind: "building" | "cell" | "area";
  id?: number;
  code?: string;
}

interface Pen {
  fill: string;
  strokes: [style: string, width: number][];
}

export const SELECTED: Pen = {
  fill: "rgba(28, 100, 214, 0.13)",
  strokes: [
    ["rgba(255, 255, 255, 0.95)", 7],
    ["#1459c7", 3.5],
  ],
};
export const HOVERED: Pen = {
  fill: "rgba(255, 255, 255, 0.16)",
  strokes: [
    ["rgba(255, 255, 255, 0.85)", 5],
    ["#2b2f36", 2],
  ],
};

const PLACES: Record<Target["kind"], [SetName, string]> = {
  building: ["buildings", "building"],
  cell: ["cells", "cell"],
  area: ["areas", "area"],
};

export function paintOutline(
  context: CanvasRenderingContext2D,
  views: SquareView[],
  map: L.Map,
  target: Target,
  pen: Pen,
): void {
  const [set, layer] = PLACES[target.kind];
  for (const view of views) {
    const whole = isWhole(view.parts[set]?.source.z ?? 0, target);
    const part = view.parts[set];
    const shapes = part?.tile[layer];
    if (!part || !shapes) continue;
    const { left, top, shrunk } = placeOnScreen(view, map);
    for (const i of matches(shapes, target)) {
      context.save();
      context.translate(left, top);
      context.scale(shrunk, shrunk);
      if (!whole) clipToSquare(context);
      context.translate(-part.source.left, -part.source.top);
      context.scale(part.source.scale, part.source.scale);
      draw(context, shapes, i, pen, 1 / (part.source.scale * shrunk));
      context.restore();
      if (whole) return;
    }
  }
}

/** Whether tiles of this zoom hold the place in one piece: the server clips only what is large. */
function isWhole(zoom: number, { kind, code = "" }: Target): boolean {
  if (kind === "area") return code.length === 12 && zoom >= 12;
  return kind === "building" || zoom >= 13;
}

function matches(shapes: Shapes, target: Target): number[] {
  const found: number[] = [];
  for (let i = 0; i < shapes.count; i++)
    if (target.code ? word(shapes, "code", i) === target.code : shapes.ids[i] === target.id) found.push(i);
  return found;
}

function clipToSquare(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.rect(0, 0, SIDE, SIDE);
  context.clip();
}

function draw(context: CanvasRenderingContext2D, shapes: Shapes, i: number, pen: Pen, px: number): void {
  outlineFeature(context, shapes, i);
  context.fillStyle = pen.fill;
  context.fill("evenodd");
  context.lineJoin = "round";
  for (const [style, width] of pen.strokes) {
    context.strokeStyle = style;
    context.lineWidth = width * px;
    context.stroke();
  }
}
