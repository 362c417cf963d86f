// What the server says of the units in a window (web/organisations/on_map.py): one mark a building.
import type { Point } from "../points/here.ts";

export interface Answer {
  marks: [lng: number, lat: number, building: number, kind: string, number: number, state: string][];
  more: boolean;
}

/** A unit alone shows its kind, several of one building how many they are. */
export function readMarks({ marks }: Answer): Point[] {
  return marks.map(([lng, lat, building, kind, number, state]) => ({
    lng,
    lat,
    code: String(building),
    name: "",
    sign: number > 1 ? String(number) : kind,
    condition: state,
  }));
}

/** How many units the marks stand for. */
export function unitsOf(points: readonly Point[]): number {
  return points.reduce((sum, { sign }) => sum + (/^\d/.test(sign) ? Number(sign) : 1), 0);
}
