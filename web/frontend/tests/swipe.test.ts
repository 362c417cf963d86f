// The slider between two drawings follows a pointer, and never past its ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shareOf } from "../src/site/swipe.ts";

test("a pointer's place is a share of the width, kept between the ends", () => {
  assert.equal(shareOf(150, 100, 200), 25);
  assert.equal(shareOf(20, 100, 200), 0);
  assert.equal(shareOf(900, 100, 200), 100);
  assert.equal(shareOf(100, 100, 0), 0);
});
