// The tool that moves a shared border: by a dot on it or any place between, with the pointer or the arrow keys.
import { isCoarse } from "../map/leaflet.ts";
import { askJson, RequestTrouble } from "../request.ts";
import { announce } from "../ui/dom.ts";
import { showTrouble } from "../ui/notices.ts";
import { t } from "./words.ts";
import type { Board } from "./board.ts";
import type { Editor } from "./editor.ts";
import { away, nearestOn, type Point } from "./gathering.ts";
import type { PlanLayer, View } from "./layer.ts";
import { dot, strokeTwice } from "./marks.ts";
import type { Plan } from "./model.ts";
import type { Hand } from "./pointing.ts";
import { aheadOf, WAYS } from "./steering.ts";

const REACH_PX = isCoarse ? 24 : 14;
/** A border that was moved less than this was not meant, px. */
const STILL_PX = 3;
/** How far an arrow key moves a border, px; with Shift a fifth of it. */
const STEP_PX = 10;

interface Told {
  revision: number;
  handles: { at: Point; fixed: boolean; cells: number[] }[];
  arcs: { ends: [number, number]; cells: number[]; xy: Point[] }[];
}

export class Handles implements Hand {
  private told: Told | null = null;
  private held = -1;
  /** A place on a border, between handles, that is being dragged. */
  private grip: { at: Point; ends: [number, number] } | null = null;
  private at: Point | null = null;
  /** The handle that the keyboard is on. */
  private cursor = -1;
  private byKeys = false;
  private nudged = false;

  constructor(
    private readonly layer: PlanLayer,
    private readonly plan: Plan,
    private readonly board: Board,
    private readonly editor: Editor,
    private readonly address: string,
  ) {
    board.on(["tool", "chosen"], () => (this.drop(), (this.cursor = -1), void this.fetch()));
    editor.onTaken(() => void this.fetch());
  }

  get on(): boolean {
    return this.board.now.tool === "drag";
  }

  get drawing(): boolean {
    return this.held >= 0 || this.grip !== null;
  }

  /** How many dots there are; what tests wait for. */
  get count(): number {
    return this.told?.handles.length ?? 0;
  }

  forget(): void {
    this.drop();
  }

  drop(): void {
    this.held = -1;
    this.grip = null;
    this.byKeys = false;
    this.layer.redrawOver();
  }

  // ── the pointer ──

  begin(at: Point): boolean {
    this.drop();
    this.at = at;
    this.held = this.handleAt(at);
    this.grip = this.held < 0 ? this.gripAt(at) : null;
    this.layer.redrawOver();
    return this.drawing;
  }

  follow(places: Point[]): void {
    this.at = places[places.length - 1];
  }

  end(to: Point, far: number): void {
    if (this.drawing) this.letGo(to, far > STILL_PX);
  }

  hover(at: Point | null): void {
    if (!this.byKeys && at) this.at = at;
    this.layer.redrawOver();
  }

  private letGo(to: Point, moved: boolean): void {
    const handle = this.told?.handles[this.held];
    const at = handle ? this.local(handle.at) : this.grip?.at;
    this.drop();
    if (at && moved) void this.editor.propose("drag", { at: [this.layer.toPlace(at)], to: [this.layer.toPlace(to)] });
  }

  // ── the keyboard ──

  /** Arrows go from dot to dot, or move the one in hand; Enter takes it up and lets it go. Whether the key was meant. */
  key({ key, shiftKey }: KeyboardEvent): boolean {
    if (!this.on || !this.count) return false;
    if (key in WAYS) this.byKeys ? this.nudge(key, shiftKey) : this.goOn(key);
    else if (key === "Enter") this.byKeys ? this.letGo(this.at as Point, this.nudged) : this.takeUp();
    else return false;
    this.layer.redrawOver();
    return true;
  }

  private goOn(key: string): void {
    const places = (this.told?.handles ?? []).map(({ at }) => this.local(at));
    this.cursor = this.cursor < 0 ? 0 : aheadOf(places, this.cursor, key);
    this.layer.reveal(places[this.cursor]);
    const { cells = [], fixed = false } = this.told?.handles[this.cursor] ?? {};
    const words = { number: this.cursor + 1, count: places.length, cells: cells.join(t("、")) };
    announce(fixed ? t("第 {number} 个边界点，共 {count} 个，在 {cells} 号网格之间，在外边界上", words) : t("第 {number} 个边界点，共 {count} 个，在 {cells} 号网格之间", words));
  }

  private takeUp(): void {
    const handle = this.told?.handles[this.cursor];
    if (!handle) return this.goOn("ArrowRight");
    [this.held, this.byKeys, this.nudged, this.at] = [this.cursor, true, false, this.local(handle.at)];
    announce(t("已拿起：方向键移动，回车放下，Esc 取消。"));
  }

  private nudge(key: string, fine: boolean): void {
    const by = (STEP_PX / (fine ? 5 : 1)) * this.layer.metresPerPixel;
    const [x, y] = this.at as Point;
    this.at = [x + WAYS[key][0] * by, y + WAYS[key][1] * by];
    this.nudged = true;
    this.layer.reveal(this.at);
  }

  // ── where they are ──

  private async fetch(): Promise<void> {
    const { tool, chosen } = this.board.now;
    if (tool !== "drag" || chosen === null) {
      this.told = null;
      return this.layer.redrawOver();
    }
    try {
      const told = await askJson<Told>(`${this.address}?cells=${chosen}`);
      if (told.revision === this.plan.standing.revision && chosen === this.board.now.chosen) this.told = told;
      if (this.cursor >= this.count) this.cursor = -1;
    } catch (error) {
      if (!(error instanceof RequestTrouble)) throw error;
      showTrouble("handles", error, () => void this.fetch());
    }
    this.layer.redrawOver();
  }

  private local([x, y]: Point): Point {
    const [ox, oy] = this.plan.ground.origin;
    return [x - ox, y - oy];
  }

  private handleAt([x, y]: Point): number {
    let [found, least] = [-1, REACH_PX * this.layer.metresPerPixel];
    this.told?.handles.forEach(({ at }, k) => {
      const [hx, hy] = this.local(at);
      const far = Math.hypot(hx - x, hy - y);
      if (far <= least) [found, least] = [k, far];
    });
    return found;
  }

  /** The place on a border nearest to a point, within reach. */
  private gripAt([x, y]: Point): { at: Point; ends: [number, number] } | null {
    let least = REACH_PX * this.layer.metresPerPixel;
    let found: { at: Point; ends: [number, number] } | null = null;
    for (const { xy, ends } of this.told?.arcs ?? []) {
      const line = xy.map((point) => this.local(point));
      for (let k = 0; k + 1 < line.length; k++) {
        const far = away(x, y, ...line[k], ...line[k + 1]);
        if (far < least) [least, found] = [far, { at: nearestOn([x, y], line[k], line[k + 1]), ends }];
      }
    }
    return found;
  }

  // ── what is seen of them ──

  draw(context: CanvasRenderingContext2D, view: View): void {
    if (!this.on) return;
    context.lineJoin = "round";
    const { handles, arcs } = this.told ?? { handles: [], arcs: [] };
    if (this.drawing && this.at) {
      const held = arcs.filter(({ ends }) => ends.includes(this.held)).map(({ ends }) => (ends[0] === this.held ? ends[1] : ends[0]));
      context.beginPath();
      for (const end of this.grip?.ends ?? held) {
        if (!handles[end]) continue;
        context.moveTo(...this.local(handles[end].at));
        context.lineTo(...this.at);
      }
      strokeTwice(context, view, "#1459c7");
      if (this.grip) dot(context, view, ...this.at, 9, "#1459c7");
    }
    handles.forEach(({ at, fixed }, k) => {
      const [x, y] = k === this.held && this.at ? this.at : this.local(at);
      dot(context, view, x, y, k === this.held || k === this.cursor ? 9 : 7, fixed ? "#6b665c" : "#1459c7");
      if (k === this.cursor) dot(context, view, x, y, 3, "#1459c7");
    });
  }
}
