// From what the phone has to the stops of a walk: who is still due, when, and in which order. Nothing here draws.
import { length, walkTiers, type Point } from "./order.ts";
import type { DoorPart, TaskPart, VisitsPart } from "./part.ts";

export type Urgency = "late" | "today" | "week";
export type Filter = "today" | "late" | "week";

export interface DoorDue {
  readonly door: DoorPart;
  readonly urgency: Urgency;
  /** The day to call, and since when somebody there is due: 2026-11-23. */
  readonly on: string;
  readonly due: string;
}

export interface TaskDue {
  readonly task: TaskPart;
  readonly late: boolean;
}

/** A building, or a place without one, with all that is to be done there. */
export interface Stop {
  readonly building: number | null;
  readonly label: string;
  readonly at: readonly [number, number];
  readonly late: boolean;
  readonly doors: readonly DoorDue[];
  readonly tasks: readonly TaskDue[];
}

export interface Walk {
  readonly stops: readonly Stop[];
  /** Metres on foot, roughly. */
  readonly metres: number;
}

/** How much longer a way is than the straight line: the factor of gis/places/service/reach.py. */
const DETOUR = 1.3;
const AHEAD_DAYS = 7;

/** The day after so many days; dates are those of a calendar, without a clock. */
export function dayAfter(day: string, days: number): string {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

export function daysBetween(first: string, second: string): number {
  return Math.round((Date.parse(`${second}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / 86_400_000);
}

/** Today by the phone's own clock and zone. */
export function todayOf(now: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** How a door stands: by whoever there is to be called on first. One call is for all who are due there. */
export function doorDue(door: DoorPart, today: string, retryAfter: number): DoorDue {
  const each = door.people.map(({ due, tried }) => {
    const retry = tried ? dayAfter(tried, retryAfter) : due;
    const on = retry > due ? retry : due;
    const urgency: Urgency = on > today ? "week" : due < today ? "late" : "today";
    return { urgency, on, due };
  });
  each.sort((one, other) => rank(one.urgency) - rank(other.urgency) || compare(one.on, other.on) || compare(one.due, other.due));
  return { door, ...each[0] };
}

function rank(urgency: Urgency): number {
  return ["late", "today", "week"].indexOf(urgency);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** The doors still to call at; `done` are those a call was recorded for here since the server told of them. */
export function doorsDue(part: VisitsPart, done: ReadonlySet<number>, today: string): DoorDue[] {
  const last = dayAfter(today, AHEAD_DAYS);
  return part.doors
    .filter((door) => door.people.length && !done.has(door.id))
    .map((door) => doorDue(door, today, part.retryAfter))
    .filter(({ on }) => on <= last);
}

export function tasksDue(part: VisitsPart, now: Date): TaskDue[] {
  return part.tasks.map((task) => ({ task, late: task.due !== null && Date.parse(task.due) < now.getTime() }));
}

export function fits({ urgency }: DoorDue, filter: Filter): boolean {
  return filter === "week" || urgency === "late" || (filter === "today" && urgency === "today");
}

/** The walk over what a filter shows: buildings with something late first, then the others; `start` as lon, lat. */
export function planWalk(
  part: VisitsPart,
  { done, filter, now, start }: { done: ReadonlySet<number>; filter: Filter; now: Date; start: readonly [number, number] | null },
): Walk {
  const doors = doorsDue(part, done, todayOf(now)).filter((door) => fits(door, filter));
  const tasks = tasksDue(part, now).filter(({ late }) => late || filter !== "late");
  const stops = stopsOf(part, doors, tasks);
  if (!stops.length) return { stops, metres: 0 };
  const plane = planeAt(stops[0].at);
  const points = stops.map(({ at }) => plane(at));
  const begin = start && plane(start);
  const order = walkTiers(points, stops.map(({ late }) => late), begin);
  return { stops: order.map((number) => stops[number]), metres: Math.round((length(points, order, begin) / 10) * DETOUR) };
}

function stopsOf(part: VisitsPart, doors: readonly DoorDue[], tasks: readonly TaskDue[]): Stop[] {
  const stops = new Map<string, { stop: Omit<Stop, "doors" | "tasks" | "late">; doors: DoorDue[]; tasks: TaskDue[] }>();
  const at = (key: string, made: () => Omit<Stop, "doors" | "tasks" | "late">) => {
    const found = stops.get(key) ?? { stop: made(), doors: [], tasks: [] };
    stops.set(key, found);
    return found;
  };
  for (const due of doors) {
    const { building } = due.door;
    const known = part.buildings[building];
    if (known) at(`b${building}`, () => ({ building, label: known.label, at: known.at })).doors.push(due);
  }
  for (const due of tasks) {
    const { building, place, category, number } = due.task;
    const known = building === null ? undefined : part.buildings[building];
    const key = known ? `b${building}` : `t${number}`;
    at(key, () => ({ building: known ? building : null, label: known?.label ?? (place || category), at: known?.at ?? due.task.at })).tasks.push(due);
  }
  return [...stops.values()].map(({ stop, doors: its, tasks: more }) => ({
    ...stop,
    doors: its.sort(fromTheTop),
    tasks: more,
    late: its.some(({ urgency }) => urgency === "late") || more.some(({ late }) => late),
  }));
}

/** Unit by unit, in each from the top floor down: the last door is the one nearest to the exit. */
function fromTheTop({ door: one }: DoorDue, { door: other }: DoorDue): number {
  return (
    one.unit.localeCompare(other.unit, "zh", { numeric: true }) ||
    (other.floor ?? 0) - (one.floor ?? 0) ||
    one.room.localeCompare(other.room, "zh", { numeric: true }) ||
    one.id - other.id
  );
}

/** Degrees to whole decimetres around a place; good for the few kilometres that are walked. */
function planeAt([lon, lat]: readonly [number, number]): (at: readonly [number, number]) => Point {
  const north = 1_113_194.9;
  const east = north * Math.cos((lat * Math.PI) / 180);
  return ([x, y]) => [Math.round((x - lon) * east), Math.round((y - lat) * north)];
}
