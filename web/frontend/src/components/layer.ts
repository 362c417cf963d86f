// The components over the map: those of a window somewhat larger than the screen, asked for when it no longer suffices.
import { isCoarse, L } from "../map/leaflet.ts";
import { makeOverlay, type Overlay } from "../map/overlay.ts";
import { askJson, RequestTrouble } from "../request.ts";
import { clearNotice, showTrouble } from "../ui/notices.ts";
import { grown, holds, nearest, readParts, type Answer, type Box, type Part } from "./here.ts";
import { paintParts, sizeAt } from "./paint.ts";

const SETTLE_MS = 120;
/** What comes into sight while the map is dragged is there already. */
const SPARE = 0.3;
/** Half of what a finger needs. */
const FINGER = 22;

interface Wishes {
  url: string;
  /** The zoom from which they are drawn. */
  from: number;
  shown(): boolean;
  /** Told how many are drawn, null while none are asked for, and whether there are more. */
  counted(parts: Part[] | null, more: boolean): void;
}

export class ComponentLayer {
  chosen: Part | null = null;
  private readonly over: Overlay;
  private parts: Part[] = [];
  private loaded: Box | null = null;
  private more = false;
  private asking: AbortController | null = null;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private painted = { parts: 0, ms: 0 };

  constructor(
    private readonly map: L.Map,
    private readonly wishes: Wishes,
  ) {
    const pane = map.createPane("components");
    pane.style.zIndex = "465"; // over names, under incidents
    pane.style.pointerEvents = "none";
    this.over = makeOverlay(
      "components",
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
      clearNotice("components");
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

  choose(part: Part | null): void {
    this.chosen = part;
    this.over.redraw();
  }

  /** The component at a point of the map. */
  pick(at: L.LatLng): Part | null {
    const reach = isCoarse ? FINGER : sizeAt(this.map.getZoom()) / 2 + 3;
    const chosen = this.chosen && !this.drawn().includes(this.chosen) ? [this.chosen] : [];
    return nearest([...chosen, ...this.drawn()], this.map.latLngToLayerPoint(at), reach, ({ lat, lng }) => this.map.latLngToLayerPoint([lat, lng]));
  }

  view(): Box {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  get visible(): boolean {
    return this.wishes.shown() && this.map.getZoom() >= this.wishes.from;
  }

  private drawn(): Part[] {
    return this.visible ? this.parts : [];
  }

  private async load(): Promise<void> {
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    const box = grown(this.view(), SPARE);
    try {
      const answer = await askJson<Answer>(`${this.wishes.url}?bbox=${box.map((side) => side.toFixed(6)).join(",")}`, signal);
      if (signal.aborted) return;
      [this.parts, this.loaded, this.more] = [readParts(answer), box, answer.more];
      clearNotice("components");
      this.count();
      this.over.redraw();
    } catch (error) {
      if (error instanceof RequestTrouble) showTrouble("components", error, () => this.renew());
    }
  }

  private count(): void {
    const [west, south, east, north] = this.view();
    const here = this.parts.filter(({ lng, lat }) => lng >= west && lng <= east && lat >= south && lat <= north);
    this.wishes.counted(here, this.more);
  }

  private paint(area: L.Bounds, sharp: number): ImageBitmap {
    const began = performance.now();
    const parts = this.drawn();
    const picture = paintParts(parts, this.chosen, this.map, area, sharp);
    this.painted = { parts: parts.length, ms: performance.now() - began };
    return picture;
  }

  /** What tests ask instead of waiting. */
  private exposeForTests(): void {
    Object.assign(window, {
      wanggeComponents: {
        drawn: () => this.drawn().map(({ code, condition }) => ({ code, condition })),
        chosen: () => this.chosen?.code ?? null,
        painted: () => this.painted,
        busy: () => this.over.busy || (this.visible && !holds(this.loaded, this.view())),
        repaint: () => this.over.redraw(),
      },
    });
  }
}
