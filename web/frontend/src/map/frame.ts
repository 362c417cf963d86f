// Where squares lie in whole pixels. The map rests at whole zooms and the halves between; at a half a square is drawn
// from the data of the zoom above, smaller.
import { SIDE } from "../tiles/address.ts";

/** The zoom squares are drawn at: the map rests at halves. */
export function squareZoom(zoom: number): number {
  return Math.round(zoom * 2) / 2;
}

/** Side of a square on screen, px: data of a whole zoom, shrunk for the half below it. */
export function sideAt(zoom: number): number {
  return SIDE * 2 ** (zoom - Math.round(zoom));
}

/** Whole pixels that a square takes, from the corner of the world at its zoom; neighbours meet without a seam. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  /** Where the square truly begins within them, px, and how much smaller than SIDE it is. */
  dx: number;
  dy: number;
  shrunk: number;
}

export function frameOf({ x, y, z }: { x: number; y: number; z: number }): Frame {
  const side = sideAt(z);
  const [left, top] = [Math.round(x * side), Math.round(y * side)];
  const [width, height] = [Math.round((x + 1) * side) - left, Math.round((y + 1) * side) - top];
  return { left, top, width, height, dx: x * side - left, dy: y * side - top, shrunk: side / SIDE };
}
