// A map of public ground: roads and houses, square by square as they come into sight. A tap says where it is.
import { sceneOf } from "../field/ground/paint.ts";
import { GroundMap } from "../field/ground/map.ts";
import type { BuildingPart, RoadPart } from "../field/parts.ts";

interface Ground {
  roads: RoadPart[];
  buildings: BuildingPart[];
}

export interface Pick {
  lat: number;
  lon: number;
  building: number | null;
  label: string;
}

/** Squares of the ground a degree has, and from which zoom on they are fetched. */
const PER_DEGREE = 100;
const FROM_ZOOM = 15;
const MOST_AT_ONCE = 24;
const NEAR = 17;

export class ResidentMap {
  private readonly ground: GroundMap;
  private readonly squares = new Map<string, Promise<Ground | null>>();
  private readonly roads: RoadPart[] = [];
  private readonly buildings = new Map<number, BuildingPart>();

  constructor(
    host: HTMLElement,
    private readonly address: string,
    start: string,
  ) {
    this.ground = new GroundMap(host, sceneOf([], [], []));
    const [lat, lon] = start.split(",").map(Number);
    if (Number.isFinite(lat) && Number.isFinite(lon)) this.ground.map.setView([lat, lon], 16);
    this.ground.map.setMinZoom(14);
    this.ground.map.on("moveend", () => void this.load());
    void this.load();
  }

  /** Bring a place into sight that was chosen; 0, 0 is none. */
  show(lat: number, lon: number): void {
    this.ground.map.invalidateSize();
    if (!lat && !lon) return;
    this.showPin(lat, lon);
    this.ground.map.setView([lat, lon], Math.max(this.ground.map.getZoom(), NEAR));
  }

  showPin(lat: number, lon: number): void {
    this.ground.showPin({ lat, lng: lon });
  }

  onPick(hear: (pick: Pick) => void): void {
    this.ground.onPick(({ lat, lng, building }) =>
      hear({ lat, lon: lng, building: building?.id ?? null, label: building?.label ?? "" }),
    );
  }

  private async load(): Promise<void> {
    if (this.ground.map.getZoom() < FROM_ZOOM) return;
    const wanted = this.inSight().filter((key) => !this.squares.has(key));
    const fresh = await Promise.all(wanted.slice(0, MOST_AT_ONCE).map((key) => this.fetch(key)));
    if (!fresh.some(Boolean)) return;
    for (const one of fresh) {
      this.roads.push(...(one?.roads ?? []));
      for (const building of one?.buildings ?? []) this.buildings.set(building.id, building);
    }
    this.ground.renew(sceneOf([], this.roads, [...this.buildings.values()]));
  }

  private inSight(): string[] {
    const box = this.ground.map.getBounds();
    const keys: string[] = [];
    const [west, east] = [Math.floor(box.getWest() * PER_DEGREE), Math.floor(box.getEast() * PER_DEGREE)];
    const [south, north] = [Math.floor(box.getSouth() * PER_DEGREE), Math.floor(box.getNorth() * PER_DEGREE)];
    for (let x = west; x <= east; x++) for (let y = south; y <= north; y++) keys.push(`x=${x}&y=${y}`);
    return keys;
  }

  private fetch(key: string): Promise<Ground | null> {
    const asked = fetch(`${this.address}?${key}`, { credentials: "omit" })
      .then((answer) => (answer.ok ? (answer.json() as Promise<Ground>) : null))
      .catch(() => null);
    this.squares.set(key, asked);
    // What did not come is asked for again when the map is moved.
    void asked.then((ground) => ground ?? this.squares.delete(key));
    return asked;
  }
}
