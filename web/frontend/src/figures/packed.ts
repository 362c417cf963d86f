// What layers/packing.py wrote: a JSON head and arrays of numbers behind it, read where they lie.

export type Numbers = Uint8Array | Uint32Array | Int32Array | Float32Array;

const KINDS = { u1: Uint8Array, u4: Uint32Array, i4: Int32Array, f4: Float32Array };

interface Head {
  arrays: [name: string, kind: keyof typeof KINDS, count: number][];
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
    arrays[name] = new KINDS[kind](bytes, at, count);
    at += Math.ceil(arrays[name].byteLength / 4) * 4;
  }
  return { head, arrays };
}
