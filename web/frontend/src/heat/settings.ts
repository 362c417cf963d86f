// What the heat map is set to, and what of that changes which part of the picture.
import type { Limits } from "./asking.ts";
import type { Cube, Step } from "./cube.ts";
import { daysOf } from "../filter/filter.ts";
import { binsIn, daysBefore } from "./periods.ts";

/** What the server says of heat maps; null to whom it offers none. */
export interface HeatSettings {
  url: string;
  today: string;
  /** Those that have happened: the indicators offer them. */
  categories: { id: number; name: string; major: string }[];
  limits: Limits;
}

export interface HeatState {
  open: boolean;
  from: string;
  to: string;
  step: Step;
  /** Time bins in the window. */
  width: number;
  /** First time bin of the window. */
  at: number;
  /** Bandwidth on the ground, 0 for one that suits the zoom. */
  metres: number;
  /** The colours' top is that of the period divided by this. */
  strength: number;
  /** The filter of incidents, as its query string. */
  filter: string;
  playing: boolean;
  /** Time bins a second. */
  speed: number;
  cube: Cube | null;
}

/** Offered widths of the window, in time bins. */
export const WIDTHS: Record<Step, number[]> = {
  hour: [1, 3, 6, 12, 24],
  day: [1, 3, 7, 14, 30],
  week: [1, 2, 4, 8, 13, 26],
  month: [1, 2, 3, 6, 12],
  "hour-of-day": [1, 2, 3, 4, 6, 8],
};
const FIRST_WIDTH: Record<Step, number> = { hour: 3, day: 7, week: 4, month: 1, "hour-of-day": 2 };
export const SPEEDS = [2, 5, 10, 20];
/** Offered bandwidths in metres. */
export const BANDWIDTHS = [0, 50, 100, 150, 200, 300, 500, 800, 1000, 1500, 2000, 3000, 5000];
export const STRENGTHS = [0.5, 1, 2, 4];

export function firstState({ today }: HeatSettings): HeatState {
  return {
    open: false, from: daysBefore(today, 364), to: today, step: "week", width: FIRST_WIDTH.week, at: 0, metres: 0,
    strength: 1, filter: "", playing: false, speed: 5, cube: null,
  };
}

/** Another step: with a width of window that suits it, and a period the server can send in such steps. */
export function withStep(state: HeatState, step: Step, limits: Limits): Partial<HeatState> {
  const most = limits.times - 2;
  const days = step === "hour" ? Math.min(31, Math.floor(most / 24)) : most;
  const tooLong = binsIn(state.from, state.to, step) > (step === "hour" ? days * 24 : most);
  return { step, width: FIRST_WIDTH[step], playing: false, ...(tooLong ? { from: daysBefore(state.to, days - 1) } : {}) };
}

/** The last place the window may begin at. */
export function lastStart(cube: Cube, width: number): number {
  return cube.cyclic ? cube.steps - 1 : Math.max(0, cube.steps - width);
}

/** Where a window that plays goes on: after the end it begins again. */
export function nextStart(cube: Cube, at: number, width: number): number {
  return at >= lastStart(cube, width) ? 0 : at + 1;
}

/** What the server is asked beside the window. The days of the filter are those of the cube. */
export function queryOf({ from, to, step, filter }: HeatState): URLSearchParams {
  const query = new URLSearchParams(filter);
  for (const [name, value] of Object.entries({ from, to, step })) query.set(name, value);
  return query;
}

/** The cube's days under a filter: its own where it asks for some, else the last year. */
export function daysUnder(filter: string, today: string): { from: string; to: string } {
  const { first, last } = daysOf(filter, today);
  const to = last ?? today;
  return { from: first ?? daysBefore(to, 364), to };
}
