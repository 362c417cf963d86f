// Draws tiles for the tests: GeoJSON-like rings in, the bytes of a vector tile out.
import { PbfWriter } from "pbf";

export interface Drawn {
  id: number;
  type?: number;
  rings: [number, number][][];
  words?: Record<string, string | number | boolean>;
}

export function drawTile(layers: Record<string, Drawn[]>, extent = 4096): ArrayBuffer {
  const pbf = new PbfWriter();
  for (const [name, features] of Object.entries(layers))
    pbf.writeMessage(3, writeLayer, { name, features, extent });
  return Uint8Array.from(pbf.finish()).buffer as ArrayBuffer;
}

function writeLayer(
  { name, features, extent }: { name: string; features: Drawn[]; extent: number },
  pbf: PbfWriter,
): void {
  const keys = [...new Set(features.flatMap((one) => Object.keys(one.words ?? {})))];
  const values = [...new Set(features.flatMap((one) => Object.values(one.words ?? {})))];
  pbf.writeVarintField(15, 2);
  pbf.writeStringField(1, name);
  for (const one of features) pbf.writeMessage(2, writeFeature, { one, keys, values });
  for (const key of keys) pbf.writeStringField(3, key);
  for (const value of values) pbf.writeMessage(4, writeValue, value);
  pbf.writeVarintField(5, extent);
}

function writeValue(value: string | number | boolean, pbf: PbfWriter): void {
  if (typeof value === "string") pbf.writeStringField(1, value);
  else if (typeof value === "boolean") pbf.writeBooleanField(7, value);
  else if (Number.isInteger(value)) pbf.writeSVarintField(6, value);
  else pbf.writeDoubleField(3, value);
}

interface Entry {
  one: Drawn;
  keys: string[];
  values: unknown[];
}

function writeFeature({ one, keys, values }: Entry, pbf: PbfWriter): void {
  pbf.writeVarintField(1, one.id);
  const tags = Object.entries(one.words ?? {}).flatMap(([key, value]) => [
    keys.indexOf(key),
    values.indexOf(value),
  ]);
  pbf.writePackedVarint(2, tags);
  pbf.writeVarintField(3, one.type ?? 3);
  pbf.writePackedVarint(4, commands(one));
}

function commands({ type = 3, rings }: Drawn): number[] {
  const numbers: number[] = [];
  let [x, y] = [0, 0];
  const step = ([nx, ny]: [number, number]) => {
    numbers.push(zigzag(nx - x), zigzag(ny - y));
    [x, y] = [nx, ny];
  };
  for (const [first, ...rest] of rings) {
    numbers.push((1 << 3) | 1);
    step(first);
    numbers.push((rest.length << 3) | 2);
    rest.forEach(step);
    if (type === 3) numbers.push((1 << 3) | 7);
  }
  return numbers;
}

function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

export const SQUARE: [number, number][] = [
  [0, 0],
  [100, 0],
  [100, 100],
  [0, 100],
];

export function moved(ring: [number, number][], dx: number, dy = 0): [number, number][] {
  return ring.map(([x, y]) => [x + dx, y + dy]);
}
