import assert from "node:assert/strict";
import { test } from "node:test";
import { frameOf, sideAt, squareZoom } from "../src/map/frame.ts";

test("it draws at whole and half zooms", () => {
  assert.deepEqual([15, 15.2, 15.3, 15.5, 15.8].map(squareZoom), [15, 15, 15.5, 15.5, 16]);
  assert.equal(sideAt(15), 512);
  assert.ok(Math.abs(sideAt(15.5) - 512 / Math.SQRT2) < 1e-9);
});

test("it lets squares meet without a seam or an overlap, in whole pixels", () => {
  for (let x = 26990; x < 27020; x++) {
    const [a, b] = [frameOf({ x, y: 12000, z: 15.5 }), frameOf({ x: x + 1, y: 12000, z: 15.5 })];
    assert.equal(a.left + a.width, b.left);
    assert.ok(Number.isInteger(a.left) && Math.abs(a.dx) <= 0.5 && Math.abs(a.dy) <= 0.5);
  }
});

test("it takes the same pixels as the ground beneath", () => {
  const frame = frameOf({ x: 7, y: 9, z: 14 });
  assert.deepEqual(frame, { left: 3584, top: 4608, width: 512, height: 512, dx: 0, dy: 0, shrunk: 1 });
});
