import assert from "node:assert/strict";
import { test } from "node:test";
import { overlap, placeLabels, type Candidate } from "../src/labels/place.ts";

function label(key: string, x: number, y: number, more: Partial<Candidate> = {}): Candidate {
  const rest = { angle: 0, stacked: false, style: "cell", rank: 1, room: Infinity, apart: 0 };
  return { key, lines: [key], x, y, ...rest, ...more };
}

const SIZE = () => ({ width: 60, height: 16 });
const keys = (candidates: Candidate[]) => placeLabels(candidates, SIZE).map((one) => one.key);

test("it writes the more important of two that collide", () => {
  assert.deepEqual(keys([label("road", 0, 0, { rank: 4 }), label("cell", 10, 4)]), ["cell"]);
});

test("it writes both when they do not touch", () => {
  assert.deepEqual(keys([label("a", 0, 0), label("b", 80, 0)]), ["a", "b"]);
});

test("it never writes one over another", () => {
  const many = Array.from({ length: 300 }, (_, k) =>
    label(`l${k}`, (k * 37) % 500, (k * 91) % 400, { angle: (k % 7) / 5 }),
  );
  const placed = placeLabels(many, SIZE);
  for (const a of placed) for (const b of placed) assert.ok(a === b || !overlap(a.box, b.box));
  assert.ok(placed.length > 20);
});

test("it does not depend on the order in which tiles came", () => {
  const many = Array.from({ length: 80 }, (_, k) =>
    label(`l${k}`, (k * 37) % 300, (k * 91) % 200, { rank: k % 3 }),
  );
  assert.deepEqual(keys(many), keys([...many].reverse()));
});

test("it writes what two tiles know of only once", () => {
  assert.deepEqual(keys([label("park", 0, 0), label("park", 300, 0)]), ["park"]);
});

test("it writes nothing wider than its ground", () => {
  assert.deepEqual(keys([label("cell", 0, 0, { room: 50 })]), []);
});

test("it keeps a road's name from repeating too soon", () => {
  const road = { lines: ["府前街"], apart: 300 };
  assert.deepEqual(keys([label("a", 0, 0, road), label("b", 200, 0, road), label("c", 400, 0, road)]), [
    "a",
    "c",
  ]);
});

test("it moves aside when it may", () => {
  const [, moved] = placeLabels([label("a", 0, 0), label("b", 0, 0, { rank: 2, slides: [10, 24] })], SIZE);
  assert.equal(moved.y, 24);
});

test("it keeps off what is taken", () => {
  assert.deepEqual(placeLabels([label("a", 0, 0)], SIZE, [{ west: -5, north: -5, east: 5, south: 5 }]), []);
});

test("it takes more height than width for a name written downwards", () => {
  const [placed] = placeLabels([label("光明北街", 0, 0, { stacked: true, angle: 1.5 })], SIZE);
  assert.ok(placed.box.south - placed.box.north > placed.box.east - placed.box.west);
});

test("it keeps what is written already before what is as good, and not before what is better", () => {
  const [a, b, better] = [label("a", 0, 0), label("b", 10, 0), label("c", 20, 0, { rank: 0 })];
  const kept = (...candidates: Candidate[]) =>
    placeLabels(candidates, SIZE, [], new Set(["b"])).map((one) => one.key);
  assert.deepEqual(kept(a, b), ["b"]);
  assert.deepEqual(kept(a, b, better), ["c"]);
});
