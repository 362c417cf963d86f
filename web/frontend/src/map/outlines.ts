// The selected place and the one under the pointer, drawn over everything from the squares on screen.
import { outlineFeature } from "../drawing/buildings.ts";
import { SIDE, type Source } from "../tiles/address.ts";
import { word, type Shapes } from "../tiles/shapes.ts";
import { L } from "./leaflet.ts";
import type { Context, SetName } from "../drawing/look.ts";
import { placeOnScreen, type SquareView } from "./square.ts";

/** A place by its kind and its code; by its id where it has none, and in tiles that have no codes in them. */
export interface Target {
  kind: "building" | "cell" | "area";
  id?: number;
  code?: string;
}

export interface Pen {
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

/** A piece of a place as one square holds it, and where that square lies on the canvas. */
interface Piece {
  shapes: Shapes;
  i: number;
  whole: boolean;
  source: Source;
  left: number;
  top: number;
  shrunk: number;
}

/** A picture of the outlines within an area of the layer's coordinates. */
export function paintOutlines(
  views: SquareView[],
  map: L.Map,
  outlined: [Target, Pen][],
  area: L.Bounds,
  sharp: number,
): ImageBitmap {
  const { x, y } = area.getSize();
  const canvas = new OffscreenCanvas(Math.max(1, x * sharp), Math.max(1, y * sharp));
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  const { x: left, y: top } = area.min as L.Point;
  context.setTransform(sharp, 0, 0, sharp, -left * sharp, -top * sharp);
  for (const [target, pen] of outlined) paintOutline(context, views, map, target, pen);
  return canvas.transferToImageBitmap();
}

function paintOutline(context: Context, views: SquareView[], map: L.Map, target: Target, pen: Pen): void {
  for (const { shapes, i, whole, source, left, top, shrunk } of piecesOf(views, map, target)) {
    context.save();
    context.translate(left, top);
    context.scale(shrunk, shrunk);
    if (!whole) clipToSquare(context);
    context.translate(-source.left, -source.top);
    context.scale(source.scale, source.scale);
    draw(context, shapes, i, pen, 1 / (source.scale * shrunk));
    context.restore();
  }
}

/** What outlines of these places would cover of the canvas; null for nothing. */
export function areaOfOutlines(views: SquareView[], map: L.Map, outlined: [Target, Pen][], within: L.Bounds): L.Bounds | null {
  const boxes = outlined.flatMap(([target]) => piecesOf(views, map, target).map(boxOf));
  const all = boxes.reduce<L.Bounds | null>((sum, box) => (sum ? sum.extend(box) : box), null);
  if (!all?.intersects(within)) return null;
  const [a, b] = [all.min, within.min] as L.Point[];
  const [c, d] = [all.max, within.max] as L.Point[];
  return L.bounds([Math.max(a.x, b.x), Math.max(a.y, b.y)], [Math.min(c.x, d.x), Math.min(c.y, d.y)]);
}

function boxOf({ shapes, i, whole, source, left, top, shrunk }: Piece): L.Bounds {
  const [west, north, east, south] = shapes.boxes.subarray(i * 4, i * 4 + 4);
  const on = (unit: number, shift: number) => (whole ? unit * source.scale - shift : Math.min(SIDE, Math.max(0, unit * source.scale - shift)));
  const pad = SELECTED.strokes[0][1];
  return L.bounds(
    [on(west, source.left) * shrunk + left - pad, on(north, source.top) * shrunk + top - pad],
    [on(east, source.left) * shrunk + left + pad, on(south, source.top) * shrunk + top + pad],
  );
}

/** One piece where a tile holds the place whole, else one of each square. */
function piecesOf(views: SquareView[], map: L.Map, target: Target): Piece[] {
  const [set, layer] = PLACES[target.kind];
  const pieces: Piece[] = [];
  for (const view of views) {
    const part = view.parts[set];
    const shapes = part?.tile[layer];
    if (!part || !shapes) continue;
    const whole = isWhole(part.source.z, target);
    for (const i of matches(shapes, target)) {
      const piece = { shapes, i, whole, source: part.source, ...placeOnScreen(view, map) };
      if (whole) return [piece];
      pieces.push(piece);
    }
  }
  return pieces;
}

/** Whether tiles of this zoom hold the place in one piece: the server clips only what is large. */
function isWhole(zoom: number, { kind, code = "" }: Target): boolean {
  if (kind === "area") return code.length === 12 && zoom >= 12;
  return kind === "building" || zoom >= 13;
}

function matches(shapes: Shapes, target: Target): number[] {
  const found: number[] = [];
  for (let i = 0; i < shapes.count; i++)
    if (isTarget(shapes, i, target)) found.push(i);
  return found;
}

function isTarget(shapes: Shapes, i: number, { code, id }: Target): boolean {
  const own = code && word(shapes, "code", i);
  return own ? own === code : shapes.ids[i] === id;
}

function clipToSquare(context: Context): void {
  context.beginPath();
  context.rect(0, 0, SIDE, SIDE);
  context.clip();
}

function draw(context: Context, shapes: Shapes, i: number, pen: Pen, px: number): void {
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
