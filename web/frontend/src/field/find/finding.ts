// Finding a building or door among those on the phone: a few thousand doors, so every building is looked at.
import { bare, spell } from "./spelling.ts";

/** A building as it is found: what it is called, its number there, and where it stands on a road. */
export interface Known {
  readonly id: number;
  readonly label: string;
  readonly address: string;
  /** Its name in pinyin, a blank between syllables. */
  readonly sound: string;
  /** Unit and room of each door, in the spelling of the register. */
  readonly doors: readonly (readonly [unit: string, room: string])[];
}

export interface Hit {
  readonly id: number;
  readonly score: number;
  /** Unit and room, where a door was asked for and is there. */
  readonly door: readonly [string, string] | null;
  /** What was asked for behind the building and is not there. */
  readonly lacks: string;
}

export interface Answer {
  readonly hits: Hit[];
  /** A number that a compound or road does not have, and the buildings whose numbers are nearest. */
  readonly missing: { readonly of: string; readonly asked: string; readonly nearest: number[] } | null;
}

interface Asked {
  readonly words: string;
  readonly building: string;
  readonly gate: string;
  readonly unit: string;
  readonly room: string;
}

interface Name {
  readonly text: string;
  readonly number: string;
}

const NUMBER = /(?<![a-z\d])([a-z]?\d{1,5}[a-z]?|[a-z](?=座|栋|幢))(号楼|#楼?|栋|幢|座|号院|院|号|楼|层|单元|门|室|户|房)?/g;
const NUMBERED = /^(.*?)((?:[a-z]?\d+[a-z]?)|[a-z])(?:号楼|栋|幢|座|号院|号|#|楼)?$/;
const LEAST = 0.5;

export function find(typed: string, known: readonly Known[], most = 12): Answer {
  const text = spell(typed);
  if (!text) return { hits: [], missing: null };
  const readings = readingsOf(text);
  if (!readings.some(({ words, building, gate, room }) => words || building || gate || room)) return { hits: [], missing: null };
  const hits = known
    .map((one) => readings.map((asked) => fit(asked, one)).reduce((best, hit) => (hit.score > best.score ? hit : best)))
    .filter(({ score }) => score >= LEAST)
    .sort((a, b) => b.score - a.score || a.id - b.id);
  return { hits: hits.filter(({ score }) => score > hits[0].score - 0.9).slice(0, most), missing: missingOf(readings[0], hits, known) };
}

// ── the query ──

/** The ways to read the numbers: as their words say, and bare ones in the order people write them. */
function readingsOf(text: string): Asked[] {
  const found = [...text.replace(/(?<=[一-鿿a-z])(?=\d)/g, "\u0000").matchAll(NUMBER)].map(([, number, word]) => ({ number: number.replace(/^0+(?=.)/, ""), word: word ?? "" }));
  const words = text.replace(/(?<=[一-鿿a-z])(?=\d)/g, "\u0000").replace(NUMBER, "").replace(/[^\p{L}\p{N}]/gu, "");
  const said = { building: "", gate: "", unit: "", room: "" };
  const free: string[] = [];
  for (const { number, word } of found) {
    if (/单元|门/.test(word)) said.unit = number;
    else if (/室|户|房/.test(word)) said.room = number;
    else if (word === `层` || (word === `楼` && said.building)) continue;
    else if (/号楼|#|栋|幢|座|楼/.test(word)) said.building = number;
    else if (word === `号` && (said.building || said.gate)) said.room ||= number;
    else if (word) said.gate = number;
    else free.push(number);
  }
  return orders(free.length, Boolean(said.building || said.gate), Boolean(said.unit)).map((order) => ({
    words,
    ...said,
    ...Object.fromEntries(order.map((part, at) => [part, free[at]])),
  }));
}

type Part = "building" | "unit" | "room";

function orders(count: number, hasBuilding: boolean, hasUnit: boolean): Part[][] {
  const all: Part[][] = [[], ["building"], ["room"], ["unit", "room"], ["building", "room"], ["building", "unit", "room"]];
  const fitting = all.filter((order) => order.length === count && !(hasBuilding && order.includes("building")) && !(hasUnit && order.includes("unit")));
  return fitting.length ? fitting : [[]];
}

// ── a building ──

function fit(asked: Asked, one: Known): Hit {
  const names = [nameOf(one.label), ...(one.address ? [nameOf(one.address)] : [])];
  const number = asked.building || asked.gate;
  const scores = names.map((name) => likeness(asked.words, name, one.sound) + (number ? (name.number === number ? 1 : -0.6) : 0));
  const score = Math.max(...scores);
  if (!(asked.unit || asked.room)) return { id: one.id, score, door: null, lacks: "" };
  const door = one.doors.find(([unit, room]) => (!asked.unit || bare(unit) === asked.unit) && (!asked.room || bare(room) === asked.room));
  const lacks = door ? "" : [asked.unit, asked.room].filter(Boolean).join("-");
  return { id: one.id, score: score + (door ? 0.5 : 0), door: door && asked.room ? door : null, lacks };
}

/** 建新北区12号楼 → 建新北区, 12 */
export function nameOf(label: string): Name {
  const plain = spell(label).replaceAll(" ", "");
  const match = NUMBERED.exec(plain);
  return match ? { text: match[1], number: match[2].replace(/^0+(?=.)/, "") } : { text: plain, number: "" };
}

/** How well words fit a name, 0–1: its characters, its pinyin or its initials. No words fit any name a little. */
function likeness(words: string, { text }: Name, sound: string): number {
  if (!words) return 0.6;
  if (!text) return 0;
  if (words.includes(text)) return 1;
  if (text.includes(words)) return 0.6 + (0.4 * words.length) / text.length;
  const latin = /[a-z]+/.exec(words)?.[0] ?? "";
  const syllables = sound.split(" ").filter(Boolean);
  if (latin.length > 1) {
    const initials = syllables.map((syllable) => syllable[0]).join("");
    const whole = syllables.join("");
    if (initials.startsWith(latin) || whole.startsWith(latin)) return initials === latin || whole === latin ? 0.95 : 0.8;
  }
  return (0.9 * common(words, text)) / text.length;
}

/** Length of the longest common subsequence. */
function common(one: string, other: string): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const letter of one) {
    const next = [0];
    for (let at = 0; at < other.length; at += 1) next.push(letter === other[at] ? row[at] + 1 : Math.max(row[at + 1], next[at]));
    row = next;
  }
  return row[other.length];
}

function missingOf(asked: Asked, hits: Hit[], known: readonly Known[]): Answer["missing"] {
  const number = asked.building || asked.gate;
  if (!number || (asked.words ? hits.some(({ score }) => score >= 1.6) : hits.length)) return null;
  const named = known.flatMap((one) =>
    [one.label, one.address].filter(Boolean).map((label) => ({ id: one.id, name: nameOf(label), like: likeness(asked.words, nameOf(label), one.sound) })),
  );
  const best = Math.max(0, ...named.map(({ like }) => like));
  if (asked.words && best < 0.75) return null;
  const same = named.filter(({ like, name }) => (!asked.words || like === best) && name.number); // a number alone may be anywhere
  const far = ({ name }: { name: Name }) => Math.abs((parseInt(name.number.replace(/\D/g, "")) || 0) - (parseInt(number.replace(/\D/g, "")) || 0));
  const nearest = same.sort((a, b) => far(a) - far(b)).slice(0, 2);
  return nearest.length ? { of: nearest[0].name.text, asked: number, nearest: nearest.map(({ id }) => id) } : null;
}
