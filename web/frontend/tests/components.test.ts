import assert from "node:assert/strict";
import { test } from "node:test";
import { readParts } from "../src/components/parts.ts";
import { grown, holds, nearest, type Box } from "../src/points/here.ts";
import { plate, RANK, SIGNS } from "../src/components/signs.ts";

test("it reads what the server says of each, its class in words", () => {
  const said = { classes: [["路灯", "lamp"]] as [string, string][], components: [[116, 40, "9901010118000001", 0, "reported"]] as never, more: false };
  assert.deepEqual(readParts(said), [{ lng: 116, lat: 40, code: "9901010118000001", name: "路灯", sign: "lamp", condition: "reported" }]);
});

test("a window that was loaded does for what lies inside of it", () => {
  const view: Box = [0, 0, 10, 10];
  assert.ok(holds(grown(view, 0.3), view));
  assert.ok(!holds(view, grown(view, 0.1)));
  assert.ok(!holds(null, view));
});

test("a tap takes the nearest within reach and nothing beyond", () => {
  const parts = [{ x: 0, y: 0 }, { x: 10, y: 0 }];
  assert.equal(nearest(parts, { x: 7, y: 0 }, 22, (one) => one), parts[1]);
  assert.equal(nearest(parts, { x: 40, y: 0 }, 22, (one) => one), null);
});

test("every condition has a look of its own without its colours", () => {
  const looks = Object.keys(RANK).map((one) => [plate(one).outline, plate(one).dashed].join());
  assert.equal(new Set(looks).size, looks.length);
  assert.ok(Object.keys(SIGNS).length >= 19);
});
