// The figures of one indicator: arrays in the order of a list of places. The only place that knows how they travel.
import { askBytes, troubleOfStatus } from "../request.ts";
import { listOf, type PlaceList } from "./listed.ts";
import type { Compare } from "./question.ts";
import { readPacked, type Numbers } from "./packed.ts";

/** What `Figures.state` says of a figure, as layers/values.py numbers it. */
export const SHOWN = 0;
export const HIDDEN = 1;
export const UNKNOWN = 2;
export const DOUBTFUL = 3;

export interface Category {
  name: string;
  colour: string;
}

interface Head {
  indicator: string;
  layer: string;
  list: string;
  unit: string;
  at: string;
  note: string;
  source: string;
  classes: Category[];
}

export interface Figures extends Omit<Head, "list"> {
  list: PlaceList;
  /** NaN where withheld or unknown; of categories the number of the class. */
  values: Float32Array;
  /** Of the period before, where it was asked for. */
  previous: Float32Array | null;
  state: Uint8Array;
  /** What of them is coloured and ranked: "" the figures themselves, else their change since the period before. */
  compare: Compare;
  /** n numbers, NaN where there is none: `values`, or the change in numbers or per cent. */
  shown: Float32Array;
}

/** What is asked of the server besides the layer: `indicator`, and for incidents `days`, `category`, `major`, `compare`. */
export type Question = Record<string, string>;

export interface Addresses {
  values: string;
  listed: string;
}

export async function askFigures(
  addresses: Addresses,
  layer: string,
  question: Question,
  signal?: AbortSignal,
): Promise<Figures> {
  const query = new URLSearchParams({ layer, ...question });
  for (let attempt = 0; attempt < 3; attempt++) {
    const { head, arrays } = readPacked<Head>(await askBytes(`${addresses.values}?${query}`, signal));
    const list = await listOf(head.list, addresses.listed, query, signal);
    if (head.list === list.mark) return figuresOf(head, arrays, list);
    // an outline changed between the two answers
  }
  throw troubleOfStatus(500);
}

export function figuresOf(head: Head, arrays: Record<string, Numbers>, list: PlaceList): Figures {
  const values = (arrays.values as Float32Array).slice();
  const state = arrays.state as Uint8Array;
  // Whatever came with it: what is withheld is not even in memory.
  values.forEach((_, row) => state[row] === HIDDEN && (values[row] = NaN));
  const previous = (arrays.previous as Float32Array) ?? null;
  return { ...head, list, values, previous, state, compare: "", shown: values };
}

/** The same figures with their change in front, where the period before is known. */
export function compared(figures: Figures, compare: Compare): Figures {
  const { values, previous } = figures;
  if (!previous || !compare) return { ...figures, compare: "", shown: values };
  const shown = values.map((value, row) => changeOf(value, previous[row], compare));
  return { ...figures, compare, shown };
}

/** NaN where there is none; a beginning from nothing has no per cent. */
export function changeOf(value: number, before: number, compare: Compare): number {
  const difference = value - before;
  if (compare !== "percent") return difference;
  return before === 0 && difference === 0 ? 0 : before === 0 ? NaN : (100 * difference) / before;
}

/** The figure of a row; null where there is none to tell. */
export function figureAt(figures: Figures, row: number | undefined): number | null {
  const value = row === undefined ? NaN : figures.values[row];
  return Number.isNaN(value) ? null : value;
}

/** The figures that can be coloured and ranked. */
export function known(figures: Figures): Float32Array {
  return figures.shown.filter((value) => !Number.isNaN(value));
}
