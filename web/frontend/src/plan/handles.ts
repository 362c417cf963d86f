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
import type { Wanted } from "./settings.ts";
import { aheadOf, WAYS } from "./steering.ts";

const REACH_PX = isCoarse ? 24 : 14;
/** A border that was moved less than this was not meant, px. */
const STILL_PX = 3;
/** Two dots are never nearer than this, metres. */
const SAME_M = 0.01;
/** How far an arrow key moves a border, px; with Shift a fifth of it. */
const STEP_PX = 10;

interface Told {
  revision: number;
  handles: { at: Point; fixed: boolean; cells: number[] }[];
  arcs: { ends: [number, number]; cells: number[]; xy: Point[] }[];
}

/** What is in hand: a dot, or a place on a border between two; kept as places, for the dots may change under it. */
interface Held {
  at: Point;
  ends: Point[];
  dot: boolean;
}

export class Handles implements Hand {
  private told: Told | null = null;
  private held: Held | null = null;
  private at: Point | null = null;
  private refused = false;
  /** The last press was on no border: a click that chooses a cell. */
  missed = false;
  /** The handle that the keyboard is on. */
  private cursor = -1;
  private byKeys = false;
  private nudged = false;
  /** Where the keyboard has put its dot: there it is looked for when the step is taken. */
  private landed: Point | null = null;

  constructor(
    private readonly layer: PlanLayer,
    private readonly plan: Plan,
    private readonly board: Board,
    private readonly editor: Editor,
    private readonly address: string,
  ) {
    board.on(["tool", "chosen"], () => (this.drop(), (this.cursor = -1), this.board.set({ dots: null }), void this.fetch()));
    board.on(["pending"], ({ pending }) => (this.refused = Boolean(pending?.refused)));
    editor.onTaken(() => void this.fetch());
  }

  get on(): boolean {
    return this.board.now.tool === "drag";
  }

  get drawing(): boolean {
    return this.held !== null;
  }

  /** How many dots there are; what tests wait for. */
  get count(): number {
    return this.told?.handles.length ?? 0;
  }

  /** Where they are, metres from the origin, the cells that meet there, and whether they only slide. */
  get dots(): { at: Point; fixed: boolean; cells: number[] }[] {
    return (this.told?.handles ?? []).map((one) => ({ ...one, at: this.local(one.at) }));
  }

  forget(): void {
    this.drop();
  }

  drop(): void {
    if (this.held && this.board.now.pending?.phase === "stroke") this.editor.cancel();
    this.letLoose();
  }

  private letLoose(): void {
    this.held = null;
    this.byKeys = false;
    this.layer.redrawOver();
  }

  // ── the pointer ──

  begin(at: Point): boolean {
    this.drop();
    this.at = at;
    this.held = this.handleAt(at) ?? this.gripAt(at);
    this.missed = !this.held;
    this.layer.redrawOver();
    return this.drawing;
  }

  follow(places: Point[], far: number): void {
    this.at = places[places.length - 1];
    if (far > STILL_PX) this.sayOutlook();
  }

  end(to: Point, far: number): void {
    if (this.drawing) this.letGo(to, far > STILL_PX);
  }

  hover(at: Point | null): void {
    if (!this.byKeys && at) this.at = at;
    this.layer.redrawOver();
  }

  /** The figures as they would be, while it is still in hand. */
  private sayOutlook(): void {
    if (this.held && this.at) this.editor.outlook("drag", this.moved(this.held.at, this.at));
  }

  private letGo(to: Point, moved: boolean): void {
    const { held } = this;
    if (!held || !moved) return this.drop();
    this.letLoose();
    if (this.cursor >= 0) this.landed = to;
    void this.editor.propose("drag", this.moved(held.at, to));
  }

  private moved(at: Point, to: Point): Wanted["args"] {
    return { at: [this.layer.toPlace(at)], to: [this.layer.toPlace(to)] };
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
    const places = this.dots.map(({ at }) => at);
    this.cursor = this.cursor < 0 ? 0 : aheadOf(places, this.cursor, key);
    this.layer.reveal(places[this.cursor]);
    const { cells = [], fixed = false } = this.dots[this.cursor] ?? {};
    const words = { number: this.cursor + 1, count: places.length, cells: cells.join(t("、")) };
    announce(fixed ? t("第 {number} 个边界点，共 {count} 个，在 {cells} 号网格之间，在外边界上", words) : t("第 {number} 个边界点，共 {count} 个，在 {cells} 号网格之间", words));
  }

  private takeUp(): void {
    const held = this.heldOf(this.cursor);
    if (!held) return this.goOn("ArrowRight");
    [this.held, this.byKeys, this.nudged, this.at] = [held, true, false, held.at];
    announce(t("已拿起：方向键移动，回车放下，Esc 取消。"));
  }

  private nudge(key: string, fine: boolean): void {
    const by = (STEP_PX / (fine ? 5 : 1)) * this.layer.metresPerPixel;
    const [x, y] = this.at as Point;
    this.at = [x + WAYS[key][0] * by, y + WAYS[key][1] * by];
    this.nudged = true;
    this.layer.reveal(this.at);
    this.sayOutlook();
  }

  // ── where they are ──

  private async fetch(): Promise<void> {
    const { tool, chosen } = this.board.now;
    if (tool !== "drag" || chosen === null) {
      this.told = null;
      this.board.set({ dots: null });
      return this.layer.redrawOver();
    }
    try {
      const told = await askJson<Told>(`${this.address}?cells=${chosen}`);
      if (told.revision === this.plan.standing.revision && chosen === this.board.now.chosen) this.take(told);
    } catch (error) {
      if (!(error instanceof RequestTrouble)) throw error;
      showTrouble("handles", error, () => void this.fetch());
    }
    this.layer.redrawOver();
  }

  /** The keyboard stays where it was, or goes with the dot that it has moved. */
  private take(told: Told): void {
    const place = this.landed ?? this.dots[this.cursor]?.at;
    [this.told, this.landed] = [told, null];
    this.board.set({ dots: told.handles.length });
    this.cursor = place ? nearestOf(this.dots.map(({ at }) => at), place).row : -1;
  }

  private local([x, y]: Point): Point {
    const [ox, oy] = this.plan.ground.origin;
    return [x - ox, y - oy];
  }

  private handleAt(at: Point): Held | null {
    const { row, far } = nearestOf(this.dots.map((one) => one.at), at);
    return far <= REACH_PX * this.layer.metresPerPixel ? this.heldOf(row) : null;
  }

  private heldOf(row: number): Held | null {
    const { handles = [], arcs = [] } = this.told ?? {};
    if (!handles[row]) return null;
    const beside = arcs.filter(({ ends }) => ends.includes(row)).map(({ ends }) => (ends[0] === row ? ends[1] : ends[0]));
    return { at: this.local(handles[row].at), ends: beside.map((other) => this.local(handles[other].at)), dot: true };
  }

  /** The place on a border nearest to a point, within reach. */
  private gripAt([x, y]: Point): Held | null {
    let least = REACH_PX * this.layer.metresPerPixel;
    let found: Held | null = null;
    const { handles = [], arcs = [] } = this.told ?? {};
    for (const { xy, ends } of arcs) {
      const line = xy.map((point) => this.local(point));
      for (let k = 0; k + 1 < line.length; k++) {
        const far = away(x, y, ...line[k], ...line[k + 1]);
        if (far >= least) continue;
        least = far;
        found = { at: nearestOn([x, y], line[k], line[k + 1]), ends: ends.map((row) => this.local(handles[row].at)), dot: false };
      }
    }
    return found;
  }

  // ── what is seen of them ──

  draw(context: CanvasRenderingContext2D, view: View): void {
    if (!this.on) return;
    context.lineJoin = "round";
    const { held, at: hand } = this;
    const colour = this.refused ? "#a12622" : "#1459c7";
    if (held && hand) {
      context.beginPath();
      for (const end of held.ends) {
        context.moveTo(...end);
        context.lineTo(...hand);
      }
      strokeTwice(context, view, colour);
    }
    this.dots.forEach(({ at, fixed }, k) => {
      if (held?.dot && same(at, held.at)) return;
      dot(context, view, ...at, k === this.cursor ? 9 : 7, fixed ? "#6b665c" : "#1459c7");
      if (k === this.cursor) dot(context, view, ...at, 3, "#1459c7");
    });
    if (held && hand) dot(context, view, ...hand, 9, colour);
  }
}

function nearestOf(places: Point[], [x, y]: Point): { row: number; far: number } {
  return places.reduce((best, [px, py], row) => {
    const far = Math.hypot(px - x, py - y);
    return far < best.far ? { row, far } : best;
  }, { row: -1, far: Infinity });
}

function same(one: Point, other: Point): boolean {
  return Math.hypot(one[0] - other[0], one[1] - other[1]) < SAME_M;
}
