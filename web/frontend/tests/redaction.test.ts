import assert from "node:assert/strict";
import { test } from "node:test";
import { between, moved, readBoxes, resized, writeBoxes } from "../src/site/redaction.ts";

test("boxes come back as they were written", () => {
  const boxes = [
    { left: 12.5, top: 30, width: 10, height: 8.25 },
    { left: 0, top: 0, width: 100, height: 1 },
  ];
  assert.deepEqual(readBoxes(writeBoxes(boxes)), boxes);
  assert.deepEqual(readBoxes("1 2 3\n\nx y z w\n1,2,3,4"), [{ left: 1, top: 2, width: 3, height: 4 }]);
});

test("a box is the same whichever corner was pressed first, and stays inside the photo", () => {
  assert.deepEqual(between(10, 20, 30, 25), between(30, 25, 10, 20));
  assert.deepEqual(between(90, 90, 130, 140), { left: 90, top: 90, width: 10, height: 10 });
});

test("moved or resized it neither leaves the photo nor vanishes", () => {
  const box = { left: 40, top: 40, width: 20, height: 20 };
  assert.deepEqual(moved(box, 100, -100), { left: 80, top: 0, width: 20, height: 20 });
  assert.equal(resized(box, 100, 0).width, 60);
  assert.ok(resized(box, -100, -100).width > 0);
});
