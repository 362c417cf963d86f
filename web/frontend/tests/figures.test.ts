import assert from "node:assert/strict";
import { test } from "node:test";
import {
  classOf,
  equalBreaks,
  naturalBreaks,
  ownBreaks,
  quantileBreaks,
  readBreaks,
  summarise,
} from "../src/figures/classes.ts";
import { NumberFormat } from "../src/figures/format.ts";
import { palette, PALETTES, toLab } from "../src/figures/palette.ts";
import { scaleOf, shadeIn } from "../src/figures/scale.ts";
import type { PlaceList } from "../src/figures/listed.ts";
import { readPacked } from "../src/figures/packed.ts";
import { compared, figureAt, figuresOf, HIDDEN, SHOWN, UNKNOWN } from "../src/figures/values.ts";
import { csvOf, ranked } from "../src/figures/order.ts";
import { questionOf, readWish, writeWish, type Wish } from "../src/figures/question.ts";

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

function classed(figures: number[], breaks: number[]) {
  return summarise(figures, breaks.length, (figure) => classOf(figure, breaks));
}

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
    classed(figures, breaks).map((one) => one.count),
    [10, 10, 10, 10, 10, 10],
  );
});

test("it never parts equal figures", () => {
  const figures = [5, 5, 5, 5, 5, 9];
  const breaks = quantileBreaks(figures, 4);
  assert.deepEqual(breaks, [5, 9]);
  assert.deepEqual(classed(figures, breaks), [
    { from: 5, to: 5, count: 5 },
    { from: 9, to: 9, count: 1 },
  ]);
});

test("it puts every figure into a class that holds it", () => {
  const figures = [3, -2, 0, 7.5, 100, 8, 8, 41];
  const breaks = quantileBreaks(figures, 5);
  const classes = classed(figures, breaks);
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
  for (const name of PALETTES)
    for (const count of [2, 3, 4, 5, 6, 7]) {
      const lightness = palette(count, name).map((colour) => toLab(colour)[0]);
      const steps = lightness.slice(1).map((value, k) => lightness[k] - value);
      assert.ok(Math.min(...steps) > 0.06, name);
      assert.ok(Math.max(...steps) - Math.min(...steps) < 0.02, name);
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
  const all = () => true;
  assert.deepEqual(ranked(someFigures(), { by: "value", falling: true }, all), [0, 1, 2, 3]);
  assert.deepEqual(ranked(someFigures(), { by: "value", falling: false }, all), [1, 0, 2, 3]);
  assert.deepEqual(ranked(someFigures(), { by: "value", falling: true }, (row) => row === 1), [1]);
  assert.deepEqual(ranked(someFigures(), { by: "name", falling: false }, all), [1, 2, 3, 0]); // èr, sān, sì, yī
});

/** All ways to part sorted items into runs, tried. */
function leastDeviation(items: number[], classes: number): number {
  const mean = items.reduce((sum, one) => sum + one, 0) / items.length;
  const whole = items.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  if (classes === 1) return whole;
  const cuts = items.slice(1).map((_, k) => leastDeviation(items.slice(k + 1), 1) + leastDeviation(items.slice(0, k + 1), classes - 1));
  return Math.min(whole, ...cuts);
}

test("it finds the natural breaks that no other partition betters", () => {
  let seed = 7;
  const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 60; round++) {
    const items = Array.from({ length: 4 + (round % 8) }, () => Math.round(next() * 30 - 8)).sort((a, b) => a - b);
    const classes = 2 + (round % 3);
    const breaks = naturalBreaks(items, classes);
    const found = breaks.reduce((sum, end, k) => {
      const members = items.filter((one) => one <= end && (k === 0 || one > breaks[k - 1]));
      return sum + leastDeviation(members, 1);
    }, 0);
    assert.ok(Math.abs(found - leastDeviation(items, classes)) < 1e-6, `${items} in ${classes}: ${breaks}`);
  }
});

test("it finds natural breaks of 40,000 figures while nobody waits", () => {
  const items = Float32Array.from({ length: 40_000 }, (_, k) => ((k * 7919) % 40_009) ** 1.5);
  const started = performance.now();
  assert.equal(naturalBreaks(items, 7).length, 7);
  assert.ok(performance.now() - started < 2000);
});

test("it makes classes of equal width, and those that were typed", () => {
  assert.deepEqual(equalBreaks([0, 1, 2, 30], 3), [10, 20, 30]);
  assert.deepEqual(equalBreaks([4, 4], 3), [4]);
  assert.deepEqual(ownBreaks([1, 9, 50], [10, 5]), [5, 10, 50]);
  assert.deepEqual(readBreaks("10，20; 35.5"), [10, 20, 35.5]);
  assert.equal(readBreaks("10, many"), null);
  assert.equal(readBreaks(" "), null);
});

test("it gives a change the colour of its side, and none its own", () => {
  const figures = someFigures([30, 10, 3, 8], [SHOWN, SHOWN, SHOWN, SHOWN]);
  const before = { ...figures, previous: Float32Array.of(10, 10, 23, 0) };
  const scale = scaleOf(compared(before, "difference"));
  assert.deepEqual([...compared(before, "difference").shown], [20, 0, -20, 8]);
  const middle = scale.middle as number;
  assert.equal(scale.shades[1], middle);
  assert.ok(scale.shades[0] > scale.shades[3] && scale.shades[3] > middle);
  assert.equal(scale.shades[2] - middle, middle - scale.shades[0]); // as much less as the first is more
  assert.deepEqual([...compared(before, "percent").shown].slice(0, 2), [200, 0]);
  assert.ok(Number.isNaN(compared(before, "percent").shown[3])); // from nothing there is no per cent
});

test("it colours categories as the server says", () => {
  const figures = { ...someFigures([1, 0, NaN, 1], [SHOWN, SHOWN, UNKNOWN, SHOWN]), classes: [{ name: "热点", colour: "#b3364f" }, { name: "冷点", colour: "#3b6fa8" }] };
  const scale = scaleOf(figures);
  assert.deepEqual(scale.colours, ["#b3364f", "#3b6fa8"]);
  assert.deepEqual(scale.classes.map((one) => one.count), [1, 2]);
  assert.deepEqual([11, 12, 13].map(shadeIn(figures, scale, 1)), [1, "none", "none"]); // one class held up
});

test("it writes the table as a file that a spreadsheet reads and nobody can abuse", () => {
  const format = new NumberFormat("zh-hans");
  const figures = someFigures();
  const text = csvOf(figures, [0, 2, 3], "常住人口", format, (row) => ({ name: row ? "=1+1" : '"甲", 乙', parent: "" }));
  const lines = text.split("\r\n");
  assert.equal(text[0], "\uFEFF");
  assert.match(lines[0], /常住人口 \(人\)$/);
  assert.ok(lines[1].includes('"""甲"", 乙"') && lines[1].endsWith(",30"));
  assert.ok(lines[2].includes("'=1+1"));
  assert.ok(!lines[2].includes("3,3") && lines[3].endsWith("–"));
});

test("it says in the address what is asked, and nothing of what is usual", () => {
  const wish: Wish = { indicator: "incidents", days: 90, kind: "c12", compare: "percent" };
  assert.equal(writeWish(wish), "incidents~90~c12~percent");
  assert.deepEqual(readWish("incidents~90~c12~percent"), wish);
  assert.equal(writeWish(readWish("population")), "population");
  assert.deepEqual(readWish("open~11~<b>"), { indicator: "open", days: 30, kind: "", compare: "" });
  const indicator = { code: "open", name: "", unit: "", group: "", takes: ["kind"], compares: false };
  assert.deepEqual(questionOf({ ...wish, indicator: "open" }, indicator), { indicator: "open", category: "12" });
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
