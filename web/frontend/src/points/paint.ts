// Thousands of points on one canvas: each picture is drawn once and stamped.
import type { L } from "../map/leaflet.ts";
import type { Point } from "./here.ts";
import type { Look } from "./plates.ts";

/** Side of the box around a picture, its plate and the light edge around that. */
const BOX = 40;
const SELECTED = "#e08700";

/** CSS px of a plate's width by zoom: from afar there must be room for more. */
export function sizeAt(zoom: number): number {
  return zoom >= 19 ? 24 : zoom >= 18 ? 20 : 15;
}

const stamps = new Map<string, OffscreenCanvas>();

function stampOf(look: Look, sign: string, condition: string, px: number): OffscreenCanvas {
  const key = `${look.name} ${sign} ${condition} ${px}`;
  let made = stamps.get(key);
  if (!made) stamps.set(key, (made = makeStamp(look, sign, condition, px)));
  return made;
}

function makeStamp(look: Look, sign: string, condition: string, px: number): OffscreenCanvas {
  const side = Math.ceil((px * BOX) / 24);
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  const { outline, fill, edge, ink, dashed } = look.plate(condition);
  const shape = new Path2D(outline);
  context.scale(px / 24, px / 24);
  context.translate(8, 8);
  context.lineJoin = context.lineCap = "round";
  for (const [style, width] of [["rgba(35, 38, 43, 0.55)", 6], ["#fffefb", 4.5]] as const) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.stroke(shape);
  }
  context.fillStyle = fill;
  context.fill(shape);
  context.strokeStyle = edge;
  context.lineWidth = 2;
  context.setLineDash(dashed ? [4, 3.5] : []);
  context.stroke(shape);
  context.setLineDash([]);
  if (/^\d/.test(sign)) writeNumber(context, sign, ink);
  else {
    context.strokeStyle = ink;
    context.lineWidth = px < 18 ? 2.4 : 2;
    context.stroke(new Path2D(look.path(sign)));
  }
  return canvas;
}

/** How many stand at one point, instead of a picture. */
function writeNumber(context: OffscreenCanvasRenderingContext2D, number: string, ink: string): void {
  context.font = `700 ${number.length > 2 ? 11 : 15}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = ink;
  context.fillText(number, 12, 12.5);
}

/** A picture of the points within an area of the layer's coordinates; the chosen one last, in a ring. */
export function paintPoints(look: Look, points: Point[], chosen: Point | null, map: L.Map, area: L.Bounds, sharp: number): ImageBitmap {
  const { x: width, y: height } = area.getSize();
  const canvas = new OffscreenCanvas(Math.max(1, width * sharp), Math.max(1, height * sharp));
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  const px = Math.round(sizeAt(map.getZoom()) * sharp);
  const { x: left, y: top } = area.min as L.Point;
  const stamp = (point: Point, size: number): void => {
    const { x, y } = map.latLngToLayerPoint([point.lat, point.lng]);
    const picture = stampOf(look, point.sign, point.condition, size);
    context.drawImage(picture, Math.round((x - left) * sharp - picture.width / 2), Math.round((y - top) * sharp - picture.height / 2));
  };
  for (const point of [...points].sort((a, b) => look.rank[a.condition] - look.rank[b.condition])) stamp(point, px);
  if (!chosen) return canvas.transferToImageBitmap();
  const { x, y } = map.latLngToLayerPoint([chosen.lat, chosen.lng]);
  for (const [style, wide] of [["#fffefb", 8], [SELECTED, 4.5]] as const) {
    context.beginPath();
    context.arc((x - left) * sharp, (y - top) * sharp, 23 * sharp, 0, 2 * Math.PI);
    context.strokeStyle = style;
    context.lineWidth = wide * sharp;
    context.stroke();
  }
  stamp(chosen, Math.round(24 * sharp));
  return canvas.transferToImageBitmap();
}
