// Service points and tried places on the map. Tried places are dragged by mouse, finger or arrow keys.
import { L } from "../map/leaflet.ts";
import { t } from "../words.ts";
import type { Point, Position, Site } from "./settings.ts";

interface Wishes {
  choosePoint(id: number): void;
  /** An existing point was dragged elsewhere by who may. */
  movePoint(point: Point, at: Position): void;
  /** A site is on its way; `done` when it was let go. */
  moveSite(index: number, at: Position, done: boolean): void;
  removeSite(index: number): void;
}

/** Pixels an arrow key moves a site; with Shift. */
const [STEP, LARGE_STEP] = [4, 24];

export class Markers {
  private readonly points = L.layerGroup();
  private readonly sites = L.layerGroup();
  private readonly ground = L.geoJSON(undefined, {
    style: { color: "#1459c7", weight: 2.5, fillColor: "#1459c7", fillOpacity: 0.1, dashArray: "6 5" },
    interactive: false,
  });
  private placed: L.Marker[] = [];

  constructor(
    private readonly map: L.Map,
    private readonly wishes: Wishes,
  ) {}

  show(): void {
    for (const layer of [this.ground, this.points, this.sites]) layer.addTo(this.map);
  }

  hide(): void {
    for (const layer of [this.ground, this.points, this.sites]) layer.remove();
  }

  /** `editing`: one's own points can be dragged. */
  putPoints(points: Point[], chosen: number | null, editing: boolean): void {
    this.points.clearLayers();
    for (const point of points) this.points.addLayer(this.pointMarker(point, point.id === chosen, editing && point.mine));
  }

  private pointMarker(point: Point, chosen: boolean, draggable: boolean): L.Marker {
    const full = (point.percent ?? 0) > 100;
    const classes = ["service-mark", full && "full", chosen && "chosen", !point.inside && "outside"].filter(Boolean);
    const icon = L.divIcon({ className: classes.join(" "), html: full ? "!" : "", iconSize: [44, 44] });
    const title = full ? t("{name}，超员（{percent}%）", { name: point.name, percent: point.percent ?? 0 }) : point.name;
    const marker = L.marker([point.at[1], point.at[0]], { icon, title, alt: title, riseOnHover: true, draggable, autoPan: true });
    marker.on("dragend", () => this.wishes.movePoint(point, [marker.getLatLng().lng, marker.getLatLng().lat]));
    return marker.on("click", () => this.wishes.choosePoint(point.id));
  }

  /** Markers that are there already are kept, so that one being dragged stays in the hand. */
  putSites(sites: Site[]): void {
    while (this.placed.length > sites.length) this.placed.pop()?.remove();
    sites.forEach((site, index) => {
      const marker = this.placed[index] ?? this.addSite(index);
      const there = L.latLng(site.at[1], site.at[0]);
      if (!marker.getLatLng().equals(there)) marker.setLatLng(there);
    });
  }

  private addSite(index: number): L.Marker {
    const title = t("第 {n} 处，可拖动，方向键移动，Delete 删除", { n: index + 1 });
    const icon = L.divIcon({ className: "service-site", html: `<span>${index + 1}</span>`, iconSize: [44, 44], iconAnchor: [22, 40] });
    const marker = L.marker([0, 0], { icon, title, alt: title, draggable: true, autoPan: true, zIndexOffset: 1000 });
    const here = (): Position => [marker.getLatLng().lng, marker.getLatLng().lat];
    marker.on("drag", () => this.wishes.moveSite(index, here(), false));
    marker.on("dragend", () => this.wishes.moveSite(index, here(), true));
    marker.on("add", () => marker.getElement()?.addEventListener("keydown", (event) => this.hearKey(event, marker, index)));
    this.placed[index] = marker.addTo(this.sites);
    return marker;
  }

  private hearKey(event: KeyboardEvent, marker: L.Marker, index: number): void {
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const ways: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const way = ways[event.key];
    if (way) {
      const moved = this.map.latLngToContainerPoint(marker.getLatLng()).add(way);
      const { lng, lat } = this.map.containerPointToLatLng(moved);
      marker.setLatLng([lat, lng]);
      this.wishes.moveSite(index, [lng, lat], true);
    } else if (event.key === "Delete" || event.key === "Backspace") this.wishes.removeSite(index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  focusSite(index: number): void {
    this.placed[index]?.getElement()?.focus({ preventScroll: true });
  }

  outline(shape: object | null): void {
    this.ground.clearLayers();
    if (shape) this.ground.addData(shape as never);
  }
}
