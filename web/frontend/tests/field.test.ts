// The field page's pure parts: addresses, what lies under a finger, two sides of a conflict.
import assert from "node:assert/strict";
import { test } from "node:test";
import { differing, merged } from "../src/field/comparing.ts";
import { boxesMeet, boxOf, isInside, middleOf } from "../src/field/ground/inside.ts";
import { readHash } from "../src/field/router.ts";

const SQUARE = [0, 0, 4, 0, 4, 4, 0, 4, 0, 0];
const HOLE = [1, 1, 3, 1, 3, 3, 1, 3, 1, 1];

test("an address names a view, its parts and its query", () => {
  const { name, params, query } = readHash("#building/12/3%E5%8D%95%E5%85%83?door=7&item=a");
  assert.deepEqual([name, params, query.get("door"), query.get("item")], ["building", ["12", "3单元"], "7", "a"]);
});

test("an empty or broken address is no error", () => {
  assert.deepEqual([readHash("").name, readHash("#").name, readHash("#/find").name], ["", "", "find"]);
  assert.deepEqual(readHash("#find/%E5%").params, ["%E5%"]);
});

test("a point in a hole is outside, an island in it inside", () => {
  assert.equal(isInside([SQUARE, HOLE], 0.5, 0.5), true);
  assert.equal(isInside([SQUARE, HOLE], 2, 2), false);
  assert.equal(isInside([SQUARE, HOLE, [1.5, 1.5, 2.5, 1.5, 2.5, 2.5, 1.5, 2.5]], 2, 2), true);
  assert.equal(isInside([SQUARE], 5, 2), false);
  assert.equal(isInside([], 0, 0), false);
});

test("boxes know their middle and whether they meet", () => {
  assert.deepEqual(middleOf([SQUARE]), [2, 2]);
  assert.equal(boxesMeet(boxOf([SQUARE]), boxOf([HOLE])), true);
  assert.equal(boxesMeet(boxOf([SQUARE]), boxOf([[5, 5, 6, 6]])), false);
});

test("only fields in which the two sides differ are asked about", () => {
  const theirs = { state: "empty", note: "a", members: [1, 2], base: "v2" };
  assert.deepEqual(differing({ state: "rented", note: "a", members: [1], base: "v1" }, theirs), ["state", "members"]);
});

test("what is sent again is mine with the chosen fields of theirs, upon their version", () => {
  const mine = { state: "rented", note: "mine", base: "v1" };
  const theirs = { state: "empty", note: "theirs", base: "v2" };
  assert.deepEqual(merged(mine, theirs, new Set(["note"])), { state: "rented", note: "theirs", base: "v2" });
  assert.deepEqual(merged(mine, { state: "empty" }, new Set()), mine);
});
