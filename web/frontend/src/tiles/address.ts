// Which data a square of the map is drawn from. Squares are 512 px wide, so the map at zoom z shows data of z − 1;
// beyond the deepest data a square is a part of a larger tile.
import { EXTENT } from "./shapes.ts";

export const SIDE = 512;

export interface Square {
  /** Zoom of the map. */
  z: number;
  x: number;
  y: number;
}

/** A data tile, and how its units become pixels of the square: `px = unit * scale - (left | top)`. */
export interface Source {
  z: number;
  x: number;
  y: number;
  scale: number;
  left: number;
  top: number;
}

export function sourceOf(square: Square, deepest: number): Source {
  const wanted = square.z - 1;
  const shift = Math.max(0, wanted - deepest);
  const zoomed = 2 ** shift;
  const x = Math.floor(square.x / zoomed);
  const y = Math.floor(square.y / zoomed);
  return {
    z: wanted - shift,
    x,
    y,
    scale: (SIDE * zoomed) / EXTENT,
    left: (square.x - x * zoomed) * SIDE,
    top: (square.y - y * zoomed) * SIDE,
  };
}

/** The address of a data tile; null where the template's set has none at this zoom or the tile is off the world. */
export function addressOf(template: string, source: Source, shallowest: number): string | null {
  const side = 2 ** source.z;
  if (source.z < shallowest || source.y < 0 || source.y >= side) return null;
  const column = ((source.x % side) + side) % side;
  return template.replace("{z}", `${source.z}`).replace("{x}", `${column}`).replace("{y}", `${source.y}`);
}
