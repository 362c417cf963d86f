// Fetches, decodes and paints away from the page's thread. The page gets arrays to read and pictures to show.
import type { Look, Part, Parts, SetName, SheetFrame } from "./drawing/look.ts";
import { Painter } from "./drawing/painter.ts";
import type { Placed } from "./labels/place.ts";
import { writeSheet, type LabelSheet } from "./labels/sheet.ts";
import { addAnchors } from "./tiles/anchors.ts";
import { bordersOf } from "./tiles/borders.ts";
import { decodeTile } from "./tiles/decode.ts";
import { buffersOf, pageCopyOf, type Tile } from "./tiles/shapes.ts";

/** A part of a picture: its tile by the address it was loaded from. */
export type PartOrder = Omit<Part, "tile"> & { address: string };
export type Order =
  | { kind: "load"; address: string; job: number }
  /** Stop loading, or forget what was loaded. */
  | { kind: "drop"; address: string }
  | { kind: "write"; job: number; labels: Placed[]; sheet: LabelSheet }
  | { kind: "paint"; job: number; look: Look; frame: SheetFrame; parts: Partial<Record<SetName, PartOrder>> };
export type Answer =
  | { job: number; address: string; tile: Tile | null }
  | { job: number; address: string; status: number }
  /** Null where painting failed. */
  | { job: number; picture: ImageBitmap | null };

const under_way = new Map<string, AbortController>();
const tiles = new Map<string, Tile>();
const painter = new Painter();

self.onmessage = (event: MessageEvent<Order>) => {
  const order = event.data;
  if (order.kind === "load") void load(order.address, order.job);
  else if (order.kind === "paint") paint(order);
  else if (order.kind === "write") make(order.job, () => writeSheet(order.labels, order.sheet));
  else drop(order.address);
};

function drop(address: string): void {
  under_way.get(address)?.abort();
  tiles.delete(address);
}

async function load(address: string, job: number): Promise<void> {
  const control = new AbortController();
  under_way.set(address, control);
  try {
    answer({ job, address, ...(await fetched(address, control.signal)) });
  } catch {
    answer({ job, address, status: control.signal.aborted ? -1 : 0 });
  } finally {
    if (under_way.get(address) === control) under_way.delete(address);
  }
}

function answer(said: Answer): void {
  (self as unknown as Worker).postMessage(said, transferable(said));
}

function transferable(said: Answer): Transferable[] {
  if ("picture" in said) return said.picture ? [said.picture] : [];
  return "tile" in said && said.tile ? buffersOf(said.tile) : [];
}

async function fetched(address: string, signal: AbortSignal): Promise<{ tile: Tile | null } | { status: number }> {
  const response = await fetch(address, { signal, credentials: "same-origin" });
  if (!response.ok) return { status: response.status };
  if (response.status === 204) return { tile: null };
  const tile = decodeTile(await response.arrayBuffer());
  signal.throwIfAborted();
  for (const name of ["ground", "area", "cell", "building"]) if (tile[name]) addAnchors(tile[name]);
  const copy = pageCopyOf(tile);
  if (tile.area) tile.area.borders = bordersOf(tile.area, "level");
  if (tile.cell) tile.cell.borders = bordersOf(tile.cell);
  tiles.set(address, tile);
  return { tile: copy };
}

function paint({ job, look, frame, parts }: Order & { kind: "paint" }): void {
  const found: Parts = {};
  for (const [set, { address, ...part }] of Object.entries(parts))
    found[set as SetName] = { ...part, tile: tiles.get(address) ?? {} };
  make(job, () => painter.paint(found, look, frame));
}

/** Answer in any case: the page waits for it before it orders the next. */
function make(job: number, picture: () => ImageBitmap): void {
  try {
    answer({ job, picture: picture() });
  } catch (error) {
    answer({ job, picture: null });
    reportError(error);
  }
}
