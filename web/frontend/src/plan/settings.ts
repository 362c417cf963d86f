// What the server says: the settings of the page, and its answers.
import type { TileSets } from "../map/square.ts";
import type { LiveSettings } from "../live/feed.ts";
import type { BaseMap } from "../workspace.ts";

export interface PlanSettings extends TileSets {
  urls: Record<"tiles" | "state" | "steps" | "undo" | "redo" | "try" | "since" | "sign-in" | "history" | "go-to" | "wish" | "problems" | "handles" | "here" | "notes" | "note-settle", string>;
  draw: boolean;
  /** Its uuid, by which the live feed names it. */
  plan: string;
  /** What its cells are: "cells", "communities" or "streets". */
  kind: string;
  /** Where the live feed is; null where none is served. */
  live: LiveSettings | null;
  language: string;
  name: string;
  me: string;
  /** Names of what can count as workload. */
  loads: Record<string, string>;
  baseMaps: BaseMap[];
}

export interface Cell {
  number: number;
  name: string;
  community: string;
  code: string;
  kind: string;
  locked: boolean;
}

/** Figures of a cell: `number`, `work`, `deviation` …, and each load by its name. */
export type Row = Record<string, number>;

export interface Standing {
  revision: number;
  state: string;
  target: number;
  tolerance: number;
  weights: Record<string, number>;
  undo: number;
  redo: number;
}

export interface State extends Standing {
  cells: Record<string, Cell>;
  figures: Row[];
}

export interface Step {
  revision: number;
  kind: string;
  facts: Record<string, unknown>;
  undoes: number | null;
  who: string;
  at: string;
}

/** A tile that has come; rings in metres of the drawing CRS. */
export interface Come {
  id: number;
  cell: number;
  community: string;
  compound: number;
  households: number;
  rings: [number, number][][];
}

export interface Delta {
  tiles: number[];
  cell: number[];
  cells: Record<string, Cell | null>;
  figures: Row[];
  gone: number[];
  come: Come[];
  between: [first: number, second: number, what: number][];
  /** Of tiles that stay, where buildings on several tiles now count on others. */
  households: [id: number, count: number][];
}

export interface Answer extends Delta, Standing {
  steps: Step[];
  /** Instead of all the rest: too much has changed to be told. */
  reload?: true;
}

export interface Trial extends Delta {
  revision: number;
  said: Record<string, unknown>;
}

/** A step as it is sent. */
export interface Wanted {
  kind: string;
  args: Record<string, unknown>;
}
