import type { Tile } from "../tiles/shapes.ts";
import type { Look, Parts, SheetFrame } from "./look.ts";
import { paintColours, paintOver, paintUnder, type Square } from "./square.ts";

/** Bytes of layers that are kept: those of some two dozen squares, which is what a screen shows. */
const KEPT_BYTES = 48e6;

/** What lies under and over the colours of a square: the same whatever the figures are. */
interface Layers {
  under: ImageBitmap;
  over: ImageBitmap;
  tiles: Tile[];
  bytes: number;
}

/** Paints squares one after the other, each on a sheet that is handed over as a picture. */
export class Painter {
  private readonly opaque = new OffscreenCanvas(1, 1);
  private readonly clear = new OffscreenCanvas(1, 1);
  /** The one longest out of use first. */
  private readonly kept = new Map<string, Layers>();
  private bytes = 0;

  paint(parts: Parts, look: Look, frame: SheetFrame): ImageBitmap {
    const { under, over } = this.layersOf(parts, look, frame);
    return this.sheet(parts, look, frame, (square) => {
      lay(square, under);
      paintColours(square);
      lay(square, over);
    });
  }

  private layersOf(parts: Parts, look: Look, frame: SheetFrame): Layers {
    const sources = Object.entries(parts).map(([set, { source }]) => [set, source]);
    const key = JSON.stringify([{ ...look, figures: null, palette: null }, frame, sources]);
    const tiles = Object.values(parts).map((part) => part.tile);
    const known = this.kept.get(key);
    if (known) this.forget(key, known);
    const fits = known && known.tiles.length === tiles.length && tiles.every((tile, i) => tile === known.tiles[i]);
    const layers = fits ? known : this.makeLayers(parts, look, frame, tiles);
    this.keep(key, layers);
    return layers;
  }

  private makeLayers(parts: Parts, look: Look, frame: SheetFrame, tiles: Tile[]): Layers {
    const under = this.sheet(parts, look, frame, paintUnder);
    const over = this.sheet(parts, { ...look, base: false }, frame, (square) => paintOver({ ...square, look }));
    return { under, over, tiles, bytes: 8 * under.width * under.height };
  }

  private keep(key: string, layers: Layers): void {
    this.kept.set(key, layers);
    this.bytes += layers.bytes;
    for (const [oldest, old] of this.kept) {
      if (this.bytes <= KEPT_BYTES || oldest === key) return;
      this.forget(oldest, old);
      old.under.close();
      old.over.close();
    }
  }

  private forget(key: string, { bytes }: Layers): void {
    this.kept.delete(key);
    this.bytes -= bytes;
  }

  private sheet(parts: Parts, look: Look, frame: SheetFrame, paint: (square: Square) => void): ImageBitmap {
    // Our own map hides what is beneath it; told so, a browser need not mix every pixel with nothing.
    const canvas = look.base ? this.opaque : this.clear;
    const [width, height] = [Math.round(frame.width * look.density), Math.round(frame.height * look.density)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d", { alpha: !look.base }) as OffscreenCanvasRenderingContext2D;
    context.setTransform(1, 0, 0, 1, 0, 0); // the sheet itself is new: the last one was handed over
    paint({ context, parts, look, frame });
    return canvas.transferToImageBitmap();
  }
}

function lay({ context }: Square, layer: ImageBitmap): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(layer, 0, 0);
}
