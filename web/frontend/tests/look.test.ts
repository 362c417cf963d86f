import assert from "node:assert/strict";
import { test } from "node:test";
import { figureLayer, shadesOf, type Look, type Shade } from "../src/drawing/look.ts";

test("it says each feature's shade through a short list", () => {
  const shades = shadesOf(Float64Array.of(7, 8, 9, 7), (id): Shade => (id === 8 ? "hidden" : id - 6));
  assert.deepEqual(shades.distinct, [1, "hidden", 3]);
  assert.deepEqual([...shades.of], [0, 1, 2, 0]);
});

test("it finds the layer that carries figures", () => {
  const look = (figures: string | null) => ({ figures }) as Look;
  assert.deepEqual(figureLayer(look("cells")), ["cells", "cell"]);
  assert.deepEqual(figureLayer(look("street")), ["areas", "area"]);
  assert.equal(figureLayer(look(null)), null);
});
