import assert from "node:assert/strict";
import { test } from "node:test";
import { Cube, readCube, type CubeHead, type Step } from "../src/heat/cube.ts";

function head(step: Step, times: number, columns = 2, rows = 1, bytes: 1 | 2 | 4 = 1): CubeHead {
  const names = Array.from({ length: times }, (_, k) => String(k));
  return { west: 0, north: 0, size: 100, columns, rows, step, times: names, days: names.map(() => 7), bytes, total: 0 };
}

function sent(of: CubeHead, counts: ArrayLike<number>): ArrayBuffer {
  let text = JSON.stringify(of);
  while ((4 + text.length) % 8) text += " ";
  const kind = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[of.bytes];
  const bytes = new Uint8Array(4 + text.length + counts.length * of.bytes);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(new TextEncoder().encode(text), 4);
  bytes.set(new Uint8Array(kind.from(Array.from(counts)).buffer), 4 + text.length);
  return bytes.buffer;
}

function sumOf(cube: Cube, from: number, width: number): number[] {
  const out = new Float32Array(cube.bins).fill(-1);
  cube.sumInto(out, { from, width });
  return [...out];
}

for (const bytes of [1, 2, 4] as const)
  test(`it reads counts of ${bytes} bytes and sums any window`, () => {
    const cube = readCube(sent(head("week", 3, 2, 1, bytes), [1, 0, 0, 5, 200, 7]));
    assert.deepEqual(sumOf(cube, 0, 1), [1, 0]);
    assert.deepEqual(sumOf(cube, 1, 2), [200, 12]);
    assert.deepEqual(sumOf(cube, 0, 3), [201, 12]);
  });

test("it refuses what is shorter than its head says", () => {
  assert.throws(() => readCube(sent(head("week", 3), [1, 2])), RangeError);
});

test("it ends a window where the period ends", () => {
  const cube = new Cube(head("week", 3), Uint8Array.of(1, 0, 0, 5, 2, 7));
  assert.deepEqual(sumOf(cube, 2, 4), [2, 7]);
  assert.equal(cube.daysOf({ from: 2, width: 4 }), 7);
});

test("it goes round past midnight for hours of the day", () => {
  const counts = Uint8Array.from({ length: 24 }, (_, hour) => hour + 1);
  const cube = new Cube({ ...head("hour-of-day", 24, 1), days: Array(24).fill(30) }, counts);
  assert.deepEqual(sumOf(cube, 22, 4), [23 + 24 + 1 + 2]);
  assert.deepEqual(sumOf(cube, 5, 24), [300]);
  assert.equal(cube.daysOf({ from: 22, width: 4 }), 30);
});

test("it holds sums beyond 16 bits", () => {
  const cube = new Cube(head("week", 3, 1), Uint16Array.of(60000, 60000, 60000));
  assert.deepEqual(sumOf(cube, 0, 3), [180000]);
});

test("it totals a rectangle by time bin", () => {
  const cube = new Cube(head("week", 2, 3, 2), Uint8Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60));
  assert.deepEqual([...cube.totals([0, 0, 3, 2])], [21, 210]);
  assert.deepEqual([...cube.totals([1, 0, 3, 1])], [5, 50]);
  assert.deepEqual([...cube.totals([1, 1, 1, 2])], [0, 0]);
});
