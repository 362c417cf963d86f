import assert from "node:assert/strict";
import { test } from "node:test";
import { classOf, quantileBreaks, summarise } from "../src/figures/classes.ts";
import { NumberFormat } from "../src/figures/format.ts";
import { palette, toLab } from "../src/figures/palette.ts";
import { scaleOf, shadeIn } from "../src/figures/scale.ts";
import { readFigures } from "../src/figures/values.ts";
import { ranked } from "../src/ui/ranking.ts";

const WIRE = {
  layer: "cells",
  indicator: "population",
  unit: "人",
  at: "2026-11-23T08:00:00+08:00",
  ids: [1, 2, 3, 4],
  codes: ["110113001006001", "110113001006002", "110113001006003", "110113001006004"],
  names: ["一", "二", "三", "四"],
  values: [30, 10, 3, null],
  hidden: [3],
};

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
  const figures = readFigures(WIRE);
  assert.equal(figures.byId.get(3)?.value, null);
  assert.equal(figures.byId.get(3)?.hidden, true);
});

test("it tells withheld from unknown and from figures", () => {
  const figures = readFigures(WIRE);
  const scale = scaleOf(figures);
  assert.deepEqual([scale.hidden, scale.unknown], [1, 1]);
  assert.deepEqual([1, 2, 3, 4, 99].map(shadeIn(figures, scale)), [1, 0, "hidden", "none", "none"]);
});

test("it ranks figures both ways, the withheld and unknown always last", () => {
  const { rows } = readFigures(WIRE);
  assert.deepEqual(
    ranked(rows, true, null).map((row) => row.id),
    [1, 2, 3, 4],
  );
  assert.deepEqual(
    ranked(rows, false, null).map((row) => row.id),
    [2, 1, 3, 4],
  );
  assert.deepEqual(
    ranked(rows, true, new Set(["110113001006002"])).map((row) => row.id),
    [2],
  );
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
