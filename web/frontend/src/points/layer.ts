// Points over the map: those of a window somewhat larger than the screen, asked for when it no longer suffices.
import { isCoarse, L } from "../map/leaflet.ts";
import { makeOverlay, type Overlay } from "../map/overlay.ts";
import { askJson, RequestTrouble } from "../request.ts";
import { clearNotice, showTrouble } from "../ui/notices.ts";
import { grown, holds, nearest, type Box, type Point } from "./here.ts";
import { paintPoints, sizeAt } from "./paint.ts";
import type { Look } from "./plates.ts";

const SETTLE_MS = 120;
/** What comes into sight while the map is dragged is there already. */
const SPARE = 0.3;
/** Half of what a finger needs. */
const FINGER = 22;

interface Wishes<Answer> {
  look: Look;
  /** How high it lies over the others: names 460, incidents above 465. */
  above: number;
  /** Where those of a window are asked for. */
  url(box: string): string;
  read(answer: Answer): Point[];
  /** The zoom from which they are drawn. */
  from: number;
  shown(): boolean;
  /** Told how many are drawn, null while none are asked for, and whether there are more. */
  counted(points: Point[] | null, more: boolean): void;
}

export class PointLayer<Answer extends { more: boolean }> {
  chosen: Point | null = null;
  private readonly over: Overlay;
  private points: Point[] = [];
  private loaded: Box | null = null;
  private more = false;
  private asking: AbortController | null = null;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private painted = { points: 0, ms: 0 };

  constructor(
    private readonly map: L.Map,
    private readonly wishes: Wishes<Answer>,
  ) {
    const pane = map.createPane(this.name);
    pane.style.zIndex = String(wishes.above);
    pane.style.pointerEvents = "none";
    this.over = makeOverlay(
      this.name,
      (bounds) => (this.drawn().length || this.chosen ? bounds : null),
      (area, sharp) => this.paint(area, sharp),
    ).addTo(map);
    map.on("moveend", () => this.refresh());
    this.exposeForTests();
  }

  /** Ask for what is on screen where it is not here yet, and say what is. */
  refresh(): void {
    clearTimeout(this.settling);
    if (!this.visible) {
      this.asking?.abort();
      clearNotice(this.name);
      this.wishes.counted(null, false);
    } else if (holds(this.loaded, this.view())) this.count();
    else this.settling = setTimeout(() => void this.load(), SETTLE_MS);
    this.over.redraw();
  }

  /** Something about them has changed. */
  renew(): void {
    this.loaded = null;
    this.refresh();
  }

  choose(point: Point | null): void {
    this.chosen = point;
    this.over.redraw();
  }

  /** The one at a point of the map. */
  pick(at: L.LatLng): Point | null {
    const reach = isCoarse ? FINGER : sizeAt(this.map.getZoom()) / 2 + 3;
    const chosen = this.chosen && !this.drawn().includes(this.chosen) ? [this.chosen] : [];
    return nearest([...chosen, ...this.drawn()], this.map.latLngToLayerPoint(at), reach, ({ lat, lng }) => this.map.latLngToLayerPoint([lat, lng]));
  }

  private get name(): string {
    return this.wishes.look.name;
  }

  view(): Box {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  get visible(): boolean {
    return this.wishes.shown() && this.map.getZoom() >= this.wishes.from;
  }

  private drawn(): Point[] {
    return this.visible ? this.points : [];
  }

  private async load(): Promise<void> {
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    const box = grown(this.view(), SPARE);
    try {
      const answer = await askJson<Answer>(this.wishes.url(box.map((side) => side.toFixed(6)).join(",")), signal);
      if (signal.aborted) return;
      [this.points, this.loaded, this.more] = [this.wishes.read(answer), box, answer.more];
      clearNotice(this.name);
      this.count();
      this.over.redraw();
    } catch (error) {
      if (error instanceof RequestTrouble) showTrouble(this.name, error, () => this.renew());
    }
  }

  private count(): void {
    const [west, south, east, north] = this.view();
    const here = this.points.filter(({ lng, lat }) => lng >= west && lng <= east && lat >= south && lat <= north);
    this.wishes.counted(here, this.more);
  }

  private paint(area: L.Bounds, sharp: number): ImageBitmap {
    const began = performance.now();
    const points = this.drawn();
    const picture = paintPoints(this.wishes.look, points, this.chosen, this.map, area, sharp);
    this.painted = { points: points.length, ms: performance.now() - began };
    return picture;
  }

  /** What tests ask instead of waiting. */
  private exposeForTests(): void {
    Object.assign(window, {
      [`wangge-${this.name}`]: {
        drawn: () => this.drawn().map(({ code, condition }) => ({ code, condition })),
        chosen: () => this.chosen?.code ?? null,
        painted: () => this.painted,
        busy: () => this.over.busy || (this.visible && !holds(this.loaded, this.view())),
        repaint: () => this.over.redraw(),
      },
    });
  }
}
