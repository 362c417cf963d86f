// What all parts of the workspace share besides the plan itself.
import { Store } from "../store.ts";
import type { Row, Step, Wanted } from "./settings.ts";
import type { ShadingName } from "./shading.ts";
import type { Box } from "./spots.ts";

export type ToolName =
  | "choose" | "click" | "box" | "lasso" | "brush" | "split" | "draw" | "carve" | "drag" | "barrier" | "road" | "passage" | "merge" | "note";

/** A change that is not yet part of the plan. `rows` are tiles; a step that is no painting has none. */
export interface Pending {
  rows: number[];
  target: number;
  wanted: Wanted;
  /** Tiles left out because their cell is locked, or because they lie in another community. */
  locked: number;
  foreign: number;
  /** Figures as they would be, by cell; null as long as nobody knows. */
  trial: Map<number, Row> | null;
  /** Being drawn, waiting for a yes, on its way, waiting for the network, or overtaken by somebody else. */
  phase: "stroke" | "ask" | "sent" | "stuck" | "conflict";
  theirs?: Step[];
  /** Why it cannot be taken as it is now, where it is still in hand. */
  refused?: string;
}

export interface Problem {
  kind: string;
  cells: number[];
  tiles: number[];
  /** Metres from the origin. */
  box: Box | null;
  size: number;
}

export interface BoardState {
  chosen: number | null;
  hovered: number | null;
  tool: ToolName;
  erase: boolean;
  compound: boolean;
  /** Radius of the brush, px. */
  brush: number;
  /** Whether a stroke waits for a yes. */
  ask: boolean;
  /** The tile (row) the keyboard is on, −1 for none. */
  cursor: number;
  pending: Pending | null;
  /** Dots on the borders of the chosen cell that can be moved; null as long as nobody knows. */
  dots: number | null;
  /** Points of a line that is being drawn. */
  sketch: number;
  /** Figures as another target or other weights would make them, while these are being set; null when they are not. */
  wished: Map<number, Row> | null;
  problems: Problem[] | null;
  problem: number;
  theirs: number[];
  /** What the colours of the map say. */
  shading: ShadingName;
}

export type Board = Store<BoardState>;

const KEPT = "wangge.plan";

export function newBoard(): Board {
  const { ask = false, compound = false, brush = 24, shading = "cells" } = remembered();
  const board = new Store<BoardState>({
    chosen: null, hovered: null, tool: "choose", erase: false, compound, brush, ask, cursor: -1, pending: null, dots: null, sketch: 0,
    wished: null, problems: null, problem: -1, theirs: [], shading,
  });
  board.on(["ask", "compound", "brush", "shading"], ({ ask, compound, brush, shading }) => remember({ ask, compound, brush, shading }));
  return board;
}

interface Kept {
  ask?: boolean;
  compound?: boolean;
  brush?: number;
  columns?: string[];
  shading?: ShadingName;
}

export function remembered(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Kept;
  } catch {
    return {};
  }
}

export function remember(change: Kept): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...remembered(), ...change }));
  } catch {
    // a browser that keeps nothing still draws
  }
}
