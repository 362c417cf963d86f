// Points of a window of the map, and which of them lies where somebody taps.
export interface Point {
  lng: number;
  lat: number;
  code: string;
  name: string;
  /** What is drawn on it, and in which condition it is, which is told by the shape around. */
  sign: string;
  condition: string;
}

export type Box = [west: number, south: number, east: number, north: number];

/** Whether a window that was loaded holds all of another. */
export function holds(loaded: Box | null, view: Box): boolean {
  return loaded !== null && loaded[0] <= view[0] && loaded[1] <= view[1] && loaded[2] >= view[2] && loaded[3] >= view[3];
}

/** A window grown by a share of its width and height on every side. */
export function grown([west, south, east, north]: Box, share: number): Box {
  const [x, y] = [(east - west) * share, (north - south) * share];
  return [west - x, south - y, east + x, north + y];
}

/** The nearest to a point of the screen, within so many px; `at` says where on the screen a part is. */
export function nearest<P>(parts: readonly P[], point: { x: number; y: number }, reach: number, at: (part: P) => { x: number; y: number }): P | null {
  let [best, least]: [P | null, number] = [null, reach];
  for (const part of parts) {
    const { x, y } = at(part);
    const away = Math.hypot(x - point.x, y - point.y);
    if (away <= least) [best, least] = [part, away];
  }
  return best;
}
