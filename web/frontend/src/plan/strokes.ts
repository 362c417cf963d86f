// The pointer on the map: with a tool in hand it draws, with two fingers, the middle button or the space bar it still
// moves the map.
import type { L } from "../map/leaflet.ts";
import type { Board } from "./board.ts";
import type { Editor } from "./editor.ts";
import { inBox, inLasso, underBrush, type Point } from "./gathering.ts";
import type { PlanLayer, View } from "./layer.ts";
import type { Plan } from "./model.ts";
import { PAINTING } from "./toolbar.ts";

export class Strokes {
  private points: Point[] = [];
  private readonly rows = new Set<number>();
  private pointer: number | null = null;
  private readonly fingers = new Set<number>();
  private moving = false;
  private at: Point | null = null;

  constructor(
    private readonly map: L.Map,
    private readonly layer: PlanLayer,
    private readonly plan: Plan,
    private readonly board: Board,
    private readonly editor: Editor,
  ) {
    const host = map.getContainer();
    // Before Leaflet hears of it: a stroke is no drag of the map.
    host.addEventListener("pointerdown", (event) => this.down(event), true);
    host.addEventListener("pointermove", (event) => this.move(event));
    host.addEventListener("pointerup", (event) => this.up(event));
    host.addEventListener("pointercancel", (event) => this.leave(event));
    host.addEventListener("pointerleave", () => this.hide());
    document.addEventListener("keydown", (event) => event.key === " " && this.setMoving(true, event));
    document.addEventListener("keyup", (event) => event.key === " " && this.setMoving(false, event));
    board.on(["tool"], () => this.sync());
    this.sync();
  }

  get paints(): boolean {
    return PAINTING.includes(this.board.now.tool);
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
    if (this.pointer === null || this.points.length < 2) return;
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

  private sync(): void {
    const { tool } = this.board.now;
    const free = tool === "choose" || tool === "merge" || this.moving;
    this.map.dragging[free ? "enable" : "disable"]();
    this.map.boxZoom[free ? "enable" : "disable"]();
    this.map.doubleClickZoom[free ? "enable" : "disable"]();
    this.map.getContainer().classList.toggle("drawing", !free);
  }

  private setMoving(moving: boolean, event: KeyboardEvent): void {
    if ((event.target as Element).closest?.("input, textarea, select, button, a, summary")) return;
    if (this.paints && event.target === this.map.getContainer()) event.preventDefault();
    if (moving === this.moving) return;
    this.moving = moving;
    this.sync();
  }

  private down(event: PointerEvent): void {
    if ((event.target as Element).closest(".leaflet-control")) return;
    this.fingers.add(event.pointerId);
    if (!this.paints || this.moving) return;
    if (this.fingers.size > 1) return this.drop(); // two fingers move the map
    if (event.button === 1) return this.dragWithButton(event);
    if (event.button !== 0 || this.board.now.pending?.phase === "sent") return;
    this.map.getContainer().focus({ preventScroll: true });
    this.pointer = event.pointerId;
    this.map.getContainer().setPointerCapture(event.pointerId);
    this.points = [this.place(event)];
    this.rows.clear();
    if (this.startCell(event)) this.gather();
  }

  private move(event: PointerEvent): void {
    this.at = this.place(event);
    if (this.pointer === event.pointerId) {
      const coalesced = event.getCoalescedEvents?.() ?? [];
      for (const one of coalesced.length ? coalesced : [event]) this.points.push(this.place(one));
      this.gather();
    }
    if (this.paints) this.layer.redrawOver();
  }

  private up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    if (this.pointer !== event.pointerId) return;
    this.pointer = null;
    this.editor.release();
    this.points = [];
    this.layer.redrawOver();
  }

  private leave(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    if (this.pointer === event.pointerId) this.drop();
  }

  private hide(): void {
    this.at = null;
    if (this.paints) this.layer.redrawOver();
  }

  /** Forget the stroke. */
  drop(): void {
    if (this.pointer === null) return;
    this.pointer = null;
    this.points = [];
    this.editor.cancel();
    this.layer.redrawOver();
  }

  get drawing(): boolean {
    return this.pointer !== null;
  }

  /** A stroke without a cell goes on with the one it starts in; with Alt it takes up that one. */
  private startCell(event: PointerEvent): boolean {
    const { chosen, erase } = this.board.now;
    const row = this.plan.ground.at(...this.points[0]);
    const under = row < 0 ? 0 : this.plan.ground.cell[row];
    if (erase || (chosen !== null && !event.altKey)) return true;
    if (under) this.board.set({ chosen: under });
    if (event.altKey || !under) {
      this.pointer = null;
      return false;
    }
    return true;
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

  private place(event: PointerEvent): Point {
    return this.layer.toMetres(this.map.mouseEventToLatLng(event));
  }

  private dragWithButton(event: PointerEvent): void {
    event.preventDefault();
    const host = this.map.getContainer();
    let [x, y] = [event.clientX, event.clientY];
    const move = (next: PointerEvent) => {
      this.map.panBy([x - next.clientX, y - next.clientY], { animate: false });
      [x, y] = [next.clientX, next.clientY];
    };
    host.addEventListener("pointermove", move);
    host.addEventListener("pointerup", () => host.removeEventListener("pointermove", move), { once: true });
  }
}
