// The doors of a building as people picture it: the same arrangement as gis/places/storeys.py, without a network.
import { ABOVE, BELOW, columnText, compareColumns, compareNaturally, readRoom, roomOf, type Column, type Style } from "./numbering.ts";

/** What the arrangement needs to know of a door. */
export interface Placed {
  readonly unit: string;
  readonly floor: number | null;
  readonly room: string;
}

/** A place for a door. Without one, `room` is the number the pattern gives it, "" where it gives none. */
export interface Slot<Door> {
  readonly room: string;
  readonly door: Door | null;
}

export interface Row<Door> {
  readonly floor: number | null;
  readonly slots: Slot<Door>[];
  /** What follows no pattern, beside the columns. */
  readonly beside: Door[];
}

/** One staircase: its rows from the top down. */
export interface Unit<Door> {
  readonly name: string;
  readonly columns: Column[];
  readonly rows: Row<Door>[];
  readonly doors: Door[];
}

const TALLEST = 200;
const WITH_LIFT = 7;

/** The units from left to right; every unit has a row for every floor of the building. */
export function arrange<Door extends Placed>(doors: readonly Door[]): Unit<Door>[] {
  const byUnit = grouped(doors);
  const floors = floorsOf(doors);
  return [...byUnit.keys()].sort(compareNaturally).map((name) => readUnit(name, byUnit.get(name)!, floors));
}

function grouped<Door extends Placed>(doors: readonly Door[]): Map<string, Door[]> {
  const found = new Map<string, Door[]>();
  for (const door of doors) found.set(door.unit, [...(found.get(door.unit) ?? []), door]);
  return found;
}

function floorsOf(doors: readonly Placed[]): (number | null)[] {
  const found = new Set(doors.map((door) => door.floor));
  let known = [...found].filter((floor): floor is number => floor !== null).sort((a, b) => a - b);
  const span = known.length ? known[known.length - 1] - known[0] : 0;
  if (known.length && span < TALLEST)
    known = Array.from({ length: span + 1 }, (_, n) => known[0] + n).filter((floor) => floor || found.has(0));
  return [...known.reverse(), ...(found.has(null) ? [null] : [])];
}

function readUnit<Door extends Placed>(name: string, doors: Door[], floors: (number | null)[]): Unit<Door> {
  const placed = new Map<string, Door>();
  const beside = new Map<number | null, Door[]>();
  const columns = new Map<string, Column>();
  const sorted = [...doors].sort((a, b) => compareNaturally(a.room, b.room));
  for (const door of sorted) {
    const read = readRoom(door.room, door.floor);
    const key = read && `${door.floor} ${columnText(read.column)}`;
    if (!read || placed.has(key!)) beside.set(door.floor, [...(beside.get(door.floor) ?? []), door]);
    else {
      placed.set(key!, door);
      columns.set(columnText(read.column), read.column);
    }
  }
  const straight = [...columns.values()].sort(compareColumns);
  const rooms = new Set(doors.map((door) => door.room));
  const built = new Set([...placed.values()].map((door) => door.floor));
  const missing = (floor: number, column: Column): string => {
    if (!built.has(floor) || column.suffix) return "";
    const room = roomOf(styleOf(doors, floor > 0), floor, column);
    return rooms.has(room) ? "" : room;
  };
  const rows = floors.map((floor) => ({
    floor,
    slots: floor === null ? [] : straight.map((column) => slotAt(placed.get(`${floor} ${columnText(column)}`), () => missing(floor, column))),
    beside: beside.get(floor) ?? [],
  }));
  return { name, columns: straight, rows, doors: rows.flatMap(doorsOf) };
}

function slotAt<Door extends Placed>(door: Door | undefined, missing: () => string): Slot<Door> {
  return door ? { room: door.room, door } : { room: missing(), door: null };
}

export function doorsOf<Door>({ slots, beside }: Row<Door>): Door[] {
  return [...slots.flatMap(({ door }) => (door ? [door] : [])), ...beside];
}

/** As one walks them: each staircase upwards, or from the top down where there is a lift (seven storeys and more). */
export function walkingOrder<Door extends Placed>(units: Unit<Door>[]): Door[] {
  const above = (units[0]?.rows ?? []).filter(({ floor }) => floor !== null && floor > 0).length;
  return units.flatMap(({ rows }) => {
    const known = rows.filter(({ floor }) => floor !== null);
    const walked = above < WITH_LIFT ? [...known].reverse() : known;
    return [...walked, ...rows.filter(({ floor }) => floor === null)].flatMap(doorsOf);
  });
}

/** How most doors above the ground, or below it, write their floor. */
export function styleOf(doors: readonly Placed[], above: boolean): Style {
  const counted = new Map<string, { style: Style; count: number }>();
  for (const { room, floor } of doors) {
    const read = readRoom(room, floor);
    if (!read || floor! > 0 !== above) continue;
    const key = JSON.stringify(read.style);
    const known = counted.get(key) ?? { style: read.style, count: 0 };
    known.count += Math.abs(floor!) < 10 ? 1 : 0; // 1203 does not tell whether floors are padded
    counted.set(key, known);
  }
  const best = [...counted.values()].sort((a, b) => b.count - a.count || (a.style.prefix < b.style.prefix ? -1 : 1))[0];
  return best?.style ?? (above ? ABOVE : BELOW);
}

export function columnsOf(doors: readonly Placed[]): Column[] {
  const found = new Map<string, Column>();
  for (const { room, floor } of doors) {
    const read = readRoom(room, floor);
    if (read) found.set(columnText(read.column), read.column);
  }
  return [...found.values()].sort(compareColumns);
}
