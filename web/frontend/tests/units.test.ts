import assert from "node:assert/strict";
import { test } from "node:test";
import { readAddress, writeAddress } from "../src/address.ts";
import { readMarks, unitsOf, type Answer } from "../src/units/marks.ts";
import { UNITS } from "../src/units/signs.ts";

const said: Answer = { marks: [[116, 40, 7, "shop", 1, "fine"], [116.1, 40.1, 8, "", 12, "hazards"]], more: false };

test("a unit alone shows its kind, several of a building their number", () => {
  assert.deepEqual(readMarks(said).map(({ code, sign, condition }) => [code, sign, condition]), [["7", "shop", "fine"], ["8", "12", "hazards"]]);
  assert.equal(unitsOf(readMarks(said)), 13);
});

test("every state has a shape of its own, whatever its colour", () => {
  const shapes = Object.keys(UNITS.rank).map((state) => UNITS.plate(state).outline);
  assert.equal(new Set(shapes).size, shapes.length);
});

test("an address shows the units and is written back as it was", () => {
  const hash = "#17/40.10000/116.60000?units=1";
  assert.ok(readAddress(hash).units);
  assert.equal(writeAddress(readAddress(hash)), hash);
});
