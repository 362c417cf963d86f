// New doors that follow the pattern of those there are, shown before they are saved: gis/places/door_plans.py in the
// phone. Both are held against tests/gis/places/door_plans.json.
import { ABOVE, compareNaturally, readRoom, roomOf, type Column } from "./numbering.ts";
import { columnsOf, styleOf, type Placed } from "./storeys.ts";

export const MOST_DOORS = 1000;
const [LOWEST, HIGHEST] = [-9, 200];

/** The doors a floor would have, unit by unit, like the nearest floor that has some. Empty: no pattern, or all there. */
export function planFloor(doors: readonly Placed[], floor: number): Placed[] {
  if (!Number.isInteger(floor) || floor < LOWEST || floor > HIGHEST || floor === 0) return [];
  const style = styleOf(doors, floor > 0);
  const planned = unitsOf(doors).flatMap((unit) =>
    nearestColumns(doors.filter((door) => door.unit === unit), floor).map((column) => ({ unit, floor, room: roomOf(style, floor, column) })),
  );
  return fresh(planned, doors);
}

/** A copy of a unit under another name: the same numbers, or going on where the others end (`continued`). */
export function planUnit(doors: readonly Placed[], source: string, unit: string, continued = goesOn(doors)): Placed[] {
  const copied = doors.filter((door) => door.unit === source);
  if (!continued) return fresh(copied.map(({ floor, room }) => ({ unit, floor, room })), doors);
  const [own, all] = [columnsOf(copied), columnsOf(doors)];
  const shift = own.length ? all[all.length - 1].number + 1 - own[0].number : 0;
  const planned = copied.flatMap(({ floor, room }) => {
    const read = readRoom(room, floor);
    if (!read) return [];
    const column = { number: read.column.number + shift, suffix: read.column.suffix };
    return [{ unit, floor, room: roomOf(read.style, floor!, column) }];
  });
  return fresh(planned, doors);
}

/** The doors of a building without any; `units` 0 is one without units. */
export function planBuilding(units: number, floors: number, perFloor: number): Placed[] {
  const sizes = [units, floors, perFloor].every(Number.isInteger);
  if (!sizes || units < 0 || units > 30 || floors < 1 || floors > 150 || perFloor < 1 || perFloor > 99) return [];
  const names = units ? count(units).map(String) : [""];
  return fresh(
    names.flatMap((unit) =>
      count(floors).flatMap((floor) => count(perFloor).map((number) => ({ unit, floor, room: roomOf(ABOVE, floor, { number, suffix: "" }) }))),
    ),
    [],
  );
}

function count(to: number): number[] {
  return Array.from({ length: to }, (_, n) => n + 1);
}

/** Whether units share out the numbers of a floor (101, 102 | 103, 104) instead of each beginning at 101. */
export function goesOn(doors: readonly Placed[]): boolean {
  const rooms = unitsOf(doors).map((unit) => columnsOf(doors.filter((door) => door.unit === unit)).map(({ number, suffix }) => `${number}${suffix}`));
  const filled = rooms.filter((one) => one.length);
  return filled.length > 1 && new Set(filled.flat()).size === filled.flat().length;
}

/** The name after the last unit's; "" where units are not counted. */
export function nextUnit(doors: readonly Placed[]): string {
  const numbers = unitsOf(doors).filter((unit) => /^[0-9]+$/.test(unit)).map(Number);
  return numbers.length ? String(Math.max(...numbers) + 1) : "";
}

export function unitsOf(doors: readonly Placed[]): string[] {
  return [...new Set(doors.map((door) => door.unit))].sort(compareNaturally);
}

/** The floors that have doors, the highest first. */
export function floorsShown(doors: readonly Placed[]): number[] {
  return [...new Set(doors.flatMap(({ floor }) => (floor === null ? [] : [floor])))].sort((a, b) => b - a);
}

function nearestColumns(doors: Placed[], floor: number): Column[] {
  const floors = [...new Set(doors.filter((door) => readRoom(door.room, door.floor)).map((door) => door.floor!))];
  const far = (other: number) => [Number(other > 0 !== floor > 0), Math.abs(other - floor), other];
  const nearest = floors.filter((other) => other !== floor).sort((a, b) => compareAll(far(a), far(b)))[0];
  return columnsOf(doors.filter((door) => door.floor === nearest)).filter(({ suffix }) => !suffix);
}

function compareAll(a: number[], b: number[]): number {
  return a.map((one, n) => one - b[n]).find((order) => order) ?? 0;
}

/** Only what is not there yet, each once; nothing where it is too much for one plan. */
function fresh(planned: Placed[], doors: readonly Placed[]): Placed[] {
  const name = ({ unit, room }: Placed) => `${unit}|${room}`;
  const there = new Set(doors.map(name));
  const kept = planned.filter((door) => !there.has(name(door)) && there.add(name(door)));
  return kept.length > MOST_DOORS ? [] : kept;
}

/** Unit → its rooms in short; units with the same rooms together: [["1", "2"], "701、702"]. */
export function byUnit(doors: readonly Placed[]): [string[], string][] {
  const rooms = unitsOf(doors).map((unit) => [unit, inShort(doors.filter((door) => door.unit === unit))] as const);
  const same = new Map<string, string[]>();
  for (const [unit, text] of rooms) same.set(text, [...(same.get(text) ?? []), unit]);
  return [...same].map(([text, units]) => [units, text]);
}

/** 101–104, 201: runs of rooms in short, to be read before saving. */
export function inShort(doors: readonly Placed[]): string {
  const rooms = doors.map((door) => door.room);
  const runs: string[][] = [];
  for (const room of rooms) {
    const last = runs[runs.length - 1];
    if (last && Number(room) === Number(last[last.length - 1]) + 1) last.push(room);
    else runs.push([room]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}–${run[run.length - 1]}` : run.join("、"))).join("、");
}
