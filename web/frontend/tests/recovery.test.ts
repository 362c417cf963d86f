import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseAfter } from "../src/recovery.ts";

test("it waits longer each time, never long, and no two browsers alike", () => {
  const waits = Array.from({ length: 12 }, (_, failures) => pauseAfter(failures, 0.5));
  assert.deepEqual(waits, [...waits].sort((a, b) => a - b));
  assert.ok(waits[0] <= 1500 && waits[11] <= 40_000);
  assert.ok(pauseAfter(3, 0) < pauseAfter(3, 1));
});
