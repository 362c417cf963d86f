// Fetches and decodes tiles away from the page's thread, and hands the arrays over without copying.
import { addAnchors } from "./tiles/anchors.ts";
import { bordersOf } from "./tiles/borders.ts";
import { decodeTile } from "./tiles/decode.ts";
import { buffersOf, type Tile } from "./tiles/shapes.ts";

export type Order = { kind: "load"; address: string } | { kind: "drop"; address: string };
export type Answer = { address: string; tile: Tile | null } | { address: string; status: number };

const under_way = new Map<string, AbortController>();

self.onmessage = (event: MessageEvent<Order>) => {
  const { kind, address } = event.data;
  if (kind === "drop") under_way.get(address)?.abort();
  else void load(address);
};

async function load(address: string): Promise<void> {
  const control = new AbortController();
  under_way.set(address, control);
  try {
    answer(await fetched(address, control.signal));
  } catch {
    answer({ address, status: control.signal.aborted ? -1 : 0 });
  } finally {
    if (under_way.get(address) === control) under_way.delete(address);
  }
}

function answer(said: Answer): void {
  const buffers = "tile" in said && said.tile ? buffersOf(said.tile) : [];
  (self as unknown as Worker).postMessage(said, buffers);
}

async function fetched(address: string, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(address, { signal, credentials: "same-origin" });
  if (!response.ok) return { address, status: response.status };
  if (response.status === 204) return { address, tile: null };
  const tile = decodeTile(await response.arrayBuffer());
  prepare(tile);
  return { address, tile };
}

function prepare(tile: Tile): void {
  for (const name of ["ground", "area", "cell", "building"]) if (tile[name]) addAnchors(tile[name]);
  if (tile.area) tile.area.borders = bordersOf(tile.area, "level");
  if (tile.cell) tile.cell.borders = bordersOf(tile.cell);
}
