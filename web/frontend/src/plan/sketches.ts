// Tools that draw a line or a place instead of taking tiles: dragged freehand, or point by point with Enter at the end.
import type { L } from "../map/leaflet.ts";
import { isCoarse } from "../map/leaflet.ts";
import { askJson, RequestTrouble } from "../request.ts";
import { showNote, showTrouble } from "../ui/notices.ts";
import { t } from "../words.ts";
import type { Board, ToolName } from "./board.ts";
import type { Editor } from "./editor.ts";
import { away, middleOf, nearestOn, type Point } from "./gathering.ts";
import type { PlanLayer, View } from "./layer.ts";
import type { Plan } from "./model.ts";
import { alongBorders } from "./tracing.ts";

export const SKETCHING: ToolName[] = ["split", "draw", "carve", "barrier", "road", "passage", "drag"];
const RINGS: ToolName[] = ["draw", "carve"];
const MAJOR = 2;
/** A stroke shorter than this is a point, px. */
const POINT_PX = 12;
const HANDLE_PX = isCoarse ? 24 : 14;

interface Handles {
  revision: number;
  handles: { at: Point; fixed: boolean; cells: number[] }[];
  arcs: { ends: [number, number]; cells: number[]; xy: Point[] }[];
}

export class Sketches {
  private points: Point[] = [];
  private pointer: number | null = null;
  private far = 0;
  private from: [number, number] = [0, 0];
  private handles: Handles | null = null;
  private held = -1;
  /** A place on a border, between handles, that is being dragged. */
  private grip: { at: Point; ends: [number, number] } | null = null;
  private at: Point | null = null;
  private readonly fingers = new Set<number>();

  constructor(
    private readonly map: L.Map,
    private readonly layer: PlanLayer,
    private readonly plan: Plan,
    private readonly board: Board,
    private readonly editor: Editor,
    private readonly address: string,
  ) {
    const host = map.getContainer();
    host.addEventListener("pointerdown", (event) => this.down(event), true);
    host.addEventListener("pointermove", (event) => this.move(event));
    host.addEventListener("pointerup", (event) => this.up(event));
    host.addEventListener("pointercancel", (event) => (this.fingers.delete(event.pointerId), this.drop()));
    host.addEventListener("dblclick", () => this.finish());
    board.on(["tool"], () => (this.drop(), void this.fetchHandles()));
    board.on(["chosen"], () => void this.fetchHandles());
    editor.onTaken(() => void this.fetchHandles());
  }

  get on(): boolean {
    return SKETCHING.includes(this.board.now.tool);
  }

  get drawing(): boolean {
    return this.points.length > 0 || this.held >= 0 || this.grip !== null;
  }

  drop(): void {
    this.points = [];
    this.pointer = null;
    this.held = -1;
    this.grip = null;
    this.board.set({ sketch: 0 });
    this.layer.redrawOver();
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
    return line.map((point) => {
      const { lat, lng } = this.layer.toLatLng(...point);
      return [lng, lat];
    });
  }

  private cellUnder(point: Point): number | null {
    const row = this.plan.ground.at(...point);
    return row < 0 ? null : this.plan.ground.cell[row] || null;
  }

  // ── the pointer ──

  private down(event: PointerEvent): void {
    this.fingers.add(event.pointerId);
    if (!this.on || event.button !== 0 || (event.target as Element).closest(".leaflet-control")) return;
    if (this.fingers.size > 1) return this.drop();
    this.map.getContainer().focus({ preventScroll: true });
    const point = this.place(event);
    this.from = [event.clientX, event.clientY];
    this.far = 0;
    if (this.board.now.tool === "drag") {
      this.at = point;
      this.held = this.handleAt(point);
      this.grip = this.held < 0 ? this.gripAt(point) : null;
      if (this.held < 0 && !this.grip) return;
    } else this.points.push(point);
    this.pointer = event.pointerId;
    this.map.getContainer().setPointerCapture(event.pointerId);
    this.changed();
  }

  private move(event: PointerEvent): void {
    if (!this.on) return;
    this.at = this.place(event);
    if (this.pointer === event.pointerId) {
      this.far = Math.max(this.far, Math.hypot(event.clientX - this.from[0], event.clientY - this.from[1]));
      if (this.board.now.tool !== "drag" && this.far > 4 && this.board.now.tool !== "passage") this.points.push(this.at);
    }
    this.layer.redrawOver();
  }

  private up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    if (this.pointer !== event.pointerId) return;
    this.pointer = null;
    if (this.held >= 0 || this.grip) return this.letGo(this.place(event));
    if (this.board.now.tool === "passage" || this.far > POINT_PX) this.finish();
    this.changed();
  }

  private letGo(to: Point): void {
    const handle = this.handles?.handles[this.held];
    const at = handle ? this.local(handle.at) : this.grip?.at;
    this.held = -1;
    this.grip = null;
    this.changed();
    if (at && this.far > 3) void this.editor.propose("drag", { at: this.places([at]), to: this.places([to]) });
  }

  private place(event: PointerEvent): Point {
    return this.layer.toMetres(this.map.mouseEventToLatLng(event));
  }

  private changed(): void {
    this.board.set({ sketch: this.points.length });
    this.layer.redrawOver();
  }

  // ── handles ──

  private async fetchHandles(): Promise<void> {
    const { tool, chosen } = this.board.now;
    if (tool !== "drag" || chosen === null) {
      this.handles = null;
      return this.layer.redrawOver();
    }
    try {
      const told = await askJson<Handles>(`${this.address}?cells=${chosen}`);
      if (told.revision === this.plan.standing.revision && chosen === this.board.now.chosen) this.handles = told;
    } catch (error) {
      if (!(error instanceof RequestTrouble)) throw error;
      showTrouble("handles", error, () => void this.fetchHandles());
    }
    this.layer.redrawOver();
  }

  private local([x, y]: Point): Point {
    const [ox, oy] = this.plan.ground.origin;
    return [x - ox, y - oy];
  }

  private handleAt([x, y]: Point): number {
    const reach = HANDLE_PX * this.layer.metresPerPixel;
    let [found, least] = [-1, reach];
    this.handles?.handles.forEach(({ at }, k) => {
      const [hx, hy] = this.local(at);
      const far = Math.hypot(hx - x, hy - y);
      if (far <= least) [found, least] = [k, far];
    });
    return found;
  }

  /** The place on a border nearest to a point, within reach. */
  private gripAt([x, y]: Point): { at: Point; ends: [number, number] } | null {
    let least = HANDLE_PX * this.layer.metresPerPixel;
    let found: { at: Point; ends: [number, number] } | null = null;
    for (const { xy, ends } of this.handles?.arcs ?? []) {
      const line = xy.map((point) => this.local(point));
      for (let k = 0; k + 1 < line.length; k++) {
        const far = away(x, y, ...line[k], ...line[k + 1]);
        if (far < least) [least, found] = [far, { at: nearestOn([x, y], line[k], line[k + 1]), ends }];
      }
    }
    return found;
  }

  // ── what is seen of it ──

  draw(context: CanvasRenderingContext2D, view: View): void {
    if (!this.on) return;
    context.lineJoin = "round";
    if (this.board.now.tool === "drag") return this.drawHandles(context, view);
    const line = this.pointer === null && this.at && this.points.length ? [...this.points, this.at] : this.points;
    if (!line.length) return;
    context.beginPath();
    context.moveTo(...line[0]);
    for (const point of line) context.lineTo(...point);
    if (RINGS.includes(this.board.now.tool)) {
      context.closePath();
      context.fillStyle = "rgb(20 89 199 / 16%)";
      context.fill();
    }
    this.stroke(context, view, this.board.now.tool === "barrier" || this.board.now.tool === "road" ? "#8a3312" : "#1459c7");
    for (const [x, y] of this.pointer === null ? this.points : []) this.dot(context, view, x, y, 5, "#1459c7");
  }

  private drawHandles(context: CanvasRenderingContext2D, view: View): void {
    const { handles, arcs } = this.handles ?? { handles: [], arcs: [] };
    if (this.drawing && this.at) {
      const held = arcs.filter(({ ends }) => ends.includes(this.held)).map(({ ends }) => (ends[0] === this.held ? ends[1] : ends[0]));
      context.beginPath();
      for (const end of this.grip?.ends ?? held) {
        if (!handles[end]) continue;
        context.moveTo(...this.local(handles[end].at));
        context.lineTo(...this.at);
      }
      this.stroke(context, view, "#1459c7");
      if (this.grip) this.dot(context, view, ...this.at, 9, "#1459c7");
    }
    handles.forEach(({ at, fixed }, k) => {
      const [x, y] = k === this.held && this.at ? this.at : this.local(at);
      this.dot(context, view, x, y, k === this.held ? 9 : 7, fixed ? "#6b665c" : "#1459c7");
    });
  }

  private stroke(context: CanvasRenderingContext2D, view: View, colour: string): void {
    context.strokeStyle = "#fff";
    context.lineWidth = 6 / view.scale;
    context.stroke();
    context.strokeStyle = colour;
    context.lineWidth = 3 / view.scale;
    context.stroke();
  }

  private dot(context: CanvasRenderingContext2D, view: View, x: number, y: number, size: number, colour: string): void {
    context.beginPath();
    context.arc(x, y, size / view.scale, 0, 2 * Math.PI);
    context.fillStyle = "#fff";
    context.fill();
    context.strokeStyle = colour;
    context.lineWidth = 3 / view.scale;
    context.stroke();
  }
}
