import assert from "node:assert/strict";
import { test } from "node:test";
import { asksForPin, readAddress, readPlace, samePlace, writeAddress } from "../src/address.ts";
import { toGcj02 } from "../src/gcj02.ts";
import { Places, type Listed } from "../src/places.ts";
import { addressOf, sourceOf } from "../src/tiles/address.ts";

test("it reads back what it wrote", () => {
  const address = {
    view: { zoom: 16, lat: 40.12801, lng: 116.65502 },
    place: { kind: "cell" as const, key: "110113001006003" },
    by: "community",
    show: "density",
  };
  assert.deepEqual(readAddress(writeAddress(address)), address);
});

test("it writes a building by its id", () => {
  const hash = writeAddress({
    view: { zoom: 17, lat: 40, lng: 116 },
    place: { kind: "building", key: "42" },
    by: null,
    show: null,
  });
  assert.equal(hash, "#17/40.00000/116.00000/b42");
  assert.deepEqual(readAddress(hash).place, { kind: "building", key: "42" });
});

test("it writes a component by its code, and whether the components are shown", () => {
  const address = {
    view: { zoom: 18, lat: 40, lng: 116 }, place: { kind: "component" as const, key: "9901010118000001" },
    by: null, show: null, parts: true,
  };
  const hash = writeAddress(address);
  assert.equal(hash, "#18/40.00000/116.00000/p9901010118000001?parts=1");
  assert.deepEqual(readAddress(hash), address);
  assert.equal(readPlace("p123"), null);
});

test("it ignores an address that makes no sense", () => {
  for (const hash of ["", "#", "#x/y/z", "#15/91/0", "#15/40/200", "#99/40/116", "#15/40", "#NaN/NaN/NaN"])
    assert.equal(readAddress(hash).view, null);
  for (const what of ["b", "b1x", "<script>", "1234567", "11011300100600", "../x", ""])
    assert.equal(readPlace(what), null);
});

test("it tells an area from a cell by the length of its code", () => {
  assert.equal(readPlace("110113001006001")?.kind, "cell");
  assert.equal(readPlace("110113001006")?.kind, "area");
  assert.equal(readPlace("110113")?.kind, "area");
});

test("it knows when two places are the same", () => {
  assert.ok(samePlace(null, null));
  assert.ok(samePlace({ kind: "cell", key: "1" }, { kind: "cell", key: "1" }));
  assert.ok(!samePlace({ kind: "cell", key: "1" }, null));
});

test("it shows data of one zoom less, as squares are twice as wide", () => {
  assert.deepEqual(sourceOf({ z: 15, x: 5, y: 7 }, 16), { z: 14, x: 5, y: 7, scale: 0.125, left: 0, top: 0 });
});

test("it takes a part of the deepest tile when one zooms further", () => {
  assert.deepEqual(sourceOf({ z: 19, x: 21, y: 30 }, 16), {
    z: 16,
    x: 5,
    y: 7,
    scale: 0.5,
    left: 512,
    top: 1024,
  });
});

test("it asks for no tile off the world or above its set, and wraps around the date line", () => {
  const at = (x: number, y: number, z = 3) => ({ z, x, y, scale: 1, left: 0, top: 0 });
  assert.equal(addressOf("/{z}/{x}/{y}", at(9, 2), 0), "/3/1/2");
  assert.equal(addressOf("/{z}/{x}/{y}", at(-1, 2), 0), "/3/7/2");
  assert.equal(addressOf("/{z}/{x}/{y}", at(1, 8), 0), null);
  assert.equal(addressOf("/{z}/{x}/{y}", at(1, 2), 4), null);
});

test("it shifts Beijing by half a kilometre and leaves New York alone", () => {
  const [lat, lng] = toGcj02(39.908823, 116.39747);
  assert.ok(Math.abs(lat - 39.910227) < 2e-6 && Math.abs(lng - 116.403714) < 5e-6, `${lat} ${lng}`);
  assert.deepEqual(toGcj02(40.7, -74), [40.7, -74]);
});

test("it shortens a cell's name by its community's, and finds what is on screen", () => {
  const listed: Listed[] = [
    { code: "110113001006", name: "太平社区", level: "community", bbox: [0, 0, 1, 1] },
    { code: "110113001006002", name: "太平社区第2网格", level: "cell", bbox: [0, 0, 0.4, 0.4] },
    { code: "110113001006003", name: "河东", level: "cell", bbox: [0.6, 0.6, 1, 1] },
  ];
  const places = Places.of(listed);
  assert.equal(places.shortName("110113001006002", "太平社区第2网格"), "第2网格");
  assert.equal(places.describe("110113001006003"), "河东 · 太平社区");
  assert.deepEqual(places.meeting([0.5, 0.5, 2, 2], "cell"), new Set(["110113001006003"]));
  assert.equal(places.count("cells"), 2);
});

test("it marks the very point only when asked", () => {
  assert.equal(asksForPin("#18/40.12363/116.65130?pin"), true);
  assert.equal(asksForPin("#18/40.12363/116.65130?by=street"), false);
  assert.deepEqual(readAddress("#18/40.1/116.6?pin").view, { zoom: 18, lat: 40.1, lng: 116.6 });
});
