// The layer of squares: Leaflet says which are on screen, we load, paint and answer what is under a point.
import type { ColouredLook, SetName } from "../drawing/look.ts";
import { SIDE } from "../tiles/address.ts";
import type { TileLoader } from "../tiles/loader.ts";
import { featureAt } from "../tiles/pick.ts";
import { word, type Shapes } from "../tiles/shapes.ts";
import { squareZoom } from "./frame.ts";
import { L } from "./leaflet.ts";
import { PaintQueue } from "./paint_queue.ts";
import type { Pictures } from "./pictures.ts";
import { makeSquareLayer } from "./square_layer.ts";
import { placeOnScreen, SETS, SquareView, type TileSets } from "./square.ts";

export interface Found {
  kind: "building" | "cell" | "area";
  id: number;
  code: string;
  name: string;
  level: string;
}

interface Wishes {
  look(): ColouredLook;
  /** Something new was painted: labels and outlines may have changed. */
  painted(): void;
  /** Whether some set is missing on screen, with its status. */
  troubled(status: number | null): void;
}

const PATIENCE_MS = 500;
/** From here on a building is large enough to be meant; farther off one means its cell. */
const BUILDINGS_FROM = 16.5;
const LAYER_OF: Record<SetName, string> = {
  base: "ground",
  areas: "area",
  cells: "cell",
  buildings: "building",
};

export class Squares {
  readonly layer: L.GridLayer;
  private readonly views = new Map<string, SquareView>();
  private readonly queue = new PaintQueue<SquareView>();

  constructor(
    private readonly map: L.Map,
    private readonly sets: TileSets,
    private readonly loader: TileLoader,
    private readonly pictures: Pictures,
    private readonly wishes: Wishes,
  ) {
    this.layer = makeSquareLayer((coords, done) => this.create(coords, done));
    this.layer.on("tileunload", (event) => this.forget((event as L.TileEvent).coords));
  }

  get idle(): boolean {
    return !this.loader.busy && !this.queue.busy && this.shown().every((view) => view.painted);
  }

  /** The squares of the zoom on screen; only those that meet `within`, px of the layer, when it is given. */
  shown(within?: L.Bounds): SquareView[] {
    const meets = (view: SquareView) => {
      const { left, top, shrunk } = placeOnScreen(view, this.map);
      return within?.intersects(L.bounds([left, top], [left + SIDE * shrunk, top + SIDE * shrunk])) ?? true;
    };
    return [...this.views.values()].filter((view) => this.isCurrent(view) && meets(view));
  }

  /** What is on screen first, then what lies around it, then what is left of another zoom. */
  private urgency(view: SquareView): number {
    if (!this.isCurrent(view)) return 2;
    const { left, top, shrunk } = placeOnScreen(view, this.map);
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    const screen = L.bounds(corner, corner.add(this.map.getSize()));
    return screen.intersects(L.bounds([left, top], [left + SIDE * shrunk, top + SIDE * shrunk])) ? 0 : 1;
  }

  private isCurrent(view: SquareView): boolean {
    return view.zoom === squareZoom(this.map.getZoom());
  }

  /** Paint everything again as it should look now; nothing is fetched but sets that were not wanted before. */
  restyle(): void {
    for (const view of [...this.views.values()].sort((a, b) => this.urgency(a) - this.urgency(b))) {
      if (view.begun) this.queuePaint(view);
      void view.load(this.wanted(), () => this.queuePaint(view));
    }
  }

  /** Shapes of these sets have changed: ask for them again, and show the old until the new are there. */
  renew(sets: SetName[]): void {
    this.loader.dropSpare();
    for (const view of this.views.values()) void view.renew(sets, () => this.queuePaint(view));
  }

  /** Ask again for what failed. */
  async retry(): Promise<void> {
    await Promise.all(this.shown().map((view) => view.load(this.wanted(), () => this.queuePaint(view))));
    this.report();
  }

  /** What is under a point: a building before its cell; where figures are of a level of areas, the area. */
  pick(at: L.LatLng, level: string): Found | null {
    const zoom = squareZoom(this.map.getZoom());
    const world = this.map.project(at, Math.round(zoom)).divideBy(SIDE);
    const view = this.views.get(keyOf({ x: Math.floor(world.x), y: Math.floor(world.y), z: zoom }));
    if (!view) return null;
    const [x, y] = [(world.x - view.square.x) * SIDE, (world.y - view.square.y) * SIDE];
    const { buildings, cells } = this.wishes.look();
    const wanted = level === "cells" ? "community" : level;
    return (
      (buildings && this.map.getZoom() >= BUILDINGS_FROM ? this.pickIn(view, "buildings", x, y) : null) ??
      (cells && level === "cells" ? this.pickIn(view, "cells", x, y) : null) ??
      this.pickIn(view, "areas", x, y, (shapes, i) => word(shapes, "level", i) === wanted)
    );
  }

  private pickIn(
    view: SquareView,
    set: SetName,
    x: number,
    y: number,
    wanted?: (shapes: Shapes, i: number) => boolean,
  ) {
    const part = view.parts[set];
    const shapes = part?.tile[LAYER_OF[set]];
    if (!part || !shapes) return null;
    const { scale, left, top } = part.source;
    const i = featureAt(shapes, (x + left) / scale, (y + top) / scale, wanted && ((k) => wanted(shapes, k)));
    return i < 0 ? null : foundIn(shapes, i, LAYER_OF[set] as Found["kind"]);
  }

  private create(coords: L.Coords, done: L.DoneCallback): HTMLElement {
    const view = new SquareView(coords, this.sets, this.loader, this.pictures);
    this.views.set(keyOf(coords), view);
    view.shown = () => done(undefined, view.element);
    const show = () => {
      clearTimeout(patience);
      if (!view.begun) this.queuePaint(view);
      this.report();
    };
    const patience = setTimeout(show, PATIENCE_MS);
    void view.load(this.wanted(), () => view.begun && this.queuePaint(view)).then(show);
    return view.element;
  }

  private wanted(): SetName[] {
    const look = this.wishes.look();
    const off = new Set<SetName>([
      ...(look.base ? [] : ["base" as const]),
      ...(look.buildings ? [] : ["buildings" as const]),
    ]);
    return SETS.filter((set) => !off.has(set));
  }

  private queuePaint(view: SquareView): void {
    view.begun = true;
    this.queue.add(view, () => this.urgency(view), async () => {
      const { fresh } = view;
      view.fresh = false;
      await view.paint({ ...this.wishes.look(), zoom: view.zoom });
      if (fresh) this.wishes.painted();
    });
  }

  private forget(coords: L.Coords): void {
    const view = this.views.get(keyOf(coords));
    if (!view) return;
    this.views.delete(keyOf(coords));
    this.queue.drop(view);
    view.release();
    this.report();
  }

  private report(): void {
    const statuses = this.shown().flatMap((view) => [...view.failed.values()]);
    this.wishes.troubled(statuses.length ? Math.max(...statuses) : null);
  }
}

function keyOf({ x, y, z }: { x: number; y: number; z: number }): string {
  return `${z}/${x}/${y}`;
}

function foundIn(shapes: Shapes, i: number, kind: Found["kind"]): Found {
  const say = (column: string) => String(word(shapes, column, i) ?? "");
  return {
    kind,
    id: shapes.ids[i],
    code: say("code"),
    name: say(kind === "building" ? "label" : "name"),
    level: say("level"),
  };
}
