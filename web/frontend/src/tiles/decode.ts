// Mapbox vector tiles (specification 2.1) into flat arrays.
import { PbfReader as Pbf } from "pbf";
import { EXTENT, POLYGON, type Column, type Shapes, type Tile, type Word } from "./shapes.ts";

const MOVE_TO = 1;
const CLOSE_PATH = 7;

/** Decode a whole tile. Throws when the bytes are no tile. */
export function decodeTile(bytes: ArrayBuffer): Tile {
  const tile: Tile = {};
  const reader = new Pbf(new Uint8Array(bytes));
  reader.readFields((tag, _none, pbf) => {
    if (tag === 3) {
      const layer = readLayer(pbf, pbf.readVarint() + pbf.pos);
      tile[layer.name] = layer.shapes;
    }
  }, null);
  return tile;
}

interface RawLayer {
  name: string;
  extent: number;
  keys: string[];
  values: Word[];
  features: number[]; // where each feature's bytes begin
}

function readLayer(pbf: Pbf, end: number): { name: string; shapes: Shapes } {
  const raw: RawLayer = { name: "", extent: EXTENT, keys: [], values: [], features: [] };
  pbf.readFields(readLayerField, raw, end);
  const shapes = readFeatures(pbf, raw);
  pbf.pos = end;
  return { name: raw.name, shapes };
}

function readLayerField(tag: number, raw: RawLayer, pbf: Pbf): void {
  if (tag === 1) raw.name = pbf.readString();
  else if (tag === 2)
    raw.features.push(pbf.pos); // keys and values come after them; read when all are known
  else if (tag === 3) raw.keys.push(pbf.readString());
  else if (tag === 4) raw.values.push(readValue(pbf, pbf.readVarint() + pbf.pos));
  else if (tag === 5) raw.extent = pbf.readVarint();
}

function readValue(pbf: Pbf, end: number): Word {
  const found: { value: Word } = { value: "" };
  pbf.readFields(readValueField, found, end);
  return found.value;
}

function readValueField(tag: number, found: { value: Word }, pbf: Pbf): void {
  if (tag === 1) found.value = pbf.readString();
  else if (tag === 2) found.value = pbf.readFloat();
  else if (tag === 3) found.value = pbf.readDouble();
  else if (tag === 4 || tag === 5) found.value = pbf.readVarint(true);
  else if (tag === 6) found.value = pbf.readSVarint();
  else if (tag === 7) found.value = pbf.readBoolean();
}

/** Grows as points arrive; twice the size each time, so that a tile costs a handful of copies. */
class Points {
  xy = new Int32Array(4096);
  length = 0;

  add(x: number, y: number): void {
    if (this.length + 2 > this.xy.length) {
      const wider = new Int32Array(this.xy.length * 2);
      wider.set(this.xy);
      this.xy = wider;
    }
    this.xy[this.length++] = x;
    this.xy[this.length++] = y;
  }
}

class Building {
  readonly points = new Points();
  readonly ringEnds: number[] = [];
  readonly shapes: Shapes;

  constructor(readonly raw: RawLayer) {
    const count = raw.features.length;
    this.shapes = {
      count,
      ids: new Float64Array(count),
      types: new Uint8Array(count),
      boxes: new Int32Array(count * 4),
      firstRing: new Uint32Array(count + 1),
      ringEnds: new Uint32Array(0),
      xy: new Int32Array(0),
      columns: Object.fromEntries(raw.keys.map((key) => [key, emptyColumn(count)])),
    };
  }
}

function emptyColumn(count: number): Column {
  return { values: [], of: new Uint32Array(count) };
}

function readFeatures(pbf: Pbf, raw: RawLayer): Shapes {
  const building = new Building(raw);
  const positions = raw.keys.map(() => new Map<number, number>());
  for (let i = 0; i < raw.features.length; i++) {
    pbf.pos = raw.features[i];
    readFeature(pbf, building, positions, i);
    building.shapes.firstRing[i + 1] = building.ringEnds.length;
  }
  building.shapes.ringEnds = Uint32Array.from(building.ringEnds);
  building.shapes.xy = scaled(building.points.xy.slice(0, building.points.length), EXTENT / raw.extent);
  if (raw.extent !== EXTENT) building.shapes.boxes = scaled(building.shapes.boxes, EXTENT / raw.extent);
  return building.shapes;
}

function scaled(xy: Int32Array, by: number): Int32Array {
  return by === 1 ? xy : xy.map((value) => Math.round(value * by));
}

function readFeature(pbf: Pbf, building: Building, positions: Map<number, number>[], i: number): void {
  const { shapes, raw } = building;
  const end = pbf.readVarint() + pbf.pos;
  while (pbf.pos < end) {
    const head = pbf.readVarint();
    const tag = head >> 3;
    if (tag === 1) shapes.ids[i] = pbf.readVarint();
    else if (tag === 2) readTags(pbf, raw, shapes, positions, i);
    else if (tag === 3) shapes.types[i] = pbf.readVarint();
    else if (tag === 4) readGeometry(pbf, building, i);
    else pbf.skip(head);
  }
}

function readTags(
  pbf: Pbf,
  raw: RawLayer,
  shapes: Shapes,
  positions: Map<number, number>[],
  i: number,
): void {
  const end = pbf.readVarint() + pbf.pos;
  while (pbf.pos < end) {
    const key = pbf.readVarint();
    const value = pbf.readVarint();
    if (key < raw.keys.length && value < raw.values.length)
      put(shapes.columns[raw.keys[key]], positions[key], raw.values[value], value, i);
  }
}

function put(column: Column, positions: Map<number, number>, value: Word, position: number, i: number): void {
  const known = positions.get(position);
  column.of[i] = known ?? column.values.push(value);
  if (known === undefined) positions.set(position, column.of[i]);
}

function readGeometry(pbf: Pbf, building: Building, i: number): void {
  const end = pbf.readVarint() + pbf.pos;
  const { points, ringEnds, shapes } = building;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const start = points.length;
  let x = 0;
  let y = 0;
  while (pbf.pos < end) {
    const command = pbf.readVarint();
    if ((command & 7) === CLOSE_PATH) continue;
    if ((command & 7) === MOVE_TO) endRing(points, ringEnds, start);
    for (let repeat = command >> 3; repeat > 0 && pbf.pos < end; repeat--) {
      points.add((x += pbf.readSVarint()), (y += pbf.readSVarint()));
      widen(box, x, y);
    }
  }
  endRing(points, ringEnds, start);
  shapes.boxes.set(box, i * 4);
}

/** Close the ring under way, if this feature has begun one that is not closed yet. */
function endRing(points: Points, ringEnds: number[], start: number): void {
  const reached = points.length / 2;
  const before = Math.max(ringEnds.at(-1) ?? 0, start / 2);
  if (reached > before) ringEnds.push(reached);
}

function widen(box: number[], x: number, y: number): void {
  if (x < box[0]) box[0] = x;
  if (y < box[1]) box[1] = y;
  if (x > box[2]) box[2] = x;
  if (y > box[3]) box[3] = y;
}

export function isPolygon(shapes: Shapes, i: number): boolean {
  return shapes.types[i] === POLYGON;
}
