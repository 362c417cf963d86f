import assert from "node:assert/strict";
import { test } from "node:test";
import { categoriesNamed, grouped } from "../src/field/report/categories.ts";
import { readPosition } from "../src/field/report/exif.ts";
import { buildingNear, buildingsNamed, lieOf, metresBetween, metresToBorder, middleOf } from "../src/field/report/lie.ts";
import { nearestParts } from "../src/field/report/pointing.ts";
import { inPack } from "../src/field/report/similar.ts";
import type { BuildingPart, CategoryPart, CellPart, ComponentRow, OpenIncidentPart } from "../src/field/parts.ts";

// ── the position in a photo ──

type Fractions = [number, number][];

/** A JPEG's head with an Exif block of a GPS directory, in either byte order, after a block of another kind. */
function photo(lat: Fractions, latSide: string, lon: Fractions, lonSide: string, little = true): ArrayBuffer {
  const tiff = new DataView(new ArrayBuffer(160));
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  tiff.setUint16(8, 1, little); // one entry: the GPS directory at 26
  entry(tiff, 10, 0x8825, 4, 1, little);
  tiff.setUint32(18, 26, little);
  tiff.setUint16(26, 4, little);
  for (const [n, tag, kind, count] of [[0, 1, 2, 2], [1, 2, 5, 3], [2, 3, 2, 2], [3, 4, 5, 3]]) entry(tiff, 28 + 12 * n, tag, kind, count, little);
  tiff.setUint8(36, latSide.charCodeAt(0));
  tiff.setUint32(48, 80, little);
  tiff.setUint8(60, lonSide.charCodeAt(0));
  tiff.setUint32(72, 104, little);
  [...lat, ...lon].forEach(([above, below], n) => (tiff.setUint32(80 + 8 * n, above, little), tiff.setUint32(84 + 8 * n, below, little)));
  const head = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xe1, 0, 168, 0x45, 0x78, 0x69, 0x66, 0, 0];
  return new Uint8Array([...head, ...new Uint8Array(tiff.buffer), 0xff, 0xda, 0, 2]).buffer;
}

function entry(tiff: DataView, at: number, tag: number, kind: number, count: number, little: boolean): void {
  tiff.setUint16(at, tag, little);
  tiff.setUint16(at + 2, kind, little);
  tiff.setUint32(at + 4, count, little);
}

const LAT: Fractions = [[40, 1], [7, 1], [4800, 100]];
const LON: Fractions = [[116, 1], [39, 1], [36, 1]];

test("it reads where a photo was taken, in both byte orders and all four quarters of the earth", () => {
  for (const little of [true, false])
    for (const [latSide, lonSide, north, east] of [["N", "E", 1, 1], ["S", "W", -1, -1], ["N", "W", 1, -1]] as const) {
      const found = readPosition(photo(LAT, latSide, LON, lonSide, little));
      assert.ok(found);
      assert.ok(Math.abs(found.lat - north * 40.13) < 1e-9, String(found.lat));
      assert.ok(Math.abs(found.lon - east * 116.66) < 1e-9, String(found.lon));
    }
});

test("it finds none where there is none that makes sense", () => {
  const zero: Fractions = [[0, 1], [0, 1], [0, 1]];
  assert.equal(readPosition(photo(zero, "N", zero, "E")), null);
  assert.equal(readPosition(photo([[95, 1], [0, 1], [0, 1]], "N", LON, "E")), null);
  assert.equal(readPosition(photo([[40, 0], [0, 0], [0, 0]], "N", [[0, 0], [0, 0], [0, 0]], "E")), null);
  for (const other of [[], [0xff], [0xff, 0xd8], [0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff, 0xda, 0, 2]])
    assert.equal(readPosition(new Uint8Array(other).buffer), null);
});

test("no broken head hangs it or throws", () => {
  const whole = new Uint8Array(photo(LAT, "N", LON, "E"));
  for (let cut = 0; cut < whole.length; cut++) readPosition(whole.slice(0, cut).buffer);
  let seed = 7;
  const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 5000; round++) {
    const broken = whole.slice();
    for (let n = 0; n < 4; n++) broken[next(broken.length)] = next(256);
    const found = readPosition(broken.buffer);
    if (found) assert.ok(Math.abs(found.lat) <= 90 && Math.abs(found.lon) <= 180);
  }
});

// ── where a place lies ──

const square = (west: number, south: number, side = 0.01) => [[west, south, west + side, south, west + side, south + side, west, south + side]];
const cell = (code: string, west: number): CellPart => ({ code, name: code, community: "", rings: square(west, 40) });
const building = (id: number, label: string, address: string, west: number): BuildingPart => ({
  id, label, address, code: String(id), kind: "", area: "", floors: null, units: null, rings: square(west, 40.002, 0.001),
});
const GROUND = { roads: [], buildings: [building(1, "幸福小区1号楼", "府前街12号", 116.002), building(2, "幸福小区12号楼", "府前街14号", 116.004)] };

test("it says which cell a place lies in, or how far the nearest is", () => {
  const cells = [cell("a", 116), cell("b", 116.01)];
  assert.equal(lieOf({ lat: 40.005, lon: 116.005 }, cells).cell?.code, "a");
  assert.equal(lieOf({ lat: 40.005, lon: 116.015 }, cells).cell?.code, "b");
  const { cell: none, metres } = lieOf({ lat: 40.005, lon: 116.021 }, cells);
  assert.equal(none, null);
  assert.ok(Math.abs(metres - 85.3) < 0.5, String(metres));
});

test("a place is called after the building it is in, or one near", () => {
  assert.deepEqual(buildingNear({ lat: 40.0025, lon: 116.0025 }, GROUND, 60), { building: GROUND.buildings[0], inside: true });
  assert.equal(buildingNear({ lat: 40.0025, lon: 116.0035 }, GROUND, 60)?.inside, false);
  assert.equal(buildingNear({ lat: 40.009, lon: 116.009 }, GROUND, 60), null);
});

test("buildings are found by name and address however the number is written", () => {
  const ids = (typed: string) => buildingsNamed(typed, GROUND, 9).map(({ id }) => id);
  assert.deepEqual(ids("幸福"), [1, 2]);
  assert.deepEqual(ids("12栋 幸福"), [2]);
  assert.deepEqual(ids("１２＃"), [2]);
  assert.deepEqual(ids("府前街14"), [2]);
  assert.deepEqual(ids("没有"), []);
  assert.deepEqual(ids("  "), []);
});

test("distances are those of the ground", () => {
  assert.ok(Math.abs(metresBetween({ lat: 40, lon: 116 }, { lat: 40.001, lon: 116 }) - 111.3) < 0.1);
  assert.ok(Math.abs(metresToBorder({ lat: 40.005, lon: 116.005 }, square(116, 40)) - 426.4) < 0.5);
  assert.deepEqual(middleOf([[0, 0, 2, 0, 2, 2, 0, 2]]), { lat: 1, lon: 1 });
});

// ── categories and what is alike ──

const category = (id: number, name: string, keys: string, major = "设施损坏"): CategoryPart => ({ id, code: `C${id}`, major, name, urgent: false, keys, wordy: false });
const ALL = [category(1, "路灯不亮", "路灯不亮 ldbl 灯坏 dh", "设施损坏"), category(2, "井盖缺失破损", "井盖缺失破损 窨井 jgqsps yj"), category(3, "暴露垃圾", "暴露垃圾 bllj", "环境卫生")];

test("a category is found by part of its name, other words and initials, in any case", () => {
  assert.deepEqual(categoriesNamed("井", ALL).map(({ id }) => id), [2]);
  assert.deepEqual(categoriesNamed("JG", ALL).map(({ id }) => id), [2]);
  assert.deepEqual(categoriesNamed("灯坏", ALL).map(({ id }) => id), [1]);
  assert.deepEqual(categoriesNamed("ll j", ALL).map(({ id }) => id), [3]);
  assert.deepEqual([...grouped(ALL).keys()], ["设施损坏", "环境卫生"]);
});

test("without signal the pack tells what is near, alike and recent", () => {
  const now = 1_800_000_000_000;
  const open = (number: string, of: CategoryPart, metres: number, hours: number): OpenIncidentPart => ({
    number, category: of.id, major: of.major, name: of.name, place: "", state: "", lat: 40 + metres / 111_320, lon: 116, at: now / 1000 - hours * 3600,
  });
  const listed = [open("far", ALL[0], 500, 1), open("old", ALL[0], 10, 24 * 90), open("other", ALL[2], 10, 1), open("kind", ALL[1], 10, 1), open("same", ALL[0], 30, 2)];
  const asked = { at: { lat: 40, lon: 116 }, category: ALL[0], component: null };
  const found = inPack(listed, asked, now);
  assert.deepEqual(found.map(({ number }) => number), ["same", "kind"]);
  assert.deepEqual(found[0].reasons, ["同类", "30 米", "2 小时前"]);
  assert.deepEqual(inPack(null, { ...asked, category: null }, now), []);
  const pointed = [...listed, { ...open("pointed", ALL[2], 50, 24 * 60), component: 7 }, { ...open("next", ALL[2], 50, 24 * 60), component: 8 }];
  const first = inPack(pointed, { ...asked, component: 7 }, now);
  assert.deepEqual(first.map(({ number }) => number), ["pointed", "same", "kind"]);
  assert.equal(first[0].reasons[0], "同一部件");
});

// ── the part of the city that is meant ──

const PLACE = { lat: 40, lon: 116 };
const SUITS: Record<string, [string, string]> = { "0118": ["路灯", "C1"], "0102": ["污水井盖", "C2"] };
const standing = (id: number, kind: string, metres: number): ComponentRow => [id, `990101${kind}${String(id).padStart(6, "0")}`, kind, 116, 40 + metres / 111_320];

test("the nearest parts are offered, five of them, none farther than sixty metres", () => {
  const rows = [70, 59, 40, 30, 20, 10, 5].map((metres, id) => standing(id, "0118", metres));
  const near = nearestParts({ classes: SUITS, rows }, PLACE, null);
  assert.deepEqual(near.map(({ id }) => id), [6, 5, 4, 3, 2]);
  assert.deepEqual([near[0].name, Math.round(near[0].metres)], ["路灯 00006", 5]);
  assert.deepEqual(nearestParts(null, PLACE, null), []);
  assert.deepEqual(nearestParts({ classes: {}, rows: [] }, PLACE, null), []);
});

test("parts that suit the category come before nearer ones", () => {
  const rows = [standing(1, "0118", 5), standing(2, "0118", 8), standing(3, "0102", 50), standing(4, "9999", 1)];
  const ids = (category: CategoryPart | null) => nearestParts({ classes: SUITS, rows }, PLACE, category).map(({ id }) => id);
  assert.deepEqual(ids(null), [4, 1, 2, 3]);
  assert.deepEqual(ids(ALL[0]), [1, 2, 4, 3]);
  assert.deepEqual(ids(ALL[1]), [3, 4, 1, 2]);
});
