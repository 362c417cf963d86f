// One square on screen: its canvas, and the data that came for it so far.
import { SIDE, addressOf, sourceOf, type Square } from "../tiles/address.ts";
import type { ColouredLook, Parts, SetName } from "../drawing/look.ts";
import { TileTrouble, type TileLoader } from "../tiles/loader.ts";
import type { L } from "./leaflet.ts";
import type { Pictures } from "./pictures.ts";
import { frameOf, type Frame } from "./frame.ts";

export const SETS: SetName[] = ["base", "areas", "cells", "buildings"];

export interface TileSets {
  tiles: Record<SetName, string>;
  minZoom: Record<SetName, number>;
  maxDataZoom: number;
}

/** Where a square lies in the coordinates of Leaflet's layers, and how much smaller it is shown than painted. */
export function placeOnScreen(
  { square }: SquareView,
  map: L.Map,
): { left: number; top: number; shrunk: number } {
  const shrunk = map.getZoomScale(map.getZoom(), square.z);
  const origin = map.getPixelOrigin();
  return { left: square.x * SIDE * shrunk - origin.x, top: square.y * SIDE * shrunk - origin.y, shrunk };
}

export class SquareView {
  /** What Leaflet places; the canvas in it takes whole pixels. */
  readonly element = document.createElement("div");
  readonly square: Square;
  /** The zoom it is drawn at: that of `square`, or the half below it. */
  readonly zoom: number;
  private readonly canvas = document.createElement("canvas");
  private readonly frame: Frame;
  readonly parts: Parts = {};
  /** Sets that did not come, with the HTTP status. */
  readonly failed = new Map<SetName, number>();
  painted = false;
  /** Whether it was given to be painted: from then on every change has it painted again, the first picture come or not. */
  begun = false;
  /** Whether data came that is not on the picture yet. */
  fresh = false;
  /** Told once, when there is something to see. */
  shown: (() => void) | null = null;
  /** Addresses asked for and not released. */
  private readonly held = new Map<SetName, string>();
  private gone = false;

  constructor(
    coords: Square,
    private readonly sets: TileSets,
    private readonly loader: TileLoader,
    private readonly pictures: Pictures,
  ) {
    this.zoom = coords.z;
    this.square = { x: coords.x, y: coords.y, z: Math.round(coords.z) };
    this.frame = frameOf(coords);
    this.canvas.style.width = `${this.frame.width}px`;
    this.canvas.style.height = `${this.frame.height}px`;
    this.element.append(this.canvas);
  }

  /** Ask for all sets that are wanted and not there. Resolves when each has come or failed. */
  async load(wanted: SetName[], arrived: () => void): Promise<void> {
    const missing = wanted.filter((set) => !this.parts[set] && !this.held.has(set));
    await Promise.all(missing.map((set) => this.loadSet(set, arrived)));
  }

  private async loadSet(set: SetName, arrived: () => void): Promise<void> {
    const source = sourceOf(this.square, this.sets.maxDataZoom);
    const address = addressOf(this.sets.tiles[set], source, this.sets.minZoom[set]);
    if (!address) return;
    this.held.set(set, address);
    try {
      const tile = await this.loader.get(address);
      this.failed.delete(set);
      this.parts[set] = { tile: tile ?? {}, source };
      this.fresh = true;
      arrived();
    } catch (error) {
      this.held.delete(set);
      const status = error instanceof TileTrouble ? error.status : 0;
      if (status !== -1) this.failed.set(set, status);
    }
  }

  /** Ask again for sets whose shapes may have changed. What is there stays until then. */
  async renew(sets: SetName[], arrived: () => void): Promise<void> {
    const held = [...this.held].filter(([set]) => sets.includes(set));
    await Promise.all(
      held.map(async ([set, address]) => {
        const tile = await this.loader.renew(address).catch(() => undefined);
        const part = this.parts[set];
        if (tile === undefined || !part || this.gone) return;
        this.parts[set] = { ...part, tile: tile ?? {} };
        this.fresh = true;
        arrived();
      }),
    );
  }

  release(): void {
    this.gone = true;
    for (const address of this.held.values()) this.loader.release(address);
    this.held.clear();
  }

  /** The old picture stays until the new one is there. */
  async paint(look: ColouredLook): Promise<void> {
    const picture = await this.pictures.paint(this.parts, this.held, look, this.frame);
    if (this.gone) return picture?.close();
    if (picture) this.canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(picture);
    this.painted = true;
    this.shown?.();
    this.shown = null;
  }
}
