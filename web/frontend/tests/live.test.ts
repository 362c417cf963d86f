import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf } from "../src/live/feed.ts";
import { concernsIncidents, EVERYTHING, readNews } from "../src/live/news.ts";
import { sayAgo, sayIncident, sayTime } from "../src/live/saying.ts";

const HERE = { protocol: "http:", hostname: "grid.example" };
const CASE = { id: 7, number: "A1", area: "110113001006001", community: "幸福西街社区", state: "dispatched", category: "井盖", major: "公用设施", lon: 116.6, lat: 40.1, reported: "", due: null };

test("the feed is a port of this host, a path, or somewhere else", () => {
  assert.equal(addressOf(":9000/live/", "", HERE), "http://grid.example:9000/live/");
  assert.equal(addressOf("/live/", "a+b/c", HERE), "/live/?after=a%2Bb%2Fc");
  assert.equal(addressOf("https://live.example/", "x", HERE), "https://live.example/?after=x");
});

test("what is not told has not changed", () => {
  const figures = readNews('{"figures":true}');
  assert.deepEqual(figures, { incidents: [], gone: [], many: false, figures: true, tiles: [], plans: [] });
  assert.equal(concernsIncidents(figures), false);
  assert.ok(concernsIncidents(EVERYTHING) && concernsIncidents(readNews('{"gone":[3]}')));
});

test("a new incident says so, a changed one says its state", () => {
  const states = { dispatched: "已派遣" };
  const [fresh] = readNews(JSON.stringify({ incidents: [{ ...CASE, new: true }] })).incidents;
  assert.equal(sayIncident(fresh, states), "新上报：井盖 · 幸福西街社区");
  assert.equal(sayIncident({ ...fresh, isNew: false, community: "" }, states), "变为已派遣：井盖");
});

test("time goes by in minutes, then by the clock", () => {
  const at = Date.parse("2026-11-25T08:00:00Z");
  assert.equal(sayAgo(at, at + 59_000, "zh-hans"), "刚刚");
  assert.equal(sayAgo(at, at + 61_000, "zh-hans"), "1 分钟前");
  assert.equal(sayAgo(at, at + 3_600_000, "zh-hans"), sayTime(at, "zh-hans"));
});
