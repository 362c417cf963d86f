// The map of the field views: the ground of the pack under Leaflet, with or without network.
import { L } from "../../map/leaflet.ts";
import { t } from "../../words.ts";
import type { BuildingPart, CellPart } from "../parts.ts";
import type { App } from "../view.ts";
import { boxOf, isInside } from "./inside.ts";
import { sceneOf, type Marking, type Scene } from "./paint.ts";
import { GroundSheet } from "./sheet.ts";

/** What lies under a point: null where the pack knows nothing there. */
export interface Under {
  readonly lat: number;
  readonly lng: number;
  readonly building: BuildingPart | null;
  readonly cell: CellPart | null;
}

export class GroundMap {
  readonly map: L.Map;
  private readonly sheet: GroundSheet;
  private position: L.LayerGroup | null = null;
  private pin: L.Marker | null = null;

  constructor(
    host: HTMLElement,
    private scene: Scene,
  ) {
    host.classList.add("ground-map");
    const still = { zoomControl: false, attributionControl: false, zoomAnimation: false, fadeAnimation: false };
    this.map = L.map(host, { ...still, minZoom: 11, maxZoom: 20, zoomSnap: 0.5 });
    L.control.zoom({ zoomInTitle: t("放大"), zoomOutTitle: t("缩小"), position: "bottomright" }).addTo(this.map);
    this.sheet = new GroundSheet(scene).addTo(this.map);
    this.showAll();
  }

  /** The pack changed, or the theme did. */
  renew(scene: Scene = this.scene): void {
    const first = isEmpty(this.scene) && !isEmpty(scene);
    this.scene = scene;
    this.sheet.show(scene);
    if (first) this.showAll();
  }

  showAll(): void {
    const lists = this.scene.cells.length ? this.scene.cells : this.scene.buildings;
    const box = boxOf(lists.flatMap(({ thing }) => thing.rings));
    if (box.west > box.east) this.map.setView([39.9, 116.4], 11);
    else this.map.fitBounds([[box.south, box.west], [box.north, box.east]]);
  }

  /** Light up a building and bring it into sight; false where the pack does not hold it. */
  showBuilding(id: number | null): boolean {
    this.sheet.chosen = id;
    this.sheet.redrawSoon();
    const found = this.scene.buildings.find(({ thing }) => thing.id === id);
    if (!found) return false;
    const { west, south, east, north } = found.box;
    this.map.setView([(south + north) / 2, (west + east) / 2], Math.max(this.map.getZoom(), 18));
    return true;
  }

  /** Colour buildings; null leaves one in its own colour. */
  colour(marking: Marking): void {
    this.sheet.marking = marking;
    this.sheet.redrawSoon();
  }

  /** Where the phone is, with the circle it is sure of, metres. */
  showPosition(lat: number, lng: number, accuracy: number): void {
    this.position?.remove();
    const circle = L.circle([lat, lng], { radius: accuracy, weight: 1, className: "ground-circle", interactive: false });
    const dot = L.circleMarker([lat, lng], { radius: 8, weight: 3, className: "ground-dot", interactive: false });
    this.position = L.layerGroup([circle, dot]).addTo(this.map);
    this.map.setView([lat, lng], Math.max(this.map.getZoom(), 17));
  }

  /** A pin at a place that was picked; null takes it away. */
  showPin(at: { lat: number; lng: number } | null): void {
    this.pin?.remove();
    const icon = L.divIcon({ className: "ground-pin", iconSize: [28, 36], iconAnchor: [14, 36] });
    this.pin = at && L.marker(at, { icon, keyboard: false, interactive: false }).addTo(this.map);
  }

  /** Hear of taps. */
  onPick(hear: (under: Under) => void): void {
    this.map.on("click", ({ latlng }) => hear(this.under(latlng.lat, latlng.lng)));
  }

  under(lat: number, lng: number): Under {
    const building = this.scene.buildings.find(({ thing }) => isInside(thing.rings, lng, lat))?.thing ?? null;
    const cell = this.scene.cells.find(({ thing }) => isInside(thing.rings, lng, lat))?.thing ?? null;
    return { lat, lng, building, cell };
  }

  remove(): void {
    this.map.remove();
  }
}

function isEmpty({ cells, buildings }: Scene): boolean {
  return !cells.length && !buildings.length;
}

/** Make the map in `host` from the pack. Fetched when first needed: import it from ../ground.ts. */
export async function mapOf(host: HTMLElement, app: App): Promise<GroundMap> {
  const made = new GroundMap(host, await sceneFrom(app));
  const stop = app.on("pack", () => void sceneFrom(app).then((scene) => made.renew(scene)));
  const themed = () => made.renew();
  document.addEventListener("wangge:theme", themed);
  made.map.on("unload", () => (stop(), document.removeEventListener("wangge:theme", themed)));
  return made;
}

async function sceneFrom(app: App): Promise<Scene> {
  const [cells, ground] = await Promise.all([app.pack.get("cells"), app.pack.get("ground")]);
  return sceneOf(cells ?? [], ground?.roads ?? [], ground?.buildings ?? []);
}
