import assert from "node:assert/strict";
import { test } from "node:test";
import { stretchesAlong, isStacked } from "../src/labels/along.ts";
import { addAnchors, widestChord } from "../src/tiles/anchors.ts";
import { bordersOf } from "../src/tiles/borders.ts";
import { decodeTile } from "../src/tiles/decode.ts";
import { featureAt } from "../src/tiles/pick.ts";
import { eachLine } from "../src/tiles/rings.ts";
import type { Lines, Shapes } from "../src/tiles/shapes.ts";
import { drawTile, moved, SQUARE, type Drawn } from "./tile.ts";

function shapesOf(...features: Drawn[]): Shapes {
  return decodeTile(drawTile({ x: features })).x;
}

function linesOf(lines: Lines): number[][][] {
  const found: number[][][] = [];
  eachLine(lines, (from, to) =>
    found.push(
      Array.from({ length: to - from }, (_, k) => [...lines.xy.slice((from + k) * 2, (from + k) * 2 + 2)]),
    ),
  );
  return found;
}

function segments(lines: Lines): string[] {
  return linesOf(lines).flatMap((line) =>
    line.slice(1).map((point, k) => [line[k], point].map(String).sort().join(" ")),
  );
}

test("it picks the polygon under a point, not its hole, not its box", () => {
  const hole = [
    [30, 30],
    [30, 70],
    [70, 70],
    [70, 30],
  ] as [number, number][];
  const triangle = [
    [200, 0],
    [300, 0],
    [300, 100],
  ] as [number, number][];
  const shapes = shapesOf({ id: 1, rings: [SQUARE, hole] }, { id: 2, rings: [triangle] });
  assert.equal(featureAt(shapes, 10, 10), 0);
  assert.equal(featureAt(shapes, 50, 50), -1);
  assert.equal(featureAt(shapes, 290, 50), 1);
  assert.equal(featureAt(shapes, 210, 90), -1);
});

test("it picks what was drawn last, among what is wanted", () => {
  const shapes = shapesOf({ id: 1, rings: [SQUARE] }, { id: 2, rings: [SQUARE] });
  assert.equal(featureAt(shapes, 50, 50), 1);
  assert.equal(
    featureAt(shapes, 50, 50, (i) => i === 0),
    0,
  );
});

test("it gives a point on a shared border to exactly one neighbour", () => {
  const shapes = shapesOf({ id: 1, rings: [SQUARE] }, { id: 2, rings: [moved(SQUARE, 100)] });
  const holding = [0, 1].filter((k) => featureAt(shapes, 100, 50, (i) => i === k) >= 0);
  assert.equal(holding.length, 1);
});

test("it draws a shared border once", () => {
  const two = segments(
    bordersOf(shapesOf({ id: 1, rings: [SQUARE] }, { id: 2, rings: [moved(SQUARE, 100)] })),
  );
  assert.equal(two.length, 7);
  assert.equal(new Set(two).size, 7);
});

test("it chains edges between junctions", () => {
  const lines = linesOf(
    bordersOf(shapesOf({ id: 1, rings: [SQUARE] }, { id: 2, rings: [moved(SQUARE, 100)] })),
  );
  assert.deepEqual(lines.map((line) => line.length).sort(), [2, 4, 4]);
});

test("it closes a ring that has no junction", () => {
  const [ring] = linesOf(bordersOf(shapesOf({ id: 1, rings: [SQUARE] })));
  assert.deepEqual(ring[0], ring[ring.length - 1]);
  assert.equal(ring.length, 5);
});

test("it leaves out the line along which the server cut", () => {
  const cut = [
    [-128, 10],
    [50, 10],
    [50, 60],
    [-128, 60],
  ] as [number, number][];
  assert.equal(segments(bordersOf(shapesOf({ id: 1, rings: [cut] }))).length, 3);
});

test("it keeps borders of two levels apart", () => {
  const shapes = shapesOf(
    { id: 1, rings: [SQUARE], words: { level: "street" } },
    { id: 2, rings: [SQUARE], words: { level: "community" } },
  );
  assert.deepEqual(new Set(bordersOf(shapes, "level").kinds), new Set([1, 2]));
});

test("it puts a name where the polygon is widest", () => {
  const bottle = [
    [40, 0],
    [60, 0],
    [60, 50],
    [100, 50],
    [100, 100],
    [0, 100],
    [0, 50],
    [40, 50],
  ] as [number, number][];
  const [x, y, room] = widestChord(shapesOf({ id: 1, rings: [bottle] }), 0);
  assert.equal(x, 50);
  assert.ok(y > 50);
  assert.equal(room, 100);
});

test("it keeps a name inside a crescent", () => {
  const crescent = [
    [0, 0],
    [100, 0],
    [100, 20],
    [20, 20],
    [20, 80],
    [100, 80],
    [100, 100],
    [0, 100],
  ] as [number, number][];
  const shapes = shapesOf({ id: 1, rings: [crescent] });
  addAnchors(shapes);
  const [x, y] = shapes.anchors as Float32Array;
  assert.equal(featureAt(shapes, x, y), 0);
});

test("it spreads a road's name along it and never upside down", () => {
  const back = Int32Array.from([1000, 0, 0, 0]);
  const found = stretchesAlong(back, 0, 2, 400, 60);
  assert.deepEqual(
    found.map(({ x, y, angle }) => [x, y, Math.abs(angle)]),
    [
      [750, 0, 0],
      [250, 0, 0],
    ],
  );
});

test("it leaves a road unnamed that is shorter than its name", () => {
  assert.deepEqual(stretchesAlong(Int32Array.from([0, 0, 50, 0]), 0, 2, 400, 60), []);
});

test("it writes Chinese downwards on a north–south road, and Latin along it", () => {
  assert.equal(isStacked(Math.PI / 2, "光明北街"), true);
  assert.equal(isStacked(0.3, "光明北街"), false);
  assert.equal(isStacked(Math.PI / 2, "Guangming Rd"), false);
});
