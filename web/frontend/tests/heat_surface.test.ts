import assert from "node:assert/strict";
import { test } from "node:test";
import { blur, boxFor } from "../src/heat/blur.ts";
import { colourInto, colourTable, opacity } from "../src/heat/colours.ts";
import { Cube, type CubeHead } from "../src/heat/cube.ts";
import { eastingAt, groundKm2, groundScale, latitudeAt, metresPerPx, northingAt, toLatLng } from "../src/heat/ground.ts";
import { quantile, Surface } from "../src/heat/surface.ts";
import { toLab } from "../src/figures/palette.ts";

function spike(columns: number, rows: number, column: number, row: number): Float32Array {
  const field = new Float32Array(columns * rows);
  field[row * columns + column] = 1;
  return field;
}

function close(found: number, wanted: number, share: number): void {
  assert.ok(Math.abs(found - wanted) <= share * Math.abs(wanted), `${found} is not within ${share} of ${wanted}`);
}

for (const sigma of [0.3, 0.5, 1, 1.7, 4.3, 11])
  test(`it spreads a spike by ${sigma} bins each way and loses nothing of it`, () => {
    const side = 121;
    const field = spike(side, side, 60, 60);
    blur(field, new Float32Array(field.length), side, side, sigma);
    let [sum, across, down] = [0, 0, 0];
    field.forEach((value, i) => {
      sum += value;
      across += value * ((i % side) - 60) ** 2;
      down += value * (Math.floor(i / side) - 60) ** 2;
    });
    close(sum, 1, 1e-4);
    close(across, sigma * sigma, 2e-3);
    close(down, sigma * sigma, 2e-3);
  });

test("it is nowhere further from a Gaussian than an eighth of its top, as three boxes are", () => {
  const field = spike(101, 101, 50, 50);
  blur(field, new Float32Array(field.length), 101, 101, 5);
  const exact = (x: number, y: number) => Math.exp(-(x * x + y * y) / 50) / (2 * Math.PI * 25);
  let worst = 0;
  field.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - exact((i % 101) - 50, Math.floor(i / 101) - 50)))));
  assert.ok(worst < 0.125 * exact(0, 0), `${worst / exact(0, 0)}`);
});

test("it smooths a field that is narrower than the blur, and one of a single bin", () => {
  for (const [columns, rows] of [[3, 2], [1, 1], [40, 1], [1, 40]]) {
    const field = spike(columns, rows, 0, 0);
    blur(field, new Float32Array(field.length), columns, rows, 9);
    assert.ok(field.every((value) => value >= 0 && value < 1));
  }
});

test("it finds a box whose ends count between nothing and all", () => {
  for (let sigma = 0.05; sigma < 60; sigma *= 1.07) {
    const { edge } = boxFor(sigma);
    assert.ok(edge >= 0 && edge < 1 + 1e-9, `${sigma}: ${edge}`);
  }
});

test("it goes to the drawing CRS and back", () => {
  const [lat, lng] = toLatLng(eastingAt(116.65), northingAt(40.13));
  close(lat, 40.13, 1e-12);
  close(lng, 116.65, 1e-12);
});

test("it measures the ground, not the map", () => {
  // A hundredth of a degree each way at 40.105° N is 0.8525 km × 1.1104 km on the ellipsoid.
  const [west, east, south, north] = [eastingAt(116.6), eastingAt(116.61), northingAt(40.1), northingAt(40.11)];
  const [scaleEast, scaleNorth] = groundScale(latitudeAt((south + north) / 2));
  close(((east - west) * scaleEast) / 1000, 0.8525, 1e-3);
  close(((north - south) * scaleNorth) / 1000, 1.1104, 1e-3);
  const [km2] = groundKm2(north, 1000, 1);
  close(1 / km2, 1.71, 0.005); // the map overstates it so much
  close(metresPerPx(0, 0), 156543, 1e-4);
});

function cubeAt40(counts: Uint8Array, days: number[], side = 41): Cube {
  const head: CubeHead = {
    west: eastingAt(116.6), north: northingAt(40.2), size: 100, columns: side, rows: side, step: "week",
    times: days.map(String), days, bytes: 1, total: 0,
  };
  return new Cube(head, counts);
}

test("it gives back every incident when density is summed over ground and days", () => {
  const counts = new Uint8Array(2 * 41 * 41);
  counts[20 * 41 + 20] = 9;
  counts[41 * 41 + 20 * 41 + 22] = 5;
  const surface = new Surface(cubeAt40(counts, [7, 3]));
  surface.show({ from: 0, width: 2 }, 200);
  const km2 = groundKm2(surface.cube.head.north, 100, 41);
  const sum = surface.density.reduce((all, value, i) => all + value * km2[Math.floor(i / 41)], 0);
  close(sum * 10, 14, 1e-3);
});

test("it reads the density where the pointer is and nothing beside the cube", () => {
  const counts = new Uint8Array(41 * 41);
  counts[3 * 41 + 7] = 2;
  const surface = new Surface(cubeAt40(counts, [1]));
  surface.show({ from: 0, width: 1 }, 0);
  const [lat, lng] = toLatLng(surface.cube.head.west + 750, surface.cube.head.north - 350);
  close(surface.at(lat, lng) ?? 0, 2 / groundKm2(surface.cube.head.north, 100, 4)[3], 1e-6);
  assert.equal(surface.at(lat, lng + 0.1), null);
});

test("it keeps one top for all windows of a width", () => {
  const counts = new Uint8Array(3 * 41 * 41);
  for (let k = 0; k < 3; k++) counts[k * 41 * 41 + 20 * 41 + 20] = 10 * (k + 1);
  const surface = new Surface(cubeAt40(counts, [1, 1, 1]));
  const top = surface.topFor(1, 150);
  const tops = [0, 1, 2].map((from) => {
    surface.show({ from, width: 1 }, 150);
    return Math.max(...surface.density);
  });
  assert.ok(top <= tops[2] && top > tops[0], `${top} of ${tops}`);
});

test("it has no top where nothing happened", () => {
  assert.equal(new Surface(cubeAt40(new Uint8Array(41 * 41), [1])).topFor(1, 100), 0);
  assert.equal(quantile(new Float32Array(0), 0.9), 0);
});

test("it finds the same quantile as sorting does", () => {
  for (const share of [0, 0.3, 0.9, 0.995, 1]) {
    const values = Float32Array.from({ length: 5000 }, (_, k) => (((k * 7919) % 5003) / 5003) ** 6 * 300);
    const sorted = values.slice().sort();
    assert.equal(quantile(values, share), sorted[Math.min(4999, Math.floor(share * 5000))]);
  }
  assert.equal(quantile(Float32Array.of(3, 3, 3), 0.5), 3);
});

test("it colours nothing where nothing is, and the darkest at and above the top", () => {
  const table = colourTable();
  const pixels = new Uint32Array(4);
  colourInto(pixels, Float32Array.of(0, 5, 10, 99), 10, table);
  assert.equal(pixels[0] >>> 24, 0);
  assert.equal(pixels[2], table[255]);
  assert.equal(pixels[3], table[255]);
  colourInto(pixels, Float32Array.of(0, 5, 10, 99), 0, table);
  assert.ok(pixels.every((pixel) => pixel >>> 24 === 0));
});

test("it grows darker and more solid all the way", () => {
  const lightness = [...colourTable()].slice(1).map((pixel) => toLab(`#${[0, 8, 16].map((bits) => ((pixel >>> bits) & 255).toString(16).padStart(2, "0")).join("")}`)[0]);
  assert.ok(lightness.every((value, i) => i < 4 || value <= lightness[i - 4]));
  assert.ok([0.1, 0.2, 0.3, 0.9].every((share) => opacity(share) > opacity(share - 0.1) - 1e-12));
});
