// The shapes around a picture on the map, which tell its condition (and only then their colours), and both as an element.

export interface Plate {
  /** The outline around the picture, in the box of 24 grown to 32 (−4 to 28). */
  outline: string;
  fill: string;
  edge: string;
  ink: string;
  dashed: boolean;
}

export const CIRCLE = "M12 0a12 12 0 1 0 0 24 12 12 0 0 0 0-24z";
export const SQUARE = "M0 0h24v24H0z";
export const DIAMOND = "M12-4.5 28.5 12 12 28.5-4.5 12z";

/** How points of a kind are drawn: the shape of a condition, the strokes of a sign, and who is drawn over whom. */
export interface Look {
  name: string;
  plate(condition: string): Plate;
  path(sign: string): string;
  rank: Record<string, number>;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same as an element, for legend and lists. */
export function drawOn(look: Look, sign: string, condition: string): SVGElement {
  const { outline, fill, edge, ink, dashed } = look.plate(condition);
  const svg = shape("svg", { viewBox: "-6 -6 36 36", width: 28, height: 28, class: "part-sign", "aria-hidden": "true" });
  svg.append(
    shape("path", { d: outline, fill, stroke: edge, "stroke-width": 2, "stroke-dasharray": dashed ? "4 2.5" : "none" }),
    shape("path", { d: look.path(sign), fill: "none", stroke: ink, "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" }),
  );
  return svg;
}

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
