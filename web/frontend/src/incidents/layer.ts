// The incidents over the map: clusters for the window on screen, asked for whenever it rests.
import type { IncidentFilter } from "../filter/filter.ts";
import { L } from "../map/leaflet.ts";
import { askJson, RequestTrouble } from "../request.ts";
import { clearNotice, showTrouble } from "../ui/notices.ts";
import { isOneSpot, padded, readClusters, writeBox, type Answer, type Box, type Cluster } from "./clusters.ts";
import { describe, drawCluster, drawSingle, sizeOf } from "./icon.ts";

const SETTLE_MS = 120;
/** What comes into sight while the map is dragged is there already. */
const SPARE = 0.2;
const DEEPEST = 20;

interface Wishes {
  url: string;
  language: string;
  /** Told how many the filter finds in scope, and in view. */
  counted(total: number, here: number): void;
  choose(number: string): void;
  /** Several that no zoom takes apart. */
  list(box: Box): void;
}

export class IncidentLayer {
  private readonly marks = new Map<string, L.Marker>();
  private readonly group = L.layerGroup();
  private asking: AbortController | null = null;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private chosen = "";
  private sums = { total: 0, here: 0, drawn: 0 };

  constructor(
    private readonly map: L.Map,
    private readonly filter: IncidentFilter,
    private readonly wishes: Wishes,
  ) {
    map.createPane("incidents").style.zIndex = "470"; // over names: a number must be read
    map.on("moveend", () => this.refreshSoon());
    filter.on(["query"], () => this.refreshSoon(0));
    filter.on(["shown"], () => this.showOrHide());
    this.exposeForTests();
  }

  /** Ask again for what is on screen; nothing while incidents are not shown. */
  refreshSoon(after = SETTLE_MS): void {
    clearTimeout(this.settling);
    if (this.filter.now.shown) this.settling = setTimeout(() => void this.load(), after);
  }

  /** The view as (west, south, east, north). */
  view(): Box {
    const bounds = this.map.getBounds();
    return padded([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], 0);
  }

  /** Mark the incident whose panel is open. */
  markChosen(number: string): void {
    this.chosen = number;
    for (const mark of this.marks.values()) this.ring(mark);
  }

  showOrHide(): void {
    if (this.filter.now.shown) {
      this.group.addTo(this.map);
      return this.refreshSoon(0);
    }
    this.asking?.abort();
    clearTimeout(this.settling);
    clearNotice("incidents");
    this.group.remove();
    this.draw([]);
  }

  private async load(): Promise<void> {
    this.asking?.abort();
    const mine = (this.asking = new AbortController());
    const view = this.view();
    const zoom = Math.max(0, Math.min(DEEPEST, Math.floor(this.map.getZoom())));
    const asked = new URLSearchParams({ bbox: writeBox(padded(view, SPARE)), view: writeBox(view), zoom: String(zoom) });
    try {
      const answer = await askJson<Answer>(`${this.wishes.url}?${asked}&${this.filter.now.query}`, mine.signal);
      if (mine.signal.aborted || !this.filter.now.shown) return;
      this.draw(readClusters(answer));
      this.sums = { ...this.sums, total: answer.total, here: answer.here };
      this.wishes.counted(answer.total, answer.here);
      clearNotice("incidents");
    } catch (error) {
      if (error instanceof RequestTrouble) showTrouble("incidents", error, () => this.refreshSoon(0));
    } finally {
      if (this.asking === mine) this.asking = null;
    }
  }

  /** Those that stay the same stay where they are, so that nothing flickers. */
  private draw(clusters: Cluster[]): void {
    const wanted = new Map(clusters.map((cluster) => [cluster.key, cluster]));
    for (const [key, mark] of this.marks) {
      if (wanted.has(key)) continue;
      mark.remove();
      this.marks.delete(key);
    }
    for (const [key, cluster] of wanted) if (!this.marks.has(key)) this.marks.set(key, this.mark(cluster));
    this.sums.drawn = clusters.reduce((sum, { count }) => sum + count, 0);
  }

  private mark(cluster: Cluster): L.Marker {
    const single = cluster.number !== null;
    const size = single ? 44 : sizeOf(cluster.count);
    const svg = single ? drawSingle(cluster) : drawCluster(cluster, this.wishes.language);
    const html = document.createElement("div");
    html.append(svg);
    const icon = L.divIcon({ html, className: single ? "incident-mark single-mark" : "incident-mark", iconSize: [size, size] });
    const options = { icon, pane: "incidents", keyboard: false, title: describe(cluster), zIndexOffset: cluster.count };
    const mark = L.marker([cluster.lat, cluster.lng], options).addTo(this.group);
    (mark as L.Marker & { number?: string | null }).number = cluster.number;
    mark.on("click", () => this.open(cluster));
    this.ring(mark);
    return mark;
  }

  private ring(mark: L.Marker): void {
    const { number } = mark as L.Marker & { number?: string | null };
    mark.getElement()?.classList.toggle("chosen", Boolean(number) && number === this.chosen);
  }

  private open({ number, box, lat, lng }: Cluster): void {
    if (number !== null) return this.wishes.choose(number);
    const zoom = this.map.getZoom();
    if (isOneSpot(box) || zoom >= DEEPEST) return this.wishes.list(box);
    const bounds = L.latLngBounds([box[1], box[0]], [box[3], box[2]]);
    const deeper = Math.min(DEEPEST, Math.max(zoom + 1, Math.floor(this.map.getBoundsZoom(bounds, false, L.point(120, 120)))));
    this.map.setView(deeper > zoom + 1 ? bounds.getCenter() : [lat, lng], deeper);
  }

  /** What tests ask instead of waiting. */
  private exposeForTests(): void {
    Object.assign(window, {
      wanggeIncidents: {
        sums: () => this.sums,
        marks: () => [...this.marks.values()].map((mark) => ({ ...mark.getLatLng(), title: mark.options.title })),
      },
    });
  }
}
