// The workspace of a plan: loads it, and lets its parts know of each other.
import { readPacked } from "../figures/packed.ts";
import type { ColouredLook } from "../drawing/look.ts";
import { density, L } from "../map/leaflet.ts";
import { Pictures } from "../map/pictures.ts";
import { Squares } from "../map/squares.ts";
import { makeMap } from "../map/view.ts";
import { askBytes, askJson, RequestTrouble, troubleOfStatus } from "../request.ts";
import { TileLoader } from "../tiles/loader.ts";
import { announce, byId } from "../ui/dom.ts";
import { clearNotice, showTrouble, useSignIn } from "../ui/notices.ts";
import { mountSheet } from "../ui/sheet.ts";
import { speakOf, t } from "./words.ts";
import { mountProblems } from "./problems.ts";
import { mountShading } from "./shade_choice.ts";
import { shadingOf, type Shading } from "./shading.ts";
import { Sketches } from "./sketches.ts";
import { mountHistory } from "./history.ts";
import { mountNotes } from "./notes.ts";
import { NotePins } from "./note_pins.ts";
import { mountWish } from "./wish.ts";
import { mountActs } from "./acts.ts";
import { newBoard, type ToolName } from "./board.ts";
import { mountCellCard } from "./cellcard.ts";
import { Editor } from "./editor.ts";
import { Ground, type GroundHead } from "./ground.ts";
import { Handles } from "./handles.ts";
import { mountHints } from "./hints.ts";
import { bindPlanKeys } from "./keys.ts";
import { PlanLayer } from "./layer.ts";
import { Plan, type Changed } from "./model.ts";
import { PlanPainter, type Over } from "./painter.ts";
import { Pointing } from "./pointing.ts";
import { mountPresence } from "./presence.ts";
import { Sending } from "./sending.ts";
import type { PlanSettings, State } from "./settings.ts";
import type { Box } from "./spots.ts";
import { Strokes } from "./strokes.ts";
import { CellTable } from "./table.ts";
import { mountToolbar } from "./toolbar.ts";
import { watchOthers } from "./watching.ts";

/** Cells that are drawn again one by one where their figures change. */
const FEW = 12;

export function startPlanPage(settings: PlanSettings): void {
  useSignIn(settings.urls["sign-in"]);
  new PlanPage(settings).start();
}

class PlanPage {
  private readonly map: L.Map = makeMap();
  private readonly board = newBoard();
  private readonly layer: PlanLayer;
  private plan: Plan | null = null;
  private strokes: Strokes | null = null;
  private sketches: Sketches | null = null;
  private handles: Handles | null = null;
  private sending: Sending | null = null;
  private squares: Squares | null = null;
  private shaded: { name: string; by: Shading } | null = null;
  private readonly sheet = mountSheet({ open: t("展开面板"), close: t("收起面板") });

  constructor(private readonly settings: PlanSettings) {
    speakOf(settings.kind);
    this.map.setView([35, 105], 5, { animate: false });
    this.map.keyboard.disable(); // arrows go from tile to tile
    this.layer = new PlanLayer(this.map, new PlanPainter(() => this.plan, () => this.over(), () => this.shading()));
    this.map.attributionControl.addAttribution(byId("workspace").dataset.attribution ?? "");
  }

  start(): void {
    void this.load();
    new ResizeObserver(() => this.map.invalidateSize({ animate: false, pan: false })).observe(byId("map"));
    window.wangge = { ready: () => this.ready(), ...this.forTests() };
  }

  private async load(): Promise<void> {
    try {
      const { urls } = this.settings;
      const [bytes, state] = await Promise.all([askBytes(urls.tiles), askJson<State>(urls.state)]);
      clearNotice("load");
      const packed = readPacked<GroundHead>(bytes);
      if (packed.head.revision !== state.revision) return void this.load(); // somebody drew in between
      this.open(new Plan(Ground.of(packed), state, this.settings.kind));
    } catch (error) {
      if (!(error instanceof RequestTrouble)) throw error;
      byId("plan-loading").hidden = true;
      showTrouble("load", error, () => void this.load());
    }
  }

  private open(plan: Plan): void {
    this.plan = plan;
    this.mountParts(plan);
    this.home(false); // after the tools are there, for they cover a part of the map
    this.layer.settle();
    this.showGround();
    byId("plan-loading").hidden = true;
    byId("workspace").removeAttribute("aria-busy");
  }

  private mountParts(plan: Plan): void {
    const { board, settings, map, layer } = this;
    const sending = (this.sending = new Sending(plan, settings.urls));
    const editor = new Editor(plan, board, sending, settings.me);
    const strokes = (this.strokes = new Strokes(layer, plan, board, editor));
    const sketches = (this.sketches = new Sketches(map.getContainer(), layer, plan, board, editor));
    const handles = (this.handles = new Handles(layer, plan, board, editor, settings.urls.handles));
    const pins = new NotePins(map, layer, board);
    new Pointing(map, layer, board, [strokes, sketches, handles, pins]);
    const leave = () => this.leave(editor);
    const swatch = (number: number) => this.shading().swatch(number);
    const table = new CellTable(byId("plan-table"), plan, board, {
      choose: (number) => this.choose(number, editor),
      zoom: (number) => this.showBox(plan.ground.boxOf(plan.ground.rowsIn(number))),
      name: settings.name,
      loads: settings.loads,
      swatch,
    });
    const card = mountCellCard(byId("plan-cell"), plan, board, editor, settings.draw, swatch);
    const acts = mountActs(byId("plan-acts"), plan, editor, { zoom: (by) => map.zoomIn(by), home: () => this.home(true) }, settings.draw);
    mountHints(byId("plan-hint"), plan, board, editor, leave, () => sketches.finish());
    const shade = mountShading(byId("plan-shade"), board, () => this.shading());
    const wish = mountWish(byId("plan-wish"), settings, plan, board, editor);
    mountHistory(byId("plan-history"), settings, plan, editor);
    const notes = mountNotes(byId("plan-notes"), settings, plan, board, pins, this.sheet.rest);
    const problems = mountProblems(byId("plan-problems"), settings.urls.problems, plan, board, editor, (box) => this.showBox(box), settings.draw);
    if (settings.draw) mountToolbar(byId("plan-tools"), board, settings.kind);
    bindPlanKeys({ map, plan, board, editor, layer, sketches, handles, leave, problem: problems.step, home: () => this.home(true), rename: card.rename, point: (at) => pins.point(at), draws: settings.draw });
    const presence = mountPresence(byId("plan-here"), settings.urls.here, notes.renew);
    watchOthers(editor, settings, () => {
      presence.renew();
      notes.renew(); // what was settled is nothing to read
    });
    plan.on((changed) => {
      this.repaint(changed);
      if (changed.listed) table.render();
      else table.renew(changed.cells);
      card.render();
      acts.render();
      wish.render();
      shade.render();
    });
    board.on(["chosen", "hovered", "pending", "cursor", "theirs", "problem", "problems", "brush"], () => layer.redrawOver());
    board.on(["shading"], () => (layer.redraw(), card.render()));
    board.on(["wished"], ({ shading }) => shading === "deviation" && layer.redraw());
    map.on("click", (event) => this.click(event.latlng, editor));
    map.on("mousemove", (event) => this.hover(event.latlng));
    map.on("mouseout", () => board.set({ hovered: null }));
  }

  // ── what is drawn ──

  private over(): Over {
    const { chosen, hovered, pending, cursor, theirs, problem, problems } = this.board.now;
    const out = pending && (!pending.target || (chosen !== null && pending.target !== chosen));
    const rows = pending?.rows ?? [];
    return {
      chosen, hovered, cursor, theirs,
      gained: out ? [] : rows,
      lost: out ? rows : [],
      problem: problems?.[problem]?.box ?? null,
      draw: (context, view) => {
        this.strokes?.draw(context, view);
        this.sketches?.draw(context, view);
        this.handles?.draw(context, view);
      },
    };
  }

  private repaint({ box, drawn, cells }: Changed): void {
    const figured = this.board.now.shading === "deviation"; // then a figure is a colour
    if (!drawn && !figured) return;
    if (box === "all" || (figured && cells.size > FEW)) this.layer.redraw();
    else this.layer.repaint(box);
    if (figured && cells.size <= FEW) this.layer.repaint(this.plan?.ground.boxOf([...cells].flatMap((number) => this.plan?.ground.rowsIn(number) ?? [])) ?? null);
    this.layer.relabel();
    this.layer.redrawOver();
  }

  private shading(): Shading {
    const { shading } = this.board.now;
    if (this.shaded?.name !== shading) this.shaded = { name: shading, by: shadingOf(shading, this.plan as Plan, () => this.board.now.wished) };
    return this.shaded.by;
  }

  /** Roads and houses beneath, from our own tiles. */
  private showGround(): void {
    const worker = new Worker(byId("workspace").dataset.worker ?? "", { type: "module" });
    const look = (): ColouredLook => ({
      zoom: this.map.getZoom(), density, base: true, buildings: true, cells: false, communities: true, streets: true,
      figures: null, palette: [], shadeOf: () => "none",
    });
    const squares = (this.squares = new Squares(this.map, this.settings, new TileLoader(worker), new Pictures(worker), {
      look,
      painted: () => undefined,
      troubled: (status) => (status === null ? clearNotice("tiles") : showTrouble("tiles", troubleOfStatus(status), () => void squares.retry())),
    }));
    squares.layer.addTo(this.map);
  }

  // ── choosing and moving ──

  private leave(editor: Editor): void {
    if (this.strokes?.drawing) return this.strokes.drop();
    if (this.sketches?.drawing) return this.sketches.drop();
    if (this.handles?.drawing) return this.handles.drop();
    if (this.board.now.pending) return editor.cancel();
    if (this.board.now.problem >= 0) return this.board.set({ problem: -1 });
    if (this.board.now.tool !== "choose") return this.board.set({ tool: "choose", erase: false });
    this.board.set({ chosen: null, theirs: [] });
  }

  private click(at: L.LatLng, editor: Editor): void {
    const { tool } = this.board.now;
    if (tool === "choose" || tool === "merge" || (tool === "drag" && this.handles?.missed)) this.choose(this.cellAt(at) || null, editor);
  }

  /** Choose a cell, or with the tool for it in hand merge it with the chosen one. */
  private choose(number: number | null, editor: Editor): void {
    const { tool, chosen } = this.board.now;
    if (tool === "merge" && chosen !== null && number !== null && number !== chosen) {
      this.board.set({ tool: "choose" });
      return void editor.step("merge", { cells: [chosen, number] });
    }
    this.board.set({ chosen: number });
    if (number) announce(`${number} ${this.plan?.name(number) ?? ""}`);
  }

  private hover(at: L.LatLng): void {
    this.board.set({ hovered: this.strokes?.drawing ? null : this.cellAt(at) || null });
  }

  private cellAt(at: L.LatLng): number {
    const row = this.plan?.ground.at(...this.layer.toMetres(at)) ?? -1;
    return row < 0 ? 0 : (this.plan?.ground.cell[row] ?? 0);
  }

  private home(animate: boolean): void {
    this.showBox(this.plan?.ground.spots.whole ?? null, animate);
  }

  /** Bring a box of metres into the part of the map that nothing covers. */
  private showBox(box: Box | null, animate = true): void {
    if (!box) return;
    const bounds = L.latLngBounds(this.layer.toLatLng(box[0], box[1]), this.layer.toLatLng(box[2], box[3]));
    const [map, side] = [byId("map").getBoundingClientRect(), byId("side").getBoundingClientRect()];
    const below = side.top > map.top + 40 && side.left <= map.left ? Math.min(map.bottom - side.top, map.height * 0.6) : 0;
    this.map.fitBounds(bounds, { paddingTopLeft: [byId("plan-tools").offsetWidth + 24, 24], paddingBottomRight: [24, below + 40], maxZoom: 18, animate });
  }

  private ready(): boolean {
    return Boolean(this.plan && this.squares?.idle && !this.layer.busy && !this.sending?.busy);
  }

  /** A place (metres from the origin) on the page, px. */
  private onPage([x, y]: [number, number]): { x: number; y: number } {
    const at = this.map.latLngToContainerPoint(this.layer.toLatLng(x, y));
    const frame = byId("map").getBoundingClientRect();
    return { x: at.x + frame.left, y: at.y + frame.top };
  }

  /** What tests ask instead of waiting. */
  private forTests(): object {
    return {
      idle: () => Boolean(this.plan) && !this.layer.busy && !this.sending?.busy,
      revision: () => this.plan?.standing.revision,
      tiles: () => this.plan?.ground.count,
      cellOf: (id: number) => this.plan?.ground.cell[this.plan.ground.rowOf(id)],
      figures: (number: number) => this.plan?.figures.get(number),
      board: () => ({ ...this.board.now }),
      handles: () => this.handles?.count,
      dots: () => this.handles?.dots.map(({ at, ...dot }) => ({ ...dot, ...this.onPage(at) })),
      drawn: (hear: () => void) => this.layer.drawn(hear),
      spot: (id: number) => {
        const { ground } = this.plan as Plan;
        const row = ground.rowOf(id);
        return this.onPage([ground.middles[2 * row], ground.middles[2 * row + 1]]);
      },
      show: (id: number, zoom = 18) => {
        const { ground } = this.plan as Plan;
        const row = ground.rowOf(id);
        this.map.setView(this.layer.toLatLng(ground.middles[2 * row], ground.middles[2 * row + 1]), zoom, { animate: false });
      },
      border: (skip = 0) => borderTile(this.plan as Plan, skip),
      choose: (chosen: number | null, tool: ToolName = "choose") => this.board.set({ chosen, tool }),
    };
  }
}

/** A tile, and a cell beside its own that it could go to; `skip` of such are passed over. */
function borderTile({ ground, cells }: Plan, skip: number): { id: number; from: number; to: number } | null {
  for (let row = 0; row < ground.count; row++)
    for (const other of ground.neighbours(row)) {
      const [from, to] = [ground.cell[row], ground.cell[other]];
      if (from && to && from !== to && cells.get(to)?.community === ground.communityOf(row) && skip-- <= 0) return { id: ground.columns.ids[row], from, to };
    }
  return null;
}

