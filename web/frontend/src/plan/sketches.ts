// Tools that draw a line or a place instead of taking tiles: dragged freehand, or point by point with Enter at the end.
import { showNote } from "../ui/notices.ts";
import { t } from "./words.ts";
import type { Board, ToolName } from "./board.ts";
import type { Editor } from "./editor.ts";
import { middleOf, type Point } from "./gathering.ts";
import type { PlanLayer, View } from "./layer.ts";
import { dot, strokeTwice } from "./marks.ts";
import type { Plan } from "./model.ts";
import type { Hand } from "./pointing.ts";
import { alongBorders } from "./tracing.ts";

const SKETCHING: ToolName[] = ["split", "draw", "carve", "barrier", "road", "passage"];
const RINGS: ToolName[] = ["draw", "carve"];
const MAJOR = 2;
/** A stroke shorter than this is a point, px; one shorter than the other is not drawn freehand. */
const POINT_PX = 12;
const STILL_PX = 4;

export class Sketches implements Hand {
  private points: Point[] = [];
  private down = false;
  /** Points there were before this press. */
  private before = 0;
  private at: Point | null = null;

  constructor(
    host: HTMLElement,
    private readonly layer: PlanLayer,
    private readonly plan: Plan,
    private readonly board: Board,
    private readonly editor: Editor,
  ) {
    host.addEventListener("dblclick", () => this.finish());
    board.on(["tool"], () => this.drop());
  }

  get on(): boolean {
    return SKETCHING.includes(this.board.now.tool);
  }

  get drawing(): boolean {
    return this.points.length > 0;
  }

  drop(): void {
    this.points = [];
    this.down = false;
    this.changed();
  }

  /** Add the middle of the tile that the keyboard is on. */
  addTile(row: number): void {
    this.points.push(middleOf(this.plan.ground, row));
    this.changed();
    if (this.board.now.tool === "passage") this.finish();
  }

  finish(): void {
    const { tool } = this.board.now;
    const line = this.points;
    const least = tool === "passage" ? 1 : RINGS.includes(tool) ? 3 : 2;
    if (!this.on || line.length < least) return;
    this.points = [];
    this.changed();
    this.send(tool, line);
  }

  private send(tool: ToolName, line: Point[]): void {
    const places = this.places(line);
    const chosen = this.board.now.chosen ?? this.cellUnder(line[0]);
    if ((tool === "split" || tool === "carve") && !chosen) return showNote("step", t("先选一个网格。"));
    if (tool === "split") void this.editor.propose("split", { cell: chosen, line: places });
    else if (tool === "carve") void this.editor.propose("carve", { cell: chosen, ring: places });
    else if (tool === "draw") void this.editor.propose("draw", { ring: places });
    else if (tool === "barrier") void this.editor.propose("cut", { line: places, between: MAJOR });
    else if (tool === "passage") void this.editor.propose("passage", { place: places });
    else if (tool === "road") this.mark(line);
  }

  private mark(line: Point[]): void {
    const way = alongBorders(this.plan.ground, line);
    if (way.length < 2) return showNote("step", t("这里没有地块的边可以标记。"));
    void this.editor.propose("barrier", { line: this.places(way), between: this.board.now.erase ? 0 : MAJOR });
  }

  private places(line: Point[]): [number, number][] {
    return line.map((point) => this.layer.toPlace(point));
  }

  private cellUnder(point: Point): number | null {
    const row = this.plan.ground.at(...point);
    return row < 0 ? null : this.plan.ground.cell[row] || null;
  }

  // ── the pointer ──

  begin(at: Point): boolean {
    this.before = this.points.length;
    this.points.push(at);
    this.down = true;
    this.changed();
    return true;
  }

  follow(places: Point[], far: number): void {
    if (this.down && far > STILL_PX && this.board.now.tool !== "passage") this.points.push(...places);
  }

  end(_at: Point, far: number): void {
    if (!this.down) return;
    this.down = false;
    if (this.board.now.tool === "passage" || far > POINT_PX) this.finish();
    this.changed();
  }

  forget(): void {
    this.points.length = Math.min(this.points.length, this.before);
    this.down = false;
    this.changed();
  }

  hover(at: Point | null): void {
    this.at = at;
    this.layer.redrawOver();
  }

  private changed(): void {
    this.board.set({ sketch: this.points.length });
    this.layer.redrawOver();
  }

  draw(context: CanvasRenderingContext2D, view: View): void {
    if (!this.on) return;
    context.lineJoin = "round";
    const line = !this.down && this.at && this.points.length ? [...this.points, this.at] : this.points;
    if (!line.length) return;
    context.beginPath();
    context.moveTo(...line[0]);
    for (const point of line) context.lineTo(...point);
    if (RINGS.includes(this.board.now.tool)) {
      context.closePath();
      context.fillStyle = "rgb(20 89 199 / 16%)";
      context.fill();
    }
    strokeTwice(context, view, this.board.now.tool === "barrier" || this.board.now.tool === "road" ? "#8a3312" : "#1459c7");
    for (const [x, y] of this.down ? [] : this.points) dot(context, view, x, y, 5, "#1459c7");
  }
}
