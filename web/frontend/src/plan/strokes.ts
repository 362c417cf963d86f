// Tools that take tiles as the pointer goes over them: by click, rectangle, lasso and brush.
import type { Board } from "./board.ts";
import type { Editor } from "./editor.ts";
import { inBox, inLasso, underBrush, type Point } from "./gathering.ts";
import type { PlanLayer, View } from "./layer.ts";
import type { Plan } from "./model.ts";
import type { Hand } from "./pointing.ts";
import { PAINTING } from "./toolbar.ts";

export class Strokes implements Hand {
  private points: Point[] = [];
  private readonly rows = new Set<number>();
  private at: Point | null = null;

  constructor(
    private readonly layer: PlanLayer,
    private readonly plan: Plan,
    private readonly board: Board,
    private readonly editor: Editor,
  ) {}

  get on(): boolean {
    return PAINTING.includes(this.board.now.tool);
  }

  get drawing(): boolean {
    return this.points.length > 0;
  }

  /** The line of the stroke, and the brush. */
  draw(context: CanvasRenderingContext2D, view: View): void {
    const { tool, brush } = this.board.now;
    context.lineWidth = 2 / view.scale;
    context.strokeStyle = "#1459c7";
    context.fillStyle = "rgb(20 89 199 / 10%)";
    if (tool === "brush" && this.at) {
      context.beginPath();
      context.arc(...this.at, brush / view.scale, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
    if (this.points.length < 2) return;
    const [first, last] = [this.points[0], this.points[this.points.length - 1]];
    context.beginPath();
    if (tool === "box") context.rect(...first, last[0] - first[0], last[1] - first[1]);
    else if (tool === "lasso") {
      context.moveTo(...first);
      for (const point of this.points) context.lineTo(...point);
      context.closePath();
    } else return;
    context.fill();
    context.setLineDash([6 / view.scale, 4 / view.scale]);
    context.stroke();
    context.setLineDash([]);
  }

  begin(at: Point, event: PointerEvent): boolean {
    this.points = [at];
    this.rows.clear();
    if (this.startCell(event)) this.gather();
    else this.points = [];
    return this.drawing;
  }

  follow(places: Point[]): void {
    if (!this.drawing) return;
    this.points.push(...places);
    this.gather();
  }

  end(): void {
    if (!this.drawing) return;
    this.points = [];
    this.editor.release();
    this.layer.redrawOver();
  }

  hover(at: Point | null): void {
    this.at = at;
    this.layer.redrawOver();
  }

  forget(): void {
    this.drop();
  }

  drop(): void {
    if (!this.drawing) return;
    this.points = [];
    this.editor.cancel();
    this.layer.redrawOver();
  }

  /** A stroke without a cell goes on with the one it starts in; with Alt it takes up that one. */
  private startCell(event: PointerEvent): boolean {
    const { chosen, erase } = this.board.now;
    const row = this.plan.ground.at(...this.points[0]);
    const under = row < 0 ? 0 : this.plan.ground.cell[row];
    if (erase || (chosen !== null && !event.altKey)) return true;
    if (under) this.board.set({ chosen: under });
    return !event.altKey && under > 0;
  }

  private gather(): void {
    const { tool, brush } = this.board.now;
    const { ground } = this.plan;
    const [first, last] = [this.points[0], this.points[this.points.length - 1]];
    const before = this.points[Math.max(0, this.points.length - 2)];
    if (tool === "box" || tool === "lasso") {
      const found = tool === "box" ? inBox(ground, first, last) : inLasso(ground, this.points);
      return this.editor.offer(found.length ? found : this.single(first));
    }
    const radius = tool === "brush" ? brush * this.layer.metresPerPixel : 0;
    const size = this.rows.size;
    for (const row of underBrush(ground, before, last, radius || 0.01)) this.rows.add(row);
    if (this.rows.size !== size) this.editor.offer([...this.rows]);
  }

  private single(at: Point): number[] {
    const row = this.plan.ground.at(...at);
    return row < 0 ? [] : [row];
  }
}
