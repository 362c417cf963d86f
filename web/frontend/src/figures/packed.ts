// What layers/packing.py wrote: a JSON head and arrays of numbers behind it, read where they lie.

export type Numbers = Uint8Array | Uint32Array | Int32Array | Float32Array;

const KINDS = { u1: Uint8Array, u4: Uint32Array, i4: Int32Array, f4: Float32Array };
type Kind = keyof typeof KINDS | "f3";

interface Head {
  arrays: [name: string, kind: Kind, count: number][];
}

export interface Packed<T> {
  head: T;
  arrays: Record<string, Numbers>;
}

/** Throws RangeError or SyntaxError where the bytes are not what the server packs. */
export function readPacked<T>(bytes: ArrayBuffer): Packed<T> {
  const length = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as T & Head;
  const arrays: Record<string, Numbers> = {};
  let at = 4 + length;
  for (const [name, kind, count] of head.arrays) {
    arrays[name] = kind === "f3" ? readShort(bytes, at, count) : new KINDS[kind](bytes, at, count);
    at += Math.ceil((Number(kind[1]) * count) / 4) * 4;
  }
  return { head, arrays };
}

/** Floats whose lowest byte is zero: the second byte of all of them, then the third, then the highest. */
function readShort(bytes: ArrayBuffer, at: number, count: number): Float32Array {
  const planes = new Uint8Array(bytes, at, 3 * count);
  const words = new Uint32Array(count);
  for (let row = 0; row < count; row++)
    words[row] = (planes[row] << 8) | (planes[row + count] << 16) | (planes[row + 2 * count] << 24);
  return new Float32Array(words.buffer);
}
