// A building's doors as this phone knows them: the pack, and over it what was written here and is not in a pack yet.
import { t } from "../../words.ts";
import type { App } from "../view.ts";
import type { BuildingPart, CodesPart, DoorRow, PersonPart } from "../parts.ts";
import type { Item } from "../outbox.ts";
import { withLife } from "../life/effect.ts";

export type State = "unknown" | "occupied" | "empty" | "rented" | "gone";
export type Answer = "" | "answered" | "no_answer" | "refused";
export type Standing = "verified" | "no_answer" | "refused" | "unverified";
export type Due = "" | "late" | "today" | "week";
/** What was written here about a door: nothing, on its way, or turned down. */
export type Pending = "" | "waiting" | "troubled";

export interface Person extends Omit<PersonPart, "stay"> {
  /** 0: written down here, not yet stored. */
  readonly stay: number;
  readonly left?: string;
}

export interface Door {
  /** 0: added here, not yet stored. */
  readonly id: number;
  readonly unit: string;
  readonly floor: number | null;
  readonly room: string;
  readonly state: State;
  readonly answer: Answer;
  readonly verified: string;
  readonly tried: string;
  readonly people: readonly Person[];
  readonly pending: Pending;
}

export interface Building {
  readonly part: BuildingPart;
  readonly doors: Door[];
  /** Whether this reader may write doors and people. */
  readonly writes: boolean;
  /** Whether people are shown at all. */
  readonly seesPeople: boolean;
  readonly codes: CodesPart;
}

export interface DoorBody extends Record<string, unknown> {
  building: number;
  door: number | [string, string];
  answer?: Answer;
  state?: State;
  was?: State;
  rename?: NewName;
  named?: NewName;
  end?: string;
  restore?: boolean;
  people?: PersonChange[];
}

export interface NewName {
  unit: string;
  floor: number | null;
  room: string;
}

export interface PersonChange {
  stay?: number;
  confirmed?: boolean;
  left?: string;
  was_left?: string;
  back?: boolean;
  phone?: string;
  was?: string;
  number?: string;
  add?: Record<string, string>;
  another?: boolean;
}

const VERIFIED_DAYS = 365; // as gis/places/verification.py
const RETRY_DAYS = 2; // as gis/people/due.py
const AHEAD_DAYS = 7;

/** The building and its doors; null where it is not in the pack of this phone. */
export async function readBuilding(app: App, id: number): Promise<Building | null> {
  const [ground, rows, households, codes] = await Promise.all([
    app.pack.get("ground"),
    app.pack.get("doors"),
    app.pack.get("households"),
    app.pack.get("codes"),
  ]);
  const part = ground?.buildings.find((one) => one.id === id);
  if (!part || !rows) return null;
  const packed = rows.filter((row) => row[0] === id).map((row) => doorOf(row, households?.[String(row[1])] ?? []));
  const written = await unstored(app, id);
  return {
    part,
    doors: written.reduce(withItem, packed),
    writes: app.holder?.able.includes("people.write") ?? false,
    seesPeople: app.holder?.able.includes("people.read") ?? false,
    codes: codes ?? { relation: {}, document: {}, invented: false },
  };
}

function doorOf(row: DoorRow, people: readonly PersonPart[]): Door {
  const [, id, unit, floor, room, state, answer, verified, tried] = row;
  return { id, unit, floor, room, state: state as State, answer: answer as Answer, verified, tried, people, pending: "" };
}

// What was written in this visit of the page stays shown until a pack comes that holds it.
const lately = new Map<string, Item>();

/** Items about this building that no pack holds yet, in the order of writing. */
async function unstored(app: App, building: number): Promise<Item[]> {
  const kinds = new Set(["door", "floor", "unit", "life"]);
  const waiting = (await app.outbox.list()).filter(({ kind, body }) => kinds.has(kind) && body.building === building);
  for (const item of waiting) lately.set(item.uuid, item);
  const there = new Set(waiting.map(({ uuid }) => uuid));
  const sent = [...lately.values()].filter(({ uuid, body }) => !there.has(uuid) && body.building === building);
  return [...sent.map((item) => ({ ...item, state: "stored" as never })), ...waiting];
}

/** A new pack came: what left the outbox before it is in it. */
export async function forgetStored(app: App): Promise<void> {
  const there = new Set((await app.outbox.list()).map(({ uuid }) => uuid));
  for (const uuid of lately.keys()) if (!there.has(uuid)) lately.delete(uuid);
}

/** An item was taken back before it was sent. */
export function forget(uuid: string): void {
  lately.delete(uuid);
}

/** The doors as they are once an item is stored. */
export function withItem(doors: Door[], { kind, body, state, written }: Item): Door[] {
  const pending: Pending = state === "waiting" ? "waiting" : state === "refused" || state === "conflict" ? "troubled" : "";
  if (kind === "life") return withLife(doors, body, pending);
  if (kind !== "door") return withSeveral(doors, body, pending);
  const sent = body as unknown as DoorBody;
  return doors.map((door) => (isNamed(door, sent.door) ? changed(door, sent, dayOf(new Date(written)), pending) : door));
}

function withSeveral(doors: Door[], body: Record<string, unknown>, pending: Pending): Door[] {
  const removed = (body.remove as (number | [string, string])[] | undefined) ?? [];
  if (removed.length) return doors.filter((door) => !removed.some((name) => isNamed(door, name)));
  const added = ((body.doors as [string, number | null, string][] | undefined) ?? []).map(([unit, floor, room]) => ({ unit, floor, room }));
  const known = (name: NewName) => doors.find((door) => door.unit === name.unit && door.room === name.room);
  const blank = { id: 0, state: "unknown", answer: "", verified: "", tried: "", people: [], pending } as const;
  const again = new Set(added.map(known).filter((door) => door?.state === "gone"));
  return [
    ...doors.map((door) => (again.has(door) ? { ...door, ...blank, id: door.id } : door)),
    ...added.filter((name) => !known(name)).map((name) => ({ ...blank, ...name })),
  ];
}

export function isNamed(door: Door, name: number | [string, string]): boolean {
  return Array.isArray(name) ? door.unit === name[0] && door.room === name[1] : door.id !== 0 && door.id === name;
}

function changed(door: Door, body: DoorBody, day: string, pending: Pending): Door {
  const state = body.end ? "gone" : body.state || (body.restore ? "unknown" : door.state);
  const found = Boolean(body.answer) && (body.answer === "answered" || body.state === "empty");
  const people = (body.people ?? []).reduce((all, change) => withChange(all, change, day), [...door.people]);
  return {
    ...door,
    ...(body.rename ?? {}),
    state,
    answer: body.answer || door.answer,
    tried: body.answer ? day : door.tried,
    verified: found ? day : door.verified,
    people,
    pending: pending === "troubled" || door.pending === "troubled" ? "troubled" : pending || door.pending,
  };
}

function withChange(people: Person[], change: PersonChange, day: string): Person[] {
  if (change.add) return [...people, newcomer(change.add)];
  return people.map((person) => {
    if (person.stay !== change.stay) return person;
    const phone = change.phone === undefined ? person.phone : change.phone && `***${change.phone.slice(-4)}`;
    return { ...person, phone, confirmed: change.confirmed ? day : person.confirmed, left: change.back ? undefined : (change.left ?? person.left) };
  });
}

function newcomer({ name, relation = "", sex = "0", population = "registered", phone = "" }: Record<string, string>): Person {
  const last = phone && `***${phone.slice(-4)}`;
  return { stay: 0, resident: 0, kind: "living", name, relation, sex, age: null, population, phone: last, identity: "", confirmed: "", needs: [] };
}

/** A local date as 2026-05-20. */
export function dayOf(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** How a door stands today: a verification that still holds, else the last try, else unverified. */
export function standing(door: Pick<Door, "verified" | "tried" | "answer">, today: string = dayOf(new Date())): Standing {
  if (door.verified && daysBetween(door.verified, today) < VERIFIED_DAYS) return "verified";
  const triedSince = door.tried && (!door.verified || door.tried > door.verified);
  return triedSince && (door.answer === "no_answer" || door.answer === "refused") ? door.answer : "unverified";
}

/** When the most urgent person behind a door is to be visited. */
export function dueOf(door: Pick<Door, "people">, today: string = dayOf(new Date())): Due {
  const order: Due[] = ["late", "today", "week", ""];
  return door.people.filter(({ left }) => !left).map((person) => urgency(person, today)).sort((a, b) => order.indexOf(a) - order.indexOf(b))[0] ?? "";
}

function urgency({ due, tried }: Person, today: string): Due {
  if (!due || daysBetween(today, due) > AHEAD_DAYS) return "";
  const waits = tried && daysBetween(tried, today) < RETRY_DAYS;
  if (waits || due > today) return "week";
  return due < today ? "late" : "today";
}

export function needed(door: Pick<Door, "people">): boolean {
  return door.people.some(({ needs, left }) => needs.length > 0 && !left);
}

export interface Counts {
  readonly all: number;
  readonly verified: number;
  readonly noAnswer: number;
  readonly refused: number;
}

export function countDoors(doors: readonly Door[], today?: string): Counts {
  const stands = doors.filter(({ state }) => state !== "gone").map((door) => standing(door, today));
  const number = (wanted: Standing) => stands.filter((one) => one === wanted).length;
  return { all: stands.length, verified: number("verified"), noAnswer: number("no_answer"), refused: number("refused") };
}

/** 3单元402, as the register writes it. */
export function doorName({ unit, room }: Pick<Door, "unit" | "room">): string {
  return unit ? t("{unit}单元{room}", { unit, room }) : room;
}

/** How a submission names a door: by its key, or by unit and room while it has none. */
export function nameOf(door: Door): number | [string, string] {
  return door.id || [door.unit, door.room];
}
