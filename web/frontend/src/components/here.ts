// What the server says of the components in a window (web/pages/map_components.py), and which of them lies at a point.
export interface Part {
  lng: number;
  lat: number;
  code: string;
  name: string;
  sign: string;
  condition: string;
}

export interface Answer {
  classes: [name: string, sign: string][];
  components: [lng: number, lat: number, code: string, kind: number, condition: string][];
  more: boolean;
}

export type Box = [west: number, south: number, east: number, north: number];

export function readParts({ classes, components }: Answer): Part[] {
  return components.map(([lng, lat, code, kind, condition]) => {
    const [name, sign] = classes[kind];
    return { lng, lat, code, name, sign, condition };
  });
}

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
