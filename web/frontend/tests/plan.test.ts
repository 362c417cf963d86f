import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf, columnsOf, sayDifference, verdict } from "../src/plan/columns.ts";
import { classOf, quarters, shadingOf } from "../src/plan/shading.ts";
import { colour, FILLS, type Neighbours } from "../src/plan/colouring.ts";
import { inBox, inLasso, nearestOn, underBrush, withCompounds } from "../src/plan/gathering.ts";
import { Ground } from "../src/plan/ground.ts";
import { Plan } from "../src/plan/model.ts";
import { aheadOf, nearestTile, nextTile } from "../src/plan/steering.ts";
import { figuresWith } from "../src/plan/wish.ts";
import { alongBorders } from "../src/plan/tracing.ts";
import { speakOf, t } from "../src/plan/words.ts";
import type { Cell, Delta, Row, State } from "../src/plan/settings.ts";

/** Squares of 10 m, `wide` × `high`, ids from 100 on by lines; each is a cell of its own unless said. */
function squares(wide: number, high: number, cell: (k: number) => number = (k) => k + 1): Ground {
  const count = wide * high;
  const xy: number[] = [];
  for (let k = 0; k < count; k++) {
    const [x, y] = [(k % wide) * 10, Math.floor(k / wide) * 10];
    xy.push(x, y, x + 10, y, x + 10, y + 10, x, y + 10, x, y);
  }
  const numbers = Array.from({ length: count }, (_, k) => k);
  const columns = {
    ids: Uint32Array.from(numbers, (k) => 100 + k),
    cell: Uint32Array.from(numbers, cell),
    compound: Uint32Array.from(numbers, (k) => (k % wide === 0 ? 7 : 0)),
    community: new Uint32Array(count),
    households: new Float32Array(count),
  };
  const starts = Uint32Array.from({ length: count + 1 }, (_, k) => 5 * k);
  return new Ground([0, 0], ["110113001006"], columns, Float32Array.from(xy), starts, Uint32Array.from(numbers), new Map());
}

function nothing(): Delta {
  return { tiles: [], cell: [], cells: {}, figures: [], gone: [], come: [], between: [], households: [] };
}

test("tiles know who lies across each piece of their border", () => {
  const ground = squares(3, 3);
  assert.deepEqual(ground.neighbours(4).sort(), [1, 3, 5, 7]);
  assert.deepEqual(ground.neighbours(0).sort(), [1, 3]);
  assert.equal([...ground.across.subarray(0, 4)].filter((row) => row < 0).length, 2);
});

test("a hole may run either way round what fills it", () => {
  for (const inner of [[3, 3, 6, 3, 6, 6, 3, 6, 3, 3], [3, 3, 3, 6, 6, 6, 6, 3, 3, 3]]) {
    const xy = Float32Array.from([0, 0, 10, 0, 10, 10, 0, 10, 0, 0, ...inner, 3, 3, 6, 3, 6, 6, 3, 6, 3, 3]);
    const two = { ids: Uint32Array.of(1, 2), cell: Uint32Array.of(1, 2), compound: new Uint32Array(2), community: new Uint32Array(2), households: new Float32Array(2) };
    const ground = new Ground([0, 0], [""], two, xy, Uint32Array.of(0, 5, 10, 15), Uint32Array.of(0, 0, 1), new Map());
    assert.deepEqual(ground.neighbours(1), [0]);
    assert.equal(ground.at(4, 4), 1);
    assert.equal(ground.holds(0, ground.middles[0], ground.middles[1]), true);
  }
});

test("a tile is found by a point in it", () => {
  const ground = squares(20, 20);
  assert.equal(ground.at(35, 15), 23);
  assert.equal(ground.at(-1, 5), -1);
});

test("tiles come and go, and the rest keeps its ids", () => {
  const ground = squares(2, 1).recut({
    ...nothing(),
    gone: [101],
    come: [
      { id: 102, cell: 2, community: "110113001006", compound: 0, households: 1, rings: [[[10, 0], [15, 0], [15, 10], [10, 10], [10, 0]]] },
      { id: 103, cell: 3, community: "110113001007", compound: 0, households: 1, rings: [[[15, 0], [20, 0], [20, 10], [15, 10], [15, 0]]] },
    ],
    between: [[102, 103, 2]],
  });
  assert.deepEqual([...ground.columns.ids], [100, 102, 103]);
  assert.deepEqual(ground.neighbours(ground.rowOf(102)).sort(), [0, 2]);
  assert.equal(ground.communityOf(ground.rowOf(103)), "110113001007");
  assert.equal(ground.parts(ground.rowOf(102), ground.rowOf(103)), 2);
  assert.equal(ground.rowOf(101), -1);
});

test("a rectangle and a lasso take tiles whose middle they hold, the brush what it touches", () => {
  const ground = squares(4, 4);
  assert.deepEqual(inBox(ground, [14, 16], [2, 2]).sort(), [0, 4]);
  assert.deepEqual(inLasso(ground, [[0, 0], [21, 0], [0, 21]]).sort(), [0, 1, 4]);
  assert.deepEqual(inLasso(ground, [[0, 0], [9, 9]]), []);
  assert.deepEqual(underBrush(ground, [5, 5], [25, 5], 1).sort(), [0, 1, 2]);
  assert.deepEqual(underBrush(ground, [9, 5], [9, 5], 2).sort(), [0, 1]);
});

test("a compound comes whole", () => {
  assert.deepEqual(withCompounds(squares(2, 2), [0]).sort(), [0, 2]);
  assert.deepEqual(withCompounds(squares(2, 2), [1]), [1]);
});

test("arrows go to the tile ahead and stay at the edge", () => {
  const ground = squares(3, 3);
  assert.equal(nextTile(ground, 4, "ArrowUp"), 7);
  assert.equal(nextTile(ground, 4, "ArrowRight"), 5);
  assert.equal(nextTile(ground, 3, "ArrowLeft"), 3);
  assert.equal(nearestTile(ground, [-50, -50]), 0);
});

/** A map of `count` cells at random, each beside those that a grid with diagonals one way puts there: flat, so six do. */
function flatMap(wide: number, high: number): Neighbours {
  const found: Neighbours = new Map();
  for (let k = 0; k < wide * high; k++) found.set(k + 1, new Set());
  const join = (one: number, other: number) => {
    found.get(one)?.add(other);
    found.get(other)?.add(one);
  };
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const k = y * wide + x + 1;
      if (x + 1 < wide) join(k, k + 1);
      if (y + 1 < high) join(k, k + wide);
      if (x + 1 < wide && y + 1 < high) join(k, k + wide + 1);
    }
  return found;
}

function clashes(neighbours: Neighbours, colours: Map<number, number>): number {
  return [...neighbours].flatMap(([one, others]) => [...others].filter((other) => colours.get(one) === colours.get(other))).length;
}

test("neighbours have different colours, and every cell has one", () => {
  for (const [wide, high] of [[1, 1], [9, 7], [60, 40]]) {
    const neighbours = flatMap(wide, high);
    const colours = colour(neighbours);
    assert.equal(colours.size, wide * high);
    assert.equal(clashes(neighbours, colours), 0);
    assert.ok([...colours.values()].every((one) => one >= 0 && one < FILLS.length));
  }
});

test("cells keep their colours when the map changes a little", () => {
  const neighbours = flatMap(20, 20);
  const before = colour(neighbours);
  const [one, other] = [1, [...neighbours.keys()].find((cell) => cell > 100 && before.get(cell) === before.get(1)) ?? 0];
  neighbours.get(one)?.add(other);
  neighbours.get(other)?.add(one);
  const after = colour(neighbours, before);
  assert.equal(clashes(neighbours, after), 0);
  assert.equal([...after].filter(([cell, now]) => before.get(cell) !== now).length, 1);
});

test("too few colours are no end: as few clash as may be, none is left out", () => {
  const all: Neighbours = new Map([1, 2, 3, 4].map((one) => [one, new Set([1, 2, 3, 4].filter((other) => other !== one))]));
  assert.equal(colour(all, new Map(), 3).size, 4);
});

test("a deviation is judged by its size, the edge of the tolerance included", () => {
  assert.equal(verdict(0.1, 0.1), "good");
  assert.equal(verdict(-0.11, 0.1), "off");
  assert.equal(verdict(0.3, 0.1), "far");
});

test("a difference has a sign, and none where nothing is other", () => {
  const [deviation, , households] = columnsOf({ households: "户数" });
  assert.equal(sayDifference(households, 300, 312), "+12");
  assert.equal(sayDifference(households, 300, 288), "−12");
  assert.equal(sayDifference(households, 300, 300.2), "");
  assert.equal(sayDifference(deviation, 0.1, 0.02), "−8%");
});

test("the file holds names as text, not as formulas", () => {
  const text = csvOf(columnsOf({}).slice(0, 1), [{ number: 3, name: '=HYPERLINK("x")', row: { deviation: 0.12345 } }]);
  assert.equal(text.split("\r\n")[1], `3,"'=HYPERLINK(""x"")",0.123`);
  assert.ok(text.startsWith("\ufeff"));
});

test("the way along borders follows what was drawn beside it", () => {
  const ground = squares(4, 4);
  assert.deepEqual(alongBorders(ground, [[9, 11], [20, 12], [31, 9]]), [[10, 10], [20, 10], [30, 10]]);
  assert.deepEqual(alongBorders(ground, [[10, 10], [10.5, 10.5]]), []);
});

test("a place on a border is the nearest on the piece, its ends included", () => {
  assert.deepEqual(nearestOn([5, 3], [0, 0], [10, 0]), [5, 0]);
  assert.deepEqual(nearestOn([-5, 3], [0, 0], [10, 0]), [0, 0]);
  assert.deepEqual(nearestOn([1, 1], [2, 2], [2, 2]), [2, 2]);
});

/** A plan over squares, every cell known to it. */
function planOf(ground: Ground): Plan {
  const cell = (number: number): Cell => ({ number, name: `第${number}网格`, community: "110113001006", code: "", kind: "service", locked: false });
  const numbers = [...new Set(ground.cell)].filter(Boolean);
  const figures: Row[] = numbers.map((number) => ({ number, tiles: 1, area: 100 }));
  const standing = { revision: 0, state: "draft", target: 1, tolerance: 0.1, weights: {}, undo: 0, redo: 0 };
  return new Plan(ground, { ...standing, cells: Object.fromEntries(numbers.map((number) => [number, cell(number)])), figures } as State);
}

test("who borders on whom and where labels go stay true, step by step, painted ahead or told by the server", () => {
  let chance = 7;
  const draw = (below: number) => (chance = (chance * 48271) % 2147483647) % below;
  const plan = planOf(squares(9, 9, (k) => 1 + Math.floor(k / 12))); // seven cells: as many as there are colours
  for (let step = 0; step < 200; step++) {
    const [row, number] = [draw(81), draw(8)];
    if (draw(2)) plan.paint([row], [number]);
    else {
      const figures = [...new Set([plan.ground.cell[row], number])].map((one) => ({ number: one, tiles: 1, area: 100 }));
      plan.take({ ...nothing(), tiles: [plan.ground.columns.ids[row]], cell: [number], figures });
    }
    const fresh = planOf(plan.ground);
    for (const [one, others] of fresh.adjacent) assert.deepEqual([...(plan.adjacent.get(one) ?? [])].sort(), [...others].sort());
    for (const [one, at] of fresh.labels) assert.deepEqual(plan.labels.get(one), at);
    for (const [one, others] of fresh.adjacent) for (const other of others) assert.notEqual(plan.colours.get(one), plan.colours.get(other));
  }
});

test("arrow keys reach every dot of a border from every other", () => {
  const places = Array.from({ length: 24 }, (_, k): [number, number] => [((k * 37) % 101) - 50, ((k * 61) % 89) - 40]);
  for (const start of places.keys()) {
    const reached = new Set([start]);
    for (const at of reached) for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) reached.add(aheadOf(places, at, key));
    assert.equal(reached.size, places.length);
  }
  assert.equal(aheadOf([[0, 0], [10, 1], [30, 0]], 0, "ArrowRight"), 1);
  assert.equal(aheadOf([[0, 0], [10, 1]], 0, "ArrowLeft"), 0);
});

test("other weights and another target change work and deviation, of cells alone", () => {
  const before = new Map([[0, { number: 0, households: 5, people: 1, work: 5, deviation: 0 }], [3, { number: 3, households: 90, people: 200, work: 90, deviation: -0.1 }]]);
  const after = figuresWith(before, 200, [["households", 1], ["people", 0.5]]);
  assert.deepEqual(after.get(3), { number: 3, households: 90, people: 200, work: 190, deviation: 190 / 200 - 1 });
  assert.equal(after.get(0)?.deviation, 0);
});

test("a cell is named without its community, and with it where there are several", () => {
  const named = (...cells: [number, string, string][]) => {
    const plan = planOf(squares(3, 1));
    for (const [number, name, community] of cells) plan.cells.set(number, { ...(plan.cells.get(number) as Cell), name, community });
    return plan;
  };
  const one: [number, string, string] = [1, "建设街社区第1网格", "110113001006"];
  assert.equal(named(one).shortName(1), "第1网格");
  assert.equal(named(one, [2, "幸福社区第1网格", "110113001007"]).shortName(1), "建设街 第1");
});

test("a plan of streets speaks of streets, and names that are filled in stay", () => {
  try {
    speakOf("streets");
    assert.equal(t("把 {count} 个地块划入 {cell} 号网格", { count: 2, cell: "网格" }), "把 2 个地块划入 网格 号街道");
    Object.assign(globalThis, { gettext: () => "Cells: {cells} cells, a cell {cell}, cellar" });
    assert.equal(t("网格", { cells: 2, cell: "cell" }), "Streets: 2 streets, a street cell, cellar");
    speakOf("cells");
    assert.equal(t("网格", { cells: 2, cell: "cell" }), "Cells: 2 cells, a cell cell, cellar");
  } finally {
    Reflect.deleteProperty(globalThis, "gettext");
    speakOf("cells");
  }
});

test("a cell's colour says how far it is from what is wanted, on which side", () => {
  assert.deepEqual([-0.5, -0.15, -0.1, 0, 0.1, 0.15, 0.5].map((deviation) => classOf(deviation, 0.1)), [0, 1, 2, 2, 2, 3, 4]);
});

test("homes that go to another tile are seen there at once", () => {
  const plan = new Plan(squares(2, 1), { cells: {}, figures: [], measure: "households", target: 1, tolerance: 0.1 } as unknown as State);
  plan.ground.countHomes([[100, 3]]);
  const shading = shadingOf("homes", plan, () => null);
  assert.deepEqual([0, 1].map(shading.of), [2, 0]);
  let told: unknown;
  plan.on((changed) => (told = changed));
  plan.take({ ...nothing(), households: [[100, 0], [101, 3], [999, 1]] });
  assert.deepEqual([0, 1].map(shading.of), [0, 2]);
  assert.deepEqual(told, { box: "all", cells: new Set(), listed: false, drawn: true });
});

test("densities are parted into four, fewer where many are alike", () => {
  assert.deepEqual(quarters([10, 20, 30, 40, 50, 60, 70, 80]), [30, 50, 70]);
  assert.deepEqual(quarters([5, 5, 5, 5]), [5]);
  assert.deepEqual(quarters([]), []);
});
