// Lines and dots of what is being drawn, seen on any ground: white beneath, the colour on top.
import type { View } from "./layer.ts";

/** A padlock in a box of 24 by 24: many machines have no font with the sign for it. */
export const PADLOCK = "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3";

export function strokeTwice(context: CanvasRenderingContext2D, view: View, colour: string): void {
  context.strokeStyle = "#fff";
  context.lineWidth = 6 / view.scale;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = 3 / view.scale;
  context.stroke();
}

export function dot(context: CanvasRenderingContext2D, view: View, x: number, y: number, size: number, colour: string): void {
  context.beginPath();
  context.arc(x, y, size / view.scale, 0, 2 * Math.PI);
  context.fillStyle = "#fff";
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 3 / view.scale;
  context.stroke();
}
