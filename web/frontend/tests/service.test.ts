import assert from "node:assert/strict";
import { test } from "node:test";
import { classAt, classesFor } from "../src/service/classes.ts";
import { firstState, queryOf, sayPositions, type ServiceSettings } from "../src/service/settings.ts";

const homes = { ids: [1, 2, 3, 4, 5], at: [], tenths: [0, 150, 151, 400, -1], estimated: 0, unknown: 1 };
const settings = {
  kinds: [
    { code: "clinic", name: "", minutes: 15, bands: [], everybody: true, need: "", capacity: null },
    { code: "canteen", name: "", minutes: 10, bands: [], everybody: false, need: "", capacity: null },
  ],
  speed: 1.2,
  slow: 0.8,
} as unknown as ServiceSettings;

test("a walk of exactly the limit is within it, one of a tenth of a minute more is not", () => {
  assert.equal(classAt(150, 15), 2);
  assert.equal(classAt(151, 15), 3);
  assert.equal(classAt(9990, 15), 5);
});

test("every building with a known way is counted in one class", () => {
  const counts = classesFor(15, homes).map(({ count }) => count);
  assert.deepEqual(counts, [1, 0, 1, 1, 0, 1]);
});

test("classes join without a gap", () => {
  const classes = classesFor(12, null);
  classes.slice(1).forEach(({ from }, i) => assert.equal(from, classes[i].to));
});

test("it begins with the canteen and asks for no group and no area that is not chosen", () => {
  const state = firstState(settings);
  assert.equal(state.kind, "canteen");
  assert.equal(queryOf(state).toString(), "kind=canteen&minutes=10&speed=1.2&slow=0.8");
  assert.equal(queryOf({ ...state, group: "80+" }, { k: "2" }).get("group"), "80+");
});

test("positions are told to a decimetre", () => {
  assert.equal(sayPositions([{ at: [116.65, 40.12] }, { at: [1, 2] }]), "116.650000,40.120000;1.000000,2.000000");
});
