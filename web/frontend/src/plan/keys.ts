// Keys of the workspace. Letters take up a tool; on the map arrows go from tile to tile and Enter does its work.
import type { L } from "../map/leaflet.ts";
import { announce } from "../ui/dom.ts";
import { t } from "./words.ts";
import type { Board } from "./board.ts";
import type { Editor } from "./editor.ts";
import { middleOf, type Point } from "./gathering.ts";
import type { Handles } from "./handles.ts";
import type { PlanLayer } from "./layer.ts";
import type { Plan } from "./model.ts";
import { isArrow, nearestTile, nextTile } from "./steering.ts";
import type { Sketches } from "./sketches.ts";
import { PAINTING, TOOLS } from "./toolbar.ts";

interface Parts {
  map: L.Map;
  plan: Plan;
  board: Board;
  editor: Editor;
  layer: PlanLayer;
  sketches: Sketches;
  handles: Handles;
  problem(by: number): void;
  leave(): void;
  home(): void;
  rename(): void;
  /** Point at a place with the tool for it. */
  point(at: Point): void;
  draws: boolean;
}

export function bindPlanKeys(parts: Parts): void {
  const { map, board, editor, draws } = parts;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey) return withControl(event, editor, draws);
    if (isTyping(event.target)) return;
    if (event.key === "Escape") return parts.leave();
    if (event.target === map.getContainer() && onMap(event, parts)) return event.preventDefault();
    if (event.key === "Enter" && !isControl(event.target)) return board.now.pending ? void editor.apply() : parts.sketches.finish();
    if (event.key.toUpperCase() === "N") return parts.problem(event.shiftKey ? -1 : 1);
    if (draws) takeUp(event, parts);
  });
}

function withControl(event: KeyboardEvent, editor: Editor, draws: boolean): void {
  if (!draws || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  void editor.again(key === "y" || event.shiftKey ? "redo" : "undo");
}

/** A tool, a switch, the size of the brush. */
function takeUp(event: KeyboardEvent, { board, rename }: Parts): void {
  const key = event.key.toUpperCase();
  const tool = TOOLS.find((one) => one.key === key);
  const { erase, compound, brush, chosen } = board.now;
  if (tool) board.set({ tool: tool.name });
  else if (key === "E") board.set({ erase: !erase, tool: PAINTING.includes(board.now.tool) ? board.now.tool : "click" });
  else if (key === "C") board.set({ compound: !compound });
  else if (key === "[" || key === "]") board.set({ brush: Math.min(120, Math.max(6, brush + (key === "]" ? 6 : -6))) });
  else if (key === "F2" && chosen !== null) rename();
  else return;
  event.preventDefault();
}

/** Whether the key meant the map. */
function onMap(event: KeyboardEvent, parts: Parts): boolean {
  const { map, board, editor } = parts;
  if ((board.now.pending === null || parts.handles.drawing) && parts.handles.key(event)) return true;
  if (isArrow(event.key)) return go(event.key, parts);
  if (event.key === "+" || event.key === "=") map.zoomIn(1);
  else if (event.key === "-") map.zoomOut(1);
  else if (event.key === "0") parts.home();
  else if (event.key === "Enter" && board.now.pending?.phase === "ask") void editor.apply();
  else if (event.key === "Enter" && parts.sketches.on) sketchHere(parts, event.shiftKey);
  else if (event.key === "Enter") actHere(parts);
  else return false;
  return true;
}

function go(key: string, { map, plan, board, layer }: Parts): boolean {
  const { cursor } = board.now;
  const { ground } = plan;
  const next = cursor < 0 || cursor >= ground.count ? nearestTile(ground, layer.toMetres(map.getCenter())) : nextTile(ground, cursor, key);
  if (next < 0) return false;
  board.set({ cursor: next });
  layer.reveal(middleOf(ground, next));
  const number = ground.cell[next];
  announce(t("地块 {id}：{cell}，{count} 户", { id: ground.columns.ids[next], cell: number ? `${number} ${plan.name(number)}` : t("未分配"), count: Math.round(ground.columns.households[next]) }));
  return true;
}

function actHere({ plan, board, editor, map, layer, point }: Parts): void {
  const row = board.now.cursor >= 0 ? board.now.cursor : plan.ground.at(...layer.toMetres(map.getCenter()));
  if (row < 0) return;
  if (board.now.tool === "note") return point(middleOf(plan.ground, row));
  const number = plan.ground.cell[row];
  if (!PAINTING.includes(board.now.tool)) return board.set({ chosen: number || null });
  if (board.now.chosen === null && !board.now.erase) return board.set({ chosen: number || null });
  editor.offer([row]);
  editor.release();
}

/** Enter sets a point of the line on the tile at hand; on the same tile again, or with Shift, the line is finished. */
function sketchHere({ board, sketches }: Parts, shift: boolean): void {
  const { cursor, sketch } = board.now;
  if (shift || cursor < 0 || (sketch > 1 && cursor === lastTile)) return sketches.finish();
  lastTile = cursor;
  sketches.addTile(cursor);
}

let lastTile = -1;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && Boolean(target.closest("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]"));
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && Boolean(target.closest("button, a, summary, input"));
}
