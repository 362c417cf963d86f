// What a tile is once decoded: flat arrays that a worker hands over without copying.

export const EXTENT = 4096;
export const POINT = 1;
export const LINE = 2;
export const POLYGON = 3;

export type Word = string | number | boolean;

/** One attribute of all features of a layer: `values[of[i] - 1]` is feature i's, and 0 says it has none. */
export interface Column {
  values: Word[];
  of: Uint32Array;
}

/**
 * The features of one layer of one tile. Feature i owns the rings `firstRing[i]` to `firstRing[i + 1]`; ring r owns the
 * points up to `ringEnds[r]` (exclusive), from where ring r − 1 ended. Coordinates are tile units (0 to 4096 inside
 * the tile, y down) and may lie far outside it: the server does not clip what is small.
 */
export interface Shapes {
  count: number;
  ids: Float64Array;
  types: Uint8Array;
  /** west, north, east, south of each feature */
  boxes: Int32Array;
  firstRing: Uint32Array;
  ringEnds: Uint32Array;
  xy: Int32Array;
  columns: Record<string, Column>;
  /** Where a label sits best (x, y of each feature) and how wide it may be there, in units; polygons only. */
  anchors?: Float32Array;
  rooms?: Float32Array;
  borders?: Lines;
}

/** Lines without features: line i owns the points from `ends[i − 1]` to `ends[i]`. */
export interface Lines {
  ends: Uint32Array;
  xy: Int32Array;
  /** Index into the values of the column the lines were split by, plus one; 0 when there is none. */
  kinds: Uint8Array;
}

/** A decoded tile: layer name → its features. */
export type Tile = Record<string, Shapes>;

export function word(shapes: Shapes, column: string, i: number): Word | undefined {
  const found = shapes.columns[column];
  return found && found.of[i] ? found.values[found.of[i] - 1] : undefined;
}

/** A second copy for the page, which reads shapes and words; borders are only painted. */
export function pageCopyOf(tile: Tile): Tile {
  return Object.fromEntries(Object.entries(tile).map(([layer, shapes]) => [layer, copyOf(shapes)]));
}

function copyOf(shapes: Shapes): Shapes {
  const copied = Object.entries(shapes).map(([key, value]) => [key, ArrayBuffer.isView(value) ? sliced(value) : value]);
  const columns = Object.entries(shapes.columns).map(([key, { values, of }]) => [key, { values, of: of.slice() }]);
  return { ...(Object.fromEntries(copied) as Shapes), columns: Object.fromEntries(columns) };
}

function sliced(view: ArrayBufferView): unknown {
  return (view as Uint8Array).slice();
}

/** Bytes of a tile's arrays. */
export function bytesOf(tile: Tile): number {
  return buffersOf(tile).reduce((sum, buffer) => sum + buffer.byteLength, 0);
}

/** Everything in a tile that can be handed to another thread without a copy. */
export function buffersOf(tile: Tile): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  const keep = (value: unknown) => ArrayBuffer.isView(value) && buffers.push(value.buffer as ArrayBuffer);
  for (const shapes of Object.values(tile)) {
    Object.values(shapes).forEach(keep);
    Object.values(shapes.columns).forEach((column) => keep(column.of));
    Object.values(shapes.borders ?? {}).forEach(keep);
  }
  return buffers;
}
