// What the server says of the incidents in a window: see web/pages/map_incidents.py.
import type { Counts } from "./icon.ts";

export type Box = [west: number, south: number, east: number, north: number];

export interface Cluster extends Counts {
  lng: number;
  lat: number;
  /** The incident, where there is but one. */
  number: string | null;
  /** Where its members lie. */
  box: Box;
  /** Says the same exactly while nothing about it changes. */
  key: string;
}

export interface Answer {
  total: number;
  here: number;
  clusters: (number | string)[][];
}

export function readClusters({ clusters }: Answer): Cluster[] {
  return clusters.map((said) => {
    const [lng, lat, count, late, open, doubt, ...rest] = said as number[];
    const number = rest.length === 1 ? String(rest[0]) : null;
    const box = number === null ? (rest as Box) : ([lng, lat, lng, lat] as Box);
    return { lng, lat, count, late, open, doubt, number, box, key: said.join() };
  });
}

/** Degrees in which nothing can be taken apart at the deepest zoom: some ten metres. */
const ONE_SPOT = 0.0001;

export function isOneSpot([west, south, east, north]: Box): boolean {
  return east - west < ONE_SPOT && north - south < ONE_SPOT;
}

/** A box with a share more on every side, within the world. */
export function padded([west, south, east, north]: Box, share: number): Box {
  const [across, up] = [(east - west) * share, (north - south) * share];
  return [Math.max(-180, west - across), Math.max(-85, south - up), Math.min(180, east + across), Math.min(85, north + up)];
}

export function writeBox(box: Box): string {
  return box.map((value) => value.toFixed(6)).join();
}
