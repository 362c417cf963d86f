// Units on the phone: what waits here stands beside what the pack holds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dueBy, withItems } from "../src/field/organisations/model.ts";
import type { Item } from "../src/field/outbox.ts";
import type { OrganisationPart } from "../src/field/parts.ts";

const shop = (id: number, due: string): OrganisationPart => ({ id, building: 7, name: `${id}店`, kind: "shop", door: "", person: "", phone: "", staff: null, hazards: [], checked: "", due });
const item = (kind: string, body: Record<string, unknown>): Item => ({ uuid: `u-${kind}`, holder: "w", kind, written: 1, state: "waiting", photos: 0, edition: 0, body });

test("the longest due comes first, what is never due not at all", () => {
  const rows = withItems([shop(1, "2026-05-20"), shop(2, ""), shop(3, "2026-05-01"), shop(4, "2026-07-01")], []);
  assert.deepEqual(dueBy(rows, "2026-05-27").map(({ id }) => id), [3, 1]);
});

test("a check that waits here is done", () => {
  const rows = withItems([shop(1, "2026-05-20"), shop(3, "2026-05-01")], [item("check", { organisation: 3, outcome: "fine" })]);
  assert.deepEqual(dueBy(rows, "2026-05-27").map(({ id }) => id), [1]);
  assert.equal(rows[1].check?.uuid, "u-check");
});

test("a unit written down here is shown before the pack holds it", () => {
  const [, made] = withItems([shop(1, "")], [item("organisation", { building: 7, name: "乙店", kind: "shop", unit: "1", room: "102" })]);
  assert.deepEqual([made.id, made.building, made.name, made.door, made.item?.uuid], [0, 7, "乙店", "1-102", "u-organisation"]);
});
