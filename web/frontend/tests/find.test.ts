// What is typed without signal is read as the server reads it: the same cases are held against the Python.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { find, type Known } from "../src/field/find/finding.ts";
import { spell } from "../src/field/find/spelling.ts";

interface Building {
  compound?: string;
  number?: string;
  road?: string;
  gate?: string;
  doors: [string, string][];
}
const cases = JSON.parse(readFileSync(join(process.cwd(), "../../tests/gis/places/search/field_cases.json"), "utf8")) as {
  spelling: [string, string][];
  buildings: Building[];
  found: [string, number, [string, string] | null][];
  missing: [string, string, string, number][];
};
const SOUNDS: Record<string, string> = { 瓢泉北区: "piao quan bei qu", 瓢泉南区: "piao quan nan qu", 稼轩路: "jia xuan lu" };
const KNOWN: Known[] = cases.buildings.map(({ compound, number, road, gate, doors }, id) => ({
  id,
  label: compound ? `${compound}${number}` : `${road}${gate}`,
  address: road ? `${road}${gate}` : "",
  sound: SOUNDS[compound ?? road ?? ""],
  doors,
}));

for (const [typed, spelt] of cases.spelling) test(`${typed} is spelt ${spelt}`, () => assert.equal(spell(typed), spelt));

for (const [typed, id, door] of cases.found)
  test(`${typed} is found`, () => {
    const [first] = find(typed, KNOWN).hits;
    assert.deepEqual([first?.id, first?.door ?? null], [id, door]);
  });

for (const [typed, of, asked, nearest] of cases.missing)
  test(`${typed} is not there`, () => {
    const { missing } = find(typed, KNOWN);
    assert.deepEqual([missing?.of, missing?.asked, missing?.nearest[0]], [of, asked, nearest]);
  });

test("nothing is found for what is nowhere", () => {
  for (const typed of ["", " ", "不存在的地方", "%", "💧", "-"]) assert.deepEqual(find(typed, KNOWN).hits, [], typed);
});
