import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MAP_APPS, toBd09 } from "../src/field/directions.ts";
import { distanceTo, whereaboutsAt } from "../src/field/here/whereabouts.ts";
import type { BuildingPart, CellPart } from "../src/field/parts.ts";

// tests/gis/areas/test_whereabouts.py holds the same cases against Shapely in the ground's own projection.
const cases = JSON.parse(readFileSync("../../tests/gis/areas/whereabouts.json", "utf8"));
const cells: CellPart[] = Object.entries(cases.cells as Record<string, number[][]>).map(([code, rings]) => ({ code, name: code, community: "", rings }));
const workers = [{ cell: "001", name: "王", phone: "1" }, { cell: "002", name: "李", phone: "2" }];

for (const { at, inside, metres } of cases.points)
  test(`${at} lies where the server says, as far from borders`, () => {
    const here = whereaboutsAt({ cells, buildings: [], workers }, at[0], at[1]);
    assert.equal(here.cell?.code ?? null, inside);
    cells.forEach(({ rings }, n) => {
      const found = distanceTo(rings, at[0], at[1]);
      assert.ok(Math.abs(found - metres[n]) <= 0.05 + 0.004 * metres[n], `${found} for ${metres[n]}`);
    });
  });

test("near a border both cells are named, and the other only then", () => {
  const [lon, lat] = [116.65199, 40.1305];
  const near = whereaboutsAt({ cells, buildings: [], workers }, lon, lat, 5);
  assert.deepEqual([near.cell?.code, near.others.map(({ cell }) => cell.code)], ["001", ["002"]]);
  const deep = whereaboutsAt({ cells, buildings: [], workers }, 116.651, 40.131, 5);
  assert.deepEqual(deep.others, []);
  const unsure = whereaboutsAt({ cells, buildings: [], workers }, 116.651, 40.131, 120);
  assert.deepEqual(unsure.others.map(({ cell }) => cell.code), ["002"]);
});

test("the worker is the one of the cell", () => {
  assert.deepEqual(whereaboutsAt({ cells, buildings: [], workers }, 116.653, 40.131).workers, [workers[1]]);
});

test("the building is the one one stands in, else the nearest that is near enough", () => {
  const house = (id: number, lon: number): BuildingPart => ({ id, code: "", label: `${id}`, address: "", kind: "", area: "001", floors: 1, units: 1, rings: [[lon, 40.131, lon + 0.0002, 40.131, lon + 0.0002, 40.1312, lon, 40.1312, lon, 40.131]] });
  const buildings = [house(1, 116.6502), house(2, 116.6512)];
  const at = (lon: number) => whereaboutsAt({ cells, buildings, workers }, lon, 40.1311);
  assert.deepEqual([at(116.6503).building?.id, at(116.6503).away], [1, 0]);
  assert.equal(at(116.6511).building?.id, 2);
  assert.ok(Math.abs(at(116.6511).away - 8.5) < 0.2);
  assert.equal(whereaboutsAt({ cells, buildings, workers }, 116.66, 40.1311).building, null);
});

test("each map app gets the coordinates it draws in", () => {
  const goal = { lat: 40.13, lng: 116.65, label: "建新北区12号楼" };
  const link = (name: string) => decodeURIComponent(MAP_APPS.find((app) => app.name === name)!.link(goal));
  const [lng, lat] = cases.amap.map((degrees: number) => degrees.toFixed(6));
  assert.ok(link("amap").includes(`dlat=${lat}&dlon=${lng}`));
  assert.ok(link("tencent").includes(`tocoord=${lat},${lng}`));
  assert.ok(link("apple").includes(`daddr=${lat},${lng}`));
  assert.ok(link("geo").startsWith("geo:40.130000,116.650000"));
  const [y, x] = toBd09(40.13, 116.65);
  assert.ok(Math.abs(x - cases.baidu[0]) < 2e-6 && Math.abs(y - cases.baidu[1]) < 2e-6);
  assert.ok(link("baidu").includes("latlng:") && link("baidu").includes("建新北区12号楼"));
});
