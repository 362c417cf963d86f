// Writes placed labels on a canvas: a halo first, then the letters.
import type { Context } from "../drawing/look.ts";
import type { Candidate, Placed } from "./place.ts";
import { fontOf, STYLES, type TextStyle } from "./styles.ts";

const widths = new Map<string, number>();

/** Width and height of a label in CSS px; a stacked one is measured as if it lay. */
export function measureLabel(context: Context, { lines, style, stacked }: Candidate) {
  const styles = lines.map((_, k) => styleOfLine(style, k));
  const height = styles.reduce((sum, one) => sum + one.lineHeight, 0);
  if (stacked) return { width: [...lines[0]].length * styles[0].size * 1.12, height: styles[0].size };
  return { width: Math.max(...lines.map((line, k) => widthOf(context, line, styles[k]))), height };
}

function widthOf(context: Context, text: string, style: TextStyle): number {
  const key = `${fontOf(style)}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    context.font = fontOf(style);
    width = context.measureText(text).width + style.spacing * text.length;
    widths.set(key, width);
  }
  return width;
}

/** The second line of a cell's or an area's label is its figure. */
function styleOfLine(style: string, line: number): TextStyle {
  return line > 0 ? STYLES.cellFigure : STYLES[style];
}

export function writeLabel(context: Context, label: Placed): void {
  context.save();
  context.translate(label.x, label.y);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  if (label.stacked) writeStacked(context, label);
  else writeLevel(context, label);
  context.restore();
}

function writeLevel(context: Context, { lines, style, angle }: Placed): void {
  context.rotate(angle);
  const styles = lines.map((_, k) => styleOfLine(style, k));
  let y = -styles.reduce((sum, one) => sum + one.lineHeight, 0) / 2;
  lines.forEach((line, k) => {
    write(context, line, styles[k], 0, y + styles[k].lineHeight / 2);
    y += styles[k].lineHeight;
  });
}

function writeStacked(context: Context, { lines, style, angle }: Placed): void {
  const text = STYLES[style];
  const letters = [...lines[0]];
  const step = text.size * 1.12;
  const lean = Math.PI / 2 - Math.abs(angle); // the column leans with the road, each letter stays upright
  const across = Math.tan(lean) * (angle > 0 ? 1 : -1);
  letters.forEach((letter, k) => {
    const down = (k - (letters.length - 1) / 2) * step;
    write(context, letter, text, down * across, down);
  });
}

function write(
  context: Context,
  text: string,
  style: TextStyle,
  x: number,
  y: number,
): void {
  context.font = fontOf(style);
  context.letterSpacing = `${style.spacing}px`;
  context.strokeStyle = style.halo;
  context.lineWidth = 3.2;
  context.strokeText(text, x, y);
  context.fillStyle = style.fill;
  context.fillText(text, x, y);
}
