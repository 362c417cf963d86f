// The places of a layer, apart from any figure: asked for once, kept by the browser until an outline changes.
import { askBytes } from "../request.ts";
import { readPacked } from "./packed.ts";

interface Head {
  layer: string;
  mark: string;
  codes: string[];
  names: string[];
}

/** n places in the order in which their figures come. */
export interface PlaceList {
  layer: string;
  /** Changes whenever anything of the list does. */
  mark: string;
  ids: Uint32Array;
  codes: string[];
  names: string[];
  km2: Float32Array;
  /** Bounds in degrees. */
  west: Float32Array;
  south: Float32Array;
  east: Float32Array;
  north: Float32Array;
  /** Where a tile's id, or a code, stands in the list. */
  rowOfId: Map<number, number>;
  rowOfCode: Map<string, number>;
}

export function readList(bytes: ArrayBuffer): PlaceList {
  const { head, arrays } = readPacked<Head>(bytes);
  const ids = arrays.ids as Uint32Array;
  const { km2, west, south, east, north } = arrays as Record<string, Float32Array>;
  const rowOfId = new Map<number, number>();
  const rowOfCode = new Map<string, number>();
  ids.forEach((id, row) => rowOfId.set(id, row));
  head.codes.forEach((code, row) => rowOfCode.set(code, row));
  return { ...head, ids, km2, west, south, east, north, rowOfId, rowOfCode };
}

const KEPT = 6;
const kept = new Map<string, PlaceList>();

/** The list of that mark, from memory or from the server. */
export async function listOf(
  mark: string,
  address: string,
  query: URLSearchParams,
  signal?: AbortSignal,
): Promise<PlaceList> {
  const known = kept.get(mark);
  if (known) return known;
  const list = readList(await askBytes(`${address}?${query}`, signal));
  kept.set(list.mark, list);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
  return list;
}
