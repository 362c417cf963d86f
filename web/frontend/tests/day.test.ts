import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { length, nearestFirst, walk, walkTiers, type Point } from "../src/field/day/order.ts";
import type { DoorPart, VisitsPart } from "../src/field/day/part.ts";
import { dayAfter, daysBetween, doorDue, planWalk, todayOf } from "../src/field/day/plan.ts";

interface Case {
  points: Point[];
  late: boolean[];
  start: Point | null;
  order: number[];
}

test("it walks as the server does", () => {
  const cases: Case[] = JSON.parse(readFileSync("../../tests/gis/places/walking_cases.json", "utf8"));
  assert.ok(cases.length > 15);
  for (const { points, late, start, order } of cases) assert.deepEqual(walkTiers(points, late, start), order);
});

test("it is never longer than going to the nearest next", () => {
  let seed = 7;
  const next = () => (seed = (seed * 48271) % 2147483647) % 8000;
  for (let round = 0; round < 200; round++) {
    const points: Point[] = Array.from({ length: 2 + (round % 25) }, () => [next(), next()]);
    const start: Point = [next(), next()];
    const order = walk(points, start);
    assert.deepEqual([...order].sort((a, b) => a - b), points.map((_, n) => n));
    assert.ok(length(points, order, start) <= length(points, nearestFirst(points, start), start) + 1e-3);
  }
});

test("it orders a large community fast enough for a phone", () => {
  let seed = 3;
  const next = () => (seed = (seed * 48271) % 2147483647) % 9000;
  const points: Point[] = Array.from({ length: 150 }, () => [next(), next()]);
  const begun = performance.now();
  walkTiers(points, points.map(() => next() % 3 === 0), null);
  assert.ok(performance.now() - begun < 2000);
});

function person(id: number, due: string, tried: string | null = null) {
  return { id, name: "甲某", sex: "1", age: 80, phone: "", relation: "02", tags: ["elder_alone"], due, met: null, tried, gaps: [] };
}

function door(id: number, building: number, unit: string, floor: number, ...people: ReturnType<typeof person>[]): DoorPart {
  return { id, building, unit, floor, room: `${floor}01`, label: `${unit}单元${floor}01`, state: "occupied", asksState: false, people };
}

const TODAY = "2026-11-23";
const NOW = new Date(2026, 10, 23, 9);

function part(doors: DoorPart[], more: Partial<VisitsPart> = {}): VisitsPart {
  return {
    named: true, writes: true, doors, tasks: [], done: [], unverified: [], needs: {}, relations: {}, states: [], retryAfter: 2,
    buildings: { 1: { label: "1号楼", at: [116.65, 40.12] }, 2: { label: "2号楼", at: [116.652, 40.12] }, 3: { label: "3号楼", at: [116.651, 40.12] } },
    ...more,
  };
}

test("it counts days over months, years and leap days", () => {
  assert.equal(dayAfter("2028-02-28", 2), "2028-03-01");
  assert.equal(dayAfter("2026-12-30", 3), "2027-01-02");
  assert.equal(daysBetween("2028-02-28", "2028-03-01"), 2);
  assert.equal(todayOf(NOW), TODAY);
});

test("a door stands as the most urgent of those behind it", () => {
  const due = doorDue(door(1, 1, "1", 4, person(1, "2026-11-26"), person(2, "2026-11-20")), TODAY, 2);
  assert.equal(due.urgency, "late");
  assert.equal(due.due, "2026-11-20");
});

test("a call in vain puts the next try off", () => {
  const tried = door(1, 1, "1", 4, person(1, "2026-11-01", "2026-11-22"));
  assert.deepEqual([doorDue(tried, TODAY, 2).urgency, doorDue(tried, TODAY, 2).on], ["week", "2026-11-24"]);
  assert.equal(doorDue(tried, "2026-11-24", 2).urgency, "late");
});

test("buildings with something late come first, floors from the top", () => {
  const doors = [
    door(1, 1, "1", 2, person(1, TODAY)),
    door(2, 3, "1", 1, person(2, TODAY)),
    door(3, 2, "2", 1, person(3, TODAY)),
    door(4, 2, "1", 2, person(4, TODAY)),
    door(5, 2, "1", 5, person(5, "2026-11-01")),
  ];
  const { stops, metres } = planWalk(part(doors), { done: new Set(), filter: "today", now: NOW, start: null });
  assert.deepEqual(stops.map(({ building }) => building), [2, 3, 1]);
  assert.deepEqual(stops[0].doors.map(({ door: { id } }) => id), [5, 4, 3]);
  assert.ok(Math.abs(metres - 221) < 5);
});

test("what is done is gone, and the walk is ordered anew from where one stands", () => {
  const doors = [1, 2, 3].map((building) => door(building, building, "1", 1, person(building, TODAY)));
  const asked = { filter: "today" as const, now: NOW, start: [116.653, 40.12] as [number, number] };
  const first = planWalk(part(doors), { ...asked, done: new Set() });
  assert.deepEqual(first.stops.map(({ building }) => building), [2, 3, 1]);
  const then = planWalk(part(doors), { ...asked, done: new Set([3]) });
  assert.deepEqual(then.stops.map(({ building }) => building), [2, 1]);
});

test("filters narrow the walk; a task lies at its building or at a place of its own", () => {
  const doors = [door(1, 1, "1", 1, person(1, "2026-11-28")), door(2, 2, "1", 1, person(2, "2026-11-20"))];
  const task = { number: "20261123-1", category: "占道", place: "路口", state: "verifying", stateName: "核实中", due: "2026-11-23T00:00:00+00:00", text: "", revision: 1, moves: [] };
  const tasks = [{ ...task, at: [116.65, 40.121] as const, building: 1 }, { ...task, number: "2", due: null, at: [116.66, 40.12] as const, building: null }];
  const ids = (filter: "today" | "late" | "week") =>
    planWalk(part(doors, { tasks }), { done: new Set(), filter, now: NOW, start: null }).stops.map(({ label }) => label).sort();
  assert.deepEqual(ids("late"), ["1号楼", "2号楼"]);
  assert.deepEqual(ids("today"), ["1号楼", "2号楼", "路口"]);
  assert.deepEqual(ids("week"), ["1号楼", "2号楼", "路口"]);
});
