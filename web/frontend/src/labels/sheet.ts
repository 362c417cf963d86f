// All labels of a view on one sheet.
import type { Placed } from "./place.ts";
import { writeLabel } from "./write.ts";

/** What of the labels' coordinates is written on, CSS px, and device pixels per CSS px. */
export interface LabelSheet {
  left: number;
  top: number;
  width: number;
  height: number;
  sharp: number;
}

let canvas: OffscreenCanvas | null = null;

export function writeSheet(labels: Placed[], { left, top, width, height, sharp }: LabelSheet): ImageBitmap {
  canvas ??= new OffscreenCanvas(1, 1);
  [canvas.width, canvas.height] = [Math.round(width * sharp), Math.round(height * sharp)];
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.setTransform(sharp, 0, 0, sharp, -left * sharp, -top * sharp);
  for (const label of labels) writeLabel(context, label);
  return canvas.transferToImageBitmap();
}
