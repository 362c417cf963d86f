// Signs that fill tiles, so that nothing is told by colour alone: plus for gained, minus for lost, strokes for none.
import { density } from "../map/leaflet.ts";

const SIDE = 12;
const drawn = new Map<() => HTMLCanvasElement, HTMLCanvasElement>();

/** A pattern in CSS px of what `sign` draws. */
export function hatch(context: CanvasRenderingContext2D, sign: () => HTMLCanvasElement): CanvasPattern | string {
  const canvas = drawn.get(sign) ?? sign();
  drawn.set(sign, canvas);
  const pattern = context.createPattern(canvas, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / density));
  return pattern ?? "transparent";
}

export function gained(): HTMLCanvasElement {
  return sign("rgb(255 255 255 / 95%)", [[3, 6, 9, 6], [6, 3, 6, 9]]);
}

export function lost(): HTMLCanvasElement {
  return sign("rgb(255 255 255 / 95%)", [[3, 6, 9, 6]]);
}

export function unassigned(): HTMLCanvasElement {
  return sign("rgb(96 88 76 / 50%)", [[-3, 3, 3, -3], [-3, 15, 15, -3], [9, 15, 15, 9]], "rgb(235 231 222 / 62%)");
}

function sign(colour: string, lines: number[][], ground = ""): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE * density;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.scale(density, density);
  if (ground) {
    context.fillStyle = ground;
    context.fillRect(0, 0, SIDE, SIDE);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  for (const [a, b, c, d] of lines) {
    context.beginPath();
    context.moveTo(a, b);
    context.lineTo(c, d);
    context.stroke();
  }
  return canvas;
}
