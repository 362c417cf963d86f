// How a plan looks: cells filled so that neighbours differ, their borders thick, tiles thin from a zoom on; over that
// what is hovered, chosen, pending or drawn; then numbers and names.
import type { Ground } from "./ground.ts";
import { onCanvas, toPixels, toUnitsOf, type View, type Painter } from "./layer.ts";
import { PADLOCK } from "./marks.ts";
import type { Plan } from "./model.ts";
import type { Cell } from "./settings.ts";
import type { Shading } from "./shading.ts";
import type { Box } from "./spots.ts";
import { gained, hatch, lost, unassigned } from "./patterns.ts";

const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';
/** Of what stands below a number. */
const BELOW = `500 14px ${FONT}`;
/** A tile has to be this large, px, for its border to be drawn. */
const TILE_PX = 13;
const MAJOR = 2;

/** What lies over the ground. */
export interface Over {
  chosen: number | null;
  hovered: number | null;
  /** Tiles (rows) that would go into a cell, or out of the chosen one. */
  gained: number[];
  lost: number[];
  /** The tile that the keyboard is on. */
  cursor: number;
  /** Where a problem is; everything else is dimmed. */
  problem: Box | null;
  /** What was changed by somebody else. */
  theirs: number[];
  draw(context: CanvasRenderingContext2D, view: View): void;
}

export class PlanPainter implements Painter {
  constructor(
    private readonly plan: () => Plan | null,
    private readonly state: () => Over,
    private readonly shading: () => Shading,
  ) {}

  origin(): [number, number] | null {
    return this.plan()?.ground.origin ?? null;
  }

  // ── ground ──

  ground(context: CanvasRenderingContext2D, view: View, box: Box): void {
    const plan = this.plan();
    if (!plan) return;
    const rows = plan.ground.spots.within(box);
    this.fills(context, view, plan, rows);
    const tile = plan.ground.side * view.scale;
    if (tile > TILE_PX) this.tileBorders(context, view, plan.ground, rows, Math.min(1, (tile - TILE_PX) / 16));
    this.barriers(context, view, plan.ground, rows);
    this.cellBorders(context, view, plan.ground, rows);
  }

  private fills(context: CanvasRenderingContext2D, view: View, plan: Plan, rows: number[]): void {
    const groups: number[][] = [];
    const shading = this.shading();
    for (const row of rows) (groups[1 + shading.of(row)] ??= []).push(row);
    groups.forEach((group, k) => {
      context.beginPath();
      for (const row of group) trace(context, plan.ground, row, 0.4 / view.scale);
      if (k) {
        context.fillStyle = shading.fills[k - 1];
        context.globalAlpha = shading.alpha;
        context.fill("evenodd");
        context.globalAlpha = 1;
      } else {
        toPixels(context);
        context.fillStyle = hatch(context, unassigned);
        context.fill("evenodd");
        toUnitsOf(context, view);
      }
    });
  }

  private tileBorders(context: CanvasRenderingContext2D, view: View, ground: Ground, rows: number[], strength: number): void {
    context.beginPath();
    traceBorders(context, ground, rows, (row, other) => other > row && ground.cell[other] === ground.cell[row]);
    context.strokeStyle = `rgb(50 44 36 / ${(0.38 * strength).toFixed(2)})`;
    context.lineWidth = 0.8 / view.scale;
    context.stroke();
  }

  private barriers(context: CanvasRenderingContext2D, view: View, ground: Ground, rows: number[]): void {
    if (view.zoom < 14.5) return;
    context.beginPath();
    traceBorders(context, ground, rows, (row, other) => other > row && ground.parts(row, other) === MAJOR);
    context.strokeStyle = "rgb(120 52 20 / 85%)";
    context.lineWidth = 2.4 / view.scale;
    context.setLineDash([7 / view.scale, 4 / view.scale]);
    context.stroke();
    context.setLineDash([]);
  }

  private cellBorders(context: CanvasRenderingContext2D, view: View, ground: Ground, rows: number[]): void {
    context.beginPath();
    traceBorders(context, ground, rows, (row, other) => other < 0 || (other > row && ground.cell[other] !== ground.cell[row]));
    const width = Math.min(2.6, Math.max(1.1, (view.zoom - 12) * 0.6));
    context.lineJoin = "round";
    context.strokeStyle = "rgb(255 255 255 / 80%)";
    context.lineWidth = (width + 2.4) / view.scale;
    context.stroke();
    context.strokeStyle = "#37322b";
    context.lineWidth = width / view.scale;
    context.stroke();
  }

  // ── over the ground ──

  over(context: CanvasRenderingContext2D, view: View): void {
    const plan = this.plan();
    const state = this.state();
    if (!plan) return;
    if (state.problem) this.dim(context, view, state.problem);
    this.covered(context, view, plan.ground, state.theirs, null, "#7a3fa8");
    this.covered(context, view, plan.ground, state.gained, gained, "#0b4fae");
    this.covered(context, view, plan.ground, state.lost, lost, "#b3400a");
    if (state.hovered && state.hovered !== state.chosen) this.outline(context, view, plan.ground, state.hovered, "#23262b", 3);
    if (state.chosen) this.outline(context, view, plan.ground, state.chosen, "#1459c7", 4.5);
    if (state.cursor >= 0) this.cursor(context, view, plan.ground, state.cursor);
    state.draw(context, view);
  }

  private dim(context: CanvasRenderingContext2D, view: View, box: Box): void {
    toPixels(context);
    const [left, bottom] = onCanvas(view, box[0], box[1]);
    const [right, top] = onCanvas(view, box[2], box[3]);
    const pad = 14;
    context.beginPath();
    context.rect(0, 0, view.width, view.height);
    context.roundRect(left - pad, top - pad, right - left + 2 * pad, bottom - top + 2 * pad, 10);
    context.fillStyle = "rgb(32 28 22 / 45%)";
    context.fill("evenodd");
    context.beginPath();
    context.roundRect(left - pad, top - pad, right - left + 2 * pad, bottom - top + 2 * pad, 10);
    context.strokeStyle = "#fff";
    context.lineWidth = 5;
    context.stroke();
    context.strokeStyle = "#a12622";
    context.lineWidth = 2.5;
    context.stroke();
    toUnitsOf(context, view);
  }

  private covered(context: CanvasRenderingContext2D, view: View, ground: Ground, rows: number[], sign: (() => HTMLCanvasElement) | null, colour: string): void {
    if (!rows.length) return;
    context.beginPath();
    for (const row of rows) trace(context, ground, row, 0.4 / view.scale);
    context.fillStyle = colour;
    context.globalAlpha = 0.34;
    context.fill("evenodd");
    context.globalAlpha = 1;
    if (sign) {
      toPixels(context);
      context.fillStyle = hatch(context, sign);
      context.fill("evenodd");
      toUnitsOf(context, view);
    }
    const chosen = new Set(rows);
    context.beginPath();
    traceBorders(context, ground, rows, (_, other) => !chosen.has(other));
    context.lineJoin = "round";
    context.strokeStyle = "#fff";
    context.lineWidth = 4.5 / view.scale;
    context.stroke();
    context.strokeStyle = colour;
    context.lineWidth = 2.4 / view.scale;
    context.stroke();
  }

  private outline(context: CanvasRenderingContext2D, view: View, ground: Ground, number: number, colour: string, width: number): void {
    context.beginPath();
    traceBorders(context, ground, ground.rowsIn(number), (_, other) => other < 0 || ground.cell[other] !== number);
    context.lineJoin = "round";
    context.strokeStyle = "#fff";
    context.lineWidth = (width + 3) / view.scale;
    context.stroke();
    context.strokeStyle = colour;
    context.lineWidth = width / view.scale;
    context.stroke();
  }

  private cursor(context: CanvasRenderingContext2D, view: View, ground: Ground, row: number): void {
    context.beginPath();
    trace(context, ground, row, 0);
    context.lineJoin = "round";
    context.strokeStyle = "#fff";
    context.lineWidth = 7 / view.scale;
    context.stroke();
    context.strokeStyle = "#1459c7";
    context.lineWidth = 3.5 / view.scale;
    context.setLineDash([8 / view.scale, 4 / view.scale]);
    context.stroke();
    context.setLineDash([]);
  }

  // ── words ──

  labels(context: CanvasRenderingContext2D, view: View): void {
    const plan = this.plan();
    if (!plan) return;
    const taken: number[][] = [];
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    const shading = this.shading();
    for (const { cell, x, y, room } of this.labelled(plan, view)) {
      const name = room > shading.room ? shortened(shading.say(cell.number)) : "";
      // What has no room for its name still has its number.
      for (const below of name && name !== String(cell.number) ? [name, ""] : [""]) {
        const [half, tall] = below ? [Math.max(15, widthOf(context, below) / 2 + 3), 22] : [15, 12];
        const rect = [x - half, y - tall, x + half, y + tall];
        if (taken.some((one) => one[0] < rect[2] && one[2] > rect[0] && one[1] < rect[3] && one[3] > rect[1])) continue;
        taken.push(rect);
        this.label(context, x, y, String(cell.number), below, cell.locked);
        break;
      }
    }
  }

  /** The cells whose label is on the canvas and has room, the largest first. */
  private labelled(plan: Plan, view: View): { cell: Cell; x: number; y: number; room: number }[] {
    const found: { cell: Cell; x: number; y: number; room: number }[] = [];
    for (const cell of plan.cells.values()) {
      const at = plan.labels.get(cell.number);
      const room = Math.sqrt((plan.figures.get(cell.number)?.area ?? 0) * 1.6) * view.scale;
      if (!at || room < 22) continue;
      const [x, y] = onCanvas(view, ...at);
      if (x < -60 || y < -30 || x > view.width + 60 || y > view.height + 30) continue;
      found.push({ cell, x, y, room });
    }
    return found.sort((a, b) => b.room - a.room);
  }

  private label(context: CanvasRenderingContext2D, x: number, y: number, number: string, name: string, locked: boolean): void {
    const write = (text: string, font: string, at: number) => {
      context.font = font;
      context.strokeStyle = "rgb(255 255 255 / 92%)";
      context.lineWidth = 4;
      context.strokeText(text, x, at);
      context.fillStyle = "#1d1b18";
      context.fillText(text, x, at);
    };
    write(number, `700 17px ${FONT}`, name ? y - 9 : y);
    if (locked) padlock(context, x - context.measureText(number).width / 2 - 10, name ? y - 9 : y);
    if (name) write(name, BELOW, y + 10);
  }
}

/** A padlock 16 pixels wide about a point. */
function padlock(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.save();
  context.translate(x - 8, y - 9);
  context.scale(16 / 24, 16 / 24);
  for (const [width, colour] of [[6, "rgb(255 255 255 / 92%)"], [2.4, "#1d1b18"]] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke(new Path2D(PADLOCK));
  }
  context.restore();
}

function shortened(name: string): string {
  return name.length > 10 ? `${name.slice(0, 9)}…` : name;
}

function widthOf(context: CanvasRenderingContext2D, below: string): number {
  context.font = BELOW;
  return context.measureText(below).width;
}

/** The outline of a tile, leaving out points nearer to the last than `least` metres. */
export function trace(context: CanvasRenderingContext2D, ground: Ground, row: number, least: number): void {
  const { xy, ringStart, ringsOf } = ground;
  for (let ring = ringsOf[row]; ring < ringsOf[row + 1]; ring++) {
    const end = ringStart[ring + 1] - 1;
    let [x, y] = [xy[2 * ringStart[ring]], xy[2 * ringStart[ring] + 1]];
    context.moveTo(x, y);
    for (let k = ringStart[ring] + 1; k < end; k++) {
      const [px, py] = [xy[2 * k], xy[2 * k + 1]];
      if (Math.abs(px - x) + Math.abs(py - y) < least) continue;
      context.lineTo((x = px), (y = py));
    }
    context.closePath();
  }
}

/** The pieces of border of tiles that are wanted, joined where one follows the other. */
export function traceBorders(
  context: CanvasRenderingContext2D,
  ground: Ground,
  rows: number[],
  wanted: (row: number, other: number) => boolean,
): void {
  const { xy, across, ringStart, ringsOf } = ground;
  for (const row of rows)
    for (let ring = ringsOf[row]; ring < ringsOf[row + 1]; ring++) {
      let open = false;
      for (let k = ringStart[ring]; k < ringStart[ring + 1] - 1; k++) {
        const draws = wanted(row, across[k]);
        if (draws && !open) context.moveTo(xy[2 * k], xy[2 * k + 1]);
        if (draws) context.lineTo(xy[2 * k + 2], xy[2 * k + 3]);
        open = draws;
      }
    }
}
