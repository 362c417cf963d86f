import assert from "node:assert/strict";
import { test } from "node:test";
import { askFor, stillCovers, usualBandwidth, type Limits, type Screen } from "../src/heat/asking.ts";
import { Cube, type Step } from "../src/heat/cube.ts";
import { metresPerPx } from "../src/heat/ground.ts";
import { binsIn, daysBefore, describeSpan } from "../src/heat/periods.ts";

const LIMITS: Limits = { bins: 8_000_000, times: 1500, sides: [4, 8, 16, 32, 64] };

function screenAt(zoom: number, width = 1400, height = 900): Screen {
  const perPx = 360 / (256 * 2 ** zoom);
  const [across, up] = [(width * perPx) / 2, (height * perPx * 0.765) / 2];
  return { west: 116.65 - across, east: 116.65 + across, south: 40.13 - up, north: 40.13 + up, zoom };
}

test("it asks for 8 px where the blur needs them and for coarser bins where it does not", () => {
  assert.equal(askFor(screenAt(12), 300, 53, LIMITS).side, 8);
  assert.ok(askFor(screenAt(17), 300, 53, LIMITS).side > 8);
});

test("it never asks for more bins than the server sends", () => {
  for (let zoom = 9; zoom <= 19; zoom++)
    for (const metres of [50, 300, 2000])
      for (const times of [24, 105, 730]) {
        const { box, side } = askFor(screenAt(zoom, 2560, 1400), metres, times, LIMITS);
        const px = 256 * 2 ** zoom;
        const columns = ((box.east - box.west) / 360) * px / side;
        const rows = ((box.north - box.south) / 360 / 0.755) * px / side;
        assert.ok(columns * rows * times < LIMITS.bins || side === 64, `${zoom} ${metres} ${times}: ${columns * rows * times}`);
      }
});

test("it reaches three bandwidths beyond the screen", () => {
  const screen = screenAt(14);
  const { box } = askFor(screen, 500, 53, LIMITS);
  assert.ok((screen.west - box.west) * 85_000 > 1500 && (box.north - screen.north) * 111_000 > 1499);
});

test("it asks again when the screen leaves what came, not before", () => {
  const screen = screenAt(14);
  const asked = askFor(screen, 300, 53, LIMITS);
  const moved = (share: number): Screen => {
    const by = share * (screen.east - screen.west);
    return { ...screen, west: screen.west + by, east: screen.east + by };
  };
  assert.ok(stillCovers(asked, screen, 300));
  assert.ok(stillCovers(asked, moved(0.05), 300));
  assert.ok(!stillCovers(asked, moved(0.3), 300));
  assert.ok(!stillCovers(asked, { ...screen, zoom: 15 }, 300));
  assert.ok(!stillCovers(asked, screen, 3000));
});

test("it proposes a round bandwidth that grows as one zooms out", () => {
  const proposed = [17, 15, 13, 11].map((zoom) => usualBandwidth(40, zoom));
  assert.deepEqual([...proposed].sort((a, b) => a - b), proposed);
  for (const zoom of [12, 15]) assert.ok(Math.abs(Math.log(usualBandwidth(40, zoom) / (22 * metresPerPx(40, zoom)))) < 0.4);
});

function cubeOf(step: Step, times: string[], days: number[]): Cube {
  const head = { west: 0, north: 0, size: 1, columns: 1, rows: 1, step, times, days, bytes: 1 as const, total: 0 };
  return new Cube(head, new Uint8Array(times.length));
}

test("it says which days a window holds", () => {
  const weeks = cubeOf("week", ["2026-03-02", "2026-03-09", "2026-03-16"], [7, 7, 4]);
  assert.equal(describeSpan(weeks, { from: 0, width: 1 }, "en"), "2 Mar 2026 至 8 Mar 2026");
  assert.equal(describeSpan(weeks, { from: 1, width: 2 }, "en"), "9 Mar 2026 至 19 Mar 2026");
  assert.equal(describeSpan(weeks, { from: 2, width: 9 }, "en"), "16 Mar 2026 至 19 Mar 2026");
  assert.equal(describeSpan(cubeOf("day", ["2026-03-02"], [1]), { from: 0, width: 1 }, "zh-hans"), "2026年3月2日");
});

test("it says which hours a window holds, past midnight too", () => {
  const hours = cubeOf("hour-of-day", Array.from({ length: 24 }, (_, k) => String(k).padStart(2, "0")), Array(24).fill(9));
  assert.equal(describeSpan(hours, { from: 8, width: 2 }, "en"), "08:00–10:00");
  assert.equal(describeSpan(hours, { from: 22, width: 4 }, "en"), "22:00–02:00");
  assert.equal(describeSpan(hours, { from: 22, width: 2 }, "en"), "22:00–24:00");
});

test("it counts the time bins of a period", () => {
  assert.equal(binsIn("2026-03-01", "2026-03-10", "day"), 10);
  assert.equal(binsIn("2026-03-01", "2026-03-10", "hour"), 240);
  assert.equal(binsIn("2026-03-01", "2026-03-10", "hour-of-day"), 24);
  assert.equal(daysBefore("2026-03-01", 1), "2026-02-28");
});
