import { SIDE } from "../tiles/address.ts";
import type { Look, Parts } from "./look.ts";
import { paintSquare } from "./square.ts";

/** Paints squares one after the other, each on a sheet that is handed over as a picture. */
export class Painter {
  private readonly sheets = new Map<string, OffscreenCanvas>();

  paint(parts: Parts, look: Look): ImageBitmap {
    const sheet = this.sheetFor(look);
    paintSquare(sheet.getContext("2d", { alpha: !look.base }) as OffscreenCanvasRenderingContext2D, parts, look);
    return sheet.transferToImageBitmap();
  }

  /** Our own map hides what is beneath it; told so, a browser need not mix every pixel with nothing. */
  private sheetFor({ density, base }: Look): OffscreenCanvas {
    const side = SIDE * density;
    const key = `${side} ${base}`;
    let sheet = this.sheets.get(key);
    if (!sheet) this.sheets.set(key, (sheet = new OffscreenCanvas(side, side)));
    return sheet;
  }
}
