import type { Look, Parts, SheetFrame } from "./look.ts";
import { paintSquare } from "./square.ts";

/** Paints squares one after the other, each on a sheet that is handed over as a picture. */
export class Painter {
  private readonly opaque = new OffscreenCanvas(1, 1);
  private readonly clear = new OffscreenCanvas(1, 1);

  paint(parts: Parts, look: Look, frame: SheetFrame): ImageBitmap {
    // Our own map hides what is beneath it; told so, a browser need not mix every pixel with nothing.
    const sheet = look.base ? this.opaque : this.clear;
    const [width, height] = [Math.round(frame.width * look.density), Math.round(frame.height * look.density)];
    if (sheet.width !== width || sheet.height !== height) [sheet.width, sheet.height] = [width, height];
    const context = sheet.getContext("2d", { alpha: !look.base }) as OffscreenCanvasRenderingContext2D;
    paintSquare(context, parts, look, frame);
    return sheet.transferToImageBitmap();
  }
}
