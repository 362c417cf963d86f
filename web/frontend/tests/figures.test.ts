import assert from "node:assert/strict";
import { test } from "node:test";
import { classOf, quantileBreaks, summarise } from "../src/figures/classes.ts";
import { NumberFormat } from "../src/figures/format.ts";
import { palette, toLab } from "../src/figures/palette.ts";
import { scaleOf, shadeIn } from "../src/figures/scale.ts";
import type { PlaceList } from "../src/figures/listed.ts";
import { readPacked } from "../src/figures/packed.ts";
import { figureAt, figuresOf, HIDDEN, SHOWN, UNKNOWN } from "../src/figures/values.ts";
import { ranked } from "../src/ui/ranking.ts";

const CODES = ["110113001006001", "110113001006002", "110113001006003", "110113001006004"];
const LIST: PlaceList = {
  layer: "cells",
  mark: "m",
  ids: Uint32Array.of(11, 12, 13, 14),
  codes: CODES,
  names: ["一", "二", "三", "四"],
  km2: Float32Array.of(1, 1, 1, 1),
  west: new Float32Array(4),
  south: new Float32Array(4),
  east: new Float32Array(4),
  north: new Float32Array(4),
  rowOfId: new Map([11, 12, 13, 14].map((id, row) => [id, row])),
  rowOfCode: new Map(CODES.map((code, row) => [code, row])),
};

function someFigures(values = [30, 10, 3, NaN], state = [SHOWN, SHOWN, HIDDEN, UNKNOWN]) {
  const head = {
    indicator: "population",
    layer: "cells",
    list: "m",
    unit: "人",
    at: "2026-11-23T08:00:00+08:00",
    note: "",
    source: "",
    classes: [],
  };
  return figuresOf(head, { values: Float32Array.from(values), state: Uint8Array.from(state) }, LIST);
}

test("it makes classes of equal size", () => {
  const figures = Array.from({ length: 60 }, (_, k) => k);
  const breaks = quantileBreaks(figures, 6);
  assert.deepEqual(
    summarise(figures, breaks).map((one) => one.count),
    [10, 10, 10, 10, 10, 10],
  );
});

test("it never parts equal figures", () => {
  const figures = [5, 5, 5, 5, 5, 9];
  const breaks = quantileBreaks(figures, 4);
  assert.deepEqual(breaks, [5, 9]);
  assert.deepEqual(summarise(figures, breaks), [
    { from: 5, to: 5, count: 5 },
    { from: 9, to: 9, count: 1 },
  ]);
});

test("it puts every figure into a class that holds it", () => {
  const figures = [3, -2, 0, 7.5, 100, 8, 8, 41];
  const breaks = quantileBreaks(figures, 5);
  const classes = summarise(figures, breaks);
  for (const figure of figures) {
    const { from, to } = classes[classOf(figure, breaks)];
    assert.ok(from <= figure && figure <= to);
  }
  assert.equal(
    classes.reduce((sum, one) => sum + one.count, 0),
    figures.length,
  );
});

test("it makes no class of no figure and one of one", () => {
  assert.deepEqual(quantileBreaks([], 6), []);
  assert.deepEqual(quantileBreaks([4], 6), [4]);
});

test("it darkens in even steps, so that a grey print keeps the order", () => {
  for (const count of [2, 3, 4, 5, 6, 7]) {
    const lightness = palette(count).map((colour) => toLab(colour)[0]);
    const steps = lightness.slice(1).map((value, k) => lightness[k] - value);
    assert.ok(Math.min(...steps) > 0.06);
    assert.ok(Math.max(...steps) - Math.min(...steps) < 0.02);
  }
});

test("it withholds what the server withheld, even if a figure came with it", () => {
  assert.equal(figureAt(someFigures(), 2), null);
});

test("it reads what the server packed", () => {
  const head = JSON.stringify({ unit: "人", arrays: [["state", "u1", 3], ["values", "f4", 2], ["short", "f3", 2]] });
  const said = new TextEncoder().encode(head);
  const start = 4 + Math.ceil(said.length / 4) * 4;
  const bytes = new Uint8Array(start + 4 + 8 + 8).fill(32);
  new DataView(bytes.buffer).setUint32(0, start - 4, true);
  bytes.set(said, 4);
  bytes.set([0, 1, 2], start);
  new DataView(bytes.buffer).setFloat32(start + 4, 1.5, true);
  new DataView(bytes.buffer).setFloat32(start + 8, -2, true);
  bytes.set([0, 0, 192, 32, 63, 192], start + 12); // 0x3fc00000 and 0xc0200000
  const { arrays } = readPacked<{ unit: string }>(bytes.buffer);
  assert.deepEqual([[...arrays.state], [...arrays.values], [...arrays.short]], [[0, 1, 2], [1.5, -2], [1.5, -2.5]]);
});

test("it tells withheld from unknown and from figures", () => {
  const figures = someFigures();
  const scale = scaleOf(figures);
  assert.deepEqual([scale.hidden, scale.unknown], [1, 1]);
  assert.deepEqual([11, 12, 13, 14, 99].map(shadeIn(figures, scale)), [1, 0, "hidden", "none", "none"]);
});

test("it ranks figures both ways, the withheld and unknown always last", () => {
  assert.deepEqual(ranked(someFigures(), true, null), [0, 1, 2, 3]);
  assert.deepEqual(ranked(someFigures(), false, null), [1, 0, 2, 3]);
  assert.deepEqual(ranked(someFigures(), true, new Set([CODES[1]])), [1]);
});

test("it writes figures as people do", () => {
  const format = new NumberFormat("zh-hans");
  assert.equal(format.say(12345.6), "12,346");
  assert.equal(format.say(8.25), "8.3");
  assert.equal(format.range(4, 4), "4");
  assert.equal(format.range(224, 1741), "224–1,741");
  assert.equal(format.withUnit(10.2, "%"), "10.2%");
  assert.equal(format.withUnit(10, "人"), "10 人");
});
