import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeTile } from "../src/tiles/decode.ts";
import { eachRing } from "../src/tiles/rings.ts";
import { buffersOf, word, type Shapes } from "../src/tiles/shapes.ts";
import { drawTile, moved, SQUARE } from "./tile.ts";

function ringsOf(shapes: Shapes, i: number): number[][][] {
  const rings: number[][][] = [];
  eachRing(shapes, i, (from, to) =>
    rings.push(
      Array.from({ length: to - from }, (_, k) => [...shapes.xy.slice((from + k) * 2, (from + k) * 2 + 2)]),
    ),
  );
  return rings;
}

test("it reads ids, rings, holes and boxes", () => {
  const hole = [
    [20, 20],
    [20, 40],
    [40, 40],
  ] as [number, number][];
  const { cell } = decodeTile(
    drawTile({
      cell: [
        { id: 7, rings: [SQUARE, hole] },
        { id: 9, rings: [moved(SQUARE, 200)] },
      ],
    }),
  );
  assert.deepEqual([...cell.ids], [7, 9]);
  assert.deepEqual(ringsOf(cell, 0), [SQUARE, hole]);
  assert.deepEqual(ringsOf(cell, 1), [moved(SQUARE, 200)]);
  assert.deepEqual([...cell.boxes.slice(4)], [200, 0, 300, 100]);
});

test("it keeps coordinates far outside the tile", () => {
  const far = moved(SQUARE, -70000, 90000);
  const { building } = decodeTile(drawTile({ building: [{ id: 1, rings: [far] }] }));
  assert.deepEqual(ringsOf(building, 0), [far]);
});

test("it reads words of every kind, and says nothing where there are none", () => {
  const words = { name: "第3网格", floors: 6, share: 0.5, below: -2, open: true };
  const { x } = decodeTile(
    drawTile({
      x: [
        { id: 1, rings: [SQUARE], words },
        { id: 2, rings: [SQUARE] },
      ],
    }),
  );
  for (const [key, value] of Object.entries(words)) assert.equal(word(x, key, 0), value);
  assert.equal(word(x, "name", 1), undefined);
  assert.equal(word(x, "absent", 0), undefined);
});

test("it reads ids beyond 32 bits", () => {
  const { x } = decodeTile(drawTile({ x: [{ id: 2 ** 40 + 3, rings: [SQUARE] }] }));
  assert.equal(x.ids[0], 2 ** 40 + 3);
});

test("it reads several layers and lines", () => {
  const line = [
    [0, 0],
    [50, 0],
    [50, 80],
  ] as [number, number][];
  const tile = decodeTile(
    drawTile({
      way: [{ id: 1, type: 2, rings: [line, moved(line, 9)] }],
      ground: [{ id: 2, rings: [SQUARE] }],
    }),
  );
  assert.deepEqual(Object.keys(tile), ["way", "ground"]);
  assert.deepEqual(ringsOf(tile.way, 0), [line, moved(line, 9)]);
});

test("it brings another extent to ours", () => {
  const { x } = decodeTile(drawTile({ x: [{ id: 1, rings: [SQUARE] }] }, 2048));
  assert.deepEqual([...x.boxes], [0, 0, 200, 200]);
});

test("it grows beyond its first buffer", () => {
  const long = Array.from({ length: 9000 }, (_, k) => [k, k % 7] as [number, number]);
  const { x } = decodeTile(drawTile({ x: [{ id: 1, type: 2, rings: [long] }] }));
  assert.deepEqual(ringsOf(x, 0)[0], long);
});

test("it reads nothing from nothing", () => {
  assert.deepEqual(decodeTile(new ArrayBuffer(0)), {});
});

test("it names every buffer once, so that the tile can be handed over", () => {
  const tile = decodeTile(
    drawTile({ a: [{ id: 1, rings: [SQUARE], words: { k: 1 } }], b: [{ id: 2, rings: [SQUARE] }] }),
  );
  const buffers = buffersOf(tile);
  assert.equal(new Set(buffers).size, buffers.length);
  assert.ok(structuredClone(tile, { transfer: buffers }).a.xy.length);
});
