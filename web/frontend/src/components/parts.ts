// What the server says of the components in a window (web/pages/map_components.py).
import type { Point } from "../points/here.ts";

export interface Answer {
  classes: [name: string, sign: string][];
  components: [lng: number, lat: number, code: string, kind: number, condition: string][];
  more: boolean;
}

export function readParts({ classes, components }: Answer): Point[] {
  return components.map(([lng, lat, code, kind, condition]) => {
    const [name, sign] = classes[kind];
    return { lng, lat, code, name, sign, condition };
  });
}
