// Doors on the phone: arranged and planned as the server does it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readIdentity } from "../src/field/doors/identity.ts";
import { compareNaturally, readRoom } from "../src/field/doors/numbering.ts";
import { inShort, nextUnit, planBuilding, planFloor, planUnit } from "../src/field/doors/plans.ts";
import { arrange, doorsOf, walkingOrder, type Placed } from "../src/field/doors/storeys.ts";

type Row = [string, number | null, string];
interface Case {
  it: string;
  doors: Row[];
  floor?: number;
  source?: string;
  unit?: string;
  continued?: boolean;
  units?: number;
  floors?: number;
  each?: number;
  planned: Row[] | null;
}
// From node_modules/.tests, where these tests are bundled to.
const cases = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../../tests/gis/places/door_plans.json"), "utf8"),
) as Case[];

const doors = (rows: Row[]): Placed[] => rows.map(([unit, floor, room]) => ({ unit, floor, room }));

function plan(one: Case): Placed[] {
  if (one.each !== undefined) return planBuilding(one.units!, one.floors!, one.each);
  if (one.floor !== undefined) return planFloor(doors(one.doors), one.floor);
  return planUnit(doors(one.doors), one.source!, one.unit!, one.continued);
}

for (const one of cases)
  test(`it ${one.it}, as the server does`, () => {
    assert.deepEqual(
      plan(one).map(({ unit, floor, room }) => [unit, floor, room]),
      one.planned ?? [],
    );
  });

function drawn(rows: Row[]): [number | null, string][] {
  const [unit] = arrange(doors(rows));
  return unit.rows.map((row) => [
    row.floor,
    [...row.slots.map(({ room, door }) => (door ? room : `(${room})`)), ...row.beside.map(({ room }) => `+${room}`)].join(" "),
  ]);
}

test("it leaves the place of a missing door open", () => {
  assert.deepEqual(drawn([["1", 2, "201"], ["1", 2, "202"], ["1", 1, "102"]]), [[2, "201 202"], [1, "(101) 102"]]);
});

test("it shows storeys without doors between others but no floor 0", () => {
  const rows = drawn([["1", 3, "301"], ["1", -1, "B101"]]);
  assert.deepEqual(rows, [[3, "301"], [2, "()"], [1, "()"], [-1, "B101"]]);
});

test("it keeps odd numbers beside the columns, and doors without a floor last", () => {
  const rows = drawn([["1", 6, "601"], ["1", 6, "501"], ["1", null, "门房"]]);
  assert.deepEqual(rows, [[6, "601 +501"], [null, "+门房"]]);
});

test("it writes a missing number as its neighbours are written", () => {
  const rows = drawn([["", 3, "0301"], ["", 3, "0302"], ["", 2, "0202"], ["", 12, "1201"]]);
  assert.deepEqual(rows[rows.length - 1], [2, "(0201) 0202"]);
});

test("it walks up the stairs, and down where there is a lift", () => {
  const low = planBuilding(2, 2, 1);
  assert.deepEqual(walkingOrder(arrange(low)).map(({ unit, room }) => `${unit}-${room}`), ["1-101", "1-201", "2-101", "2-201"]);
  const tower = planBuilding(0, 30, 1);
  assert.equal(walkingOrder(arrange(tower))[0].room, "3001");
});

test("it loses no door, whatever the numbers", () => {
  const odd = doors([["1", 1, "101"], ["1", 1, "0101"], ["2", 400, "x"], ["", null, "101"], ["甲", -3, "-301"]]);
  const shown = arrange(odd).flatMap(({ rows }) => rows.flatMap(doorsOf));
  assert.equal(new Set(shown).size, odd.length);
});

test("it sorts as people count", () => {
  assert.deepEqual(["10", "2", "A10", "A2", "甲"].sort(compareNaturally), ["2", "10", "A2", "A10", "甲"].sort(compareNaturally));
  assert.deepEqual(["A10", "A2"].sort(compareNaturally), ["A2", "A10"]);
});

test("it reads numbers as the server does", () => {
  assert.deepEqual(readRoom("0301", 3), { style: { prefix: "", digits: 2 }, column: { number: 1, suffix: "" } });
  assert.equal(readRoom("402", 3), null);
  assert.equal(nextUnit(doors([["1", 1, "101"], ["10", 1, "101"]])), "11");
});

test("it says many rooms in short", () => {
  assert.equal(inShort(planBuilding(0, 2, 4)), "101–104、201–204");
});

test("it reads sex and birth from a number and judges its check character", () => {
  const invented = "110113198001019990";
  assert.deepEqual(readIdentity(invented, true), { problem: "", sex: "1", born: "1980-01-01" });
  assert.equal(readIdentity(invented, false).problem, "check");
  assert.equal(readIdentity("110113198013019990", true).problem, "birth");
  assert.equal(readIdentity("1101131980", true).problem, "shape");
});
