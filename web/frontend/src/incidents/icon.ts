// What stands for incidents on the map. A cluster is its number in a ring: late, open and ended as shares of it, told
// apart by width as well as by colour. A single one is a shape of its own for each.
import { t } from "../words.ts";

export interface Counts {
  count: number;
  late: number;
  open: number;
  doubt: number;
}

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 44;
const MOST = 68;

/** Diameter in px: by the logarithm, so that a thousand does not hide its neighbours. */
export function sizeOf(count: number): number {
  return Math.round(Math.min(MOST, LEAST + 5 * Math.log10(Math.max(1, count / 10)) * 1.6));
}

/** `1,204`, and from ten thousand on `1.2万` or `12K`. */
export function shortNumber(count: number, language: string): string {
  const options: Intl.NumberFormatOptions = count < 10_000 ? {} : { notation: "compact", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(language, options).format(count);
}

/** Late, open and ended in words. */
export function describe({ count, late, open, doubt }: Counts): string {
  const said = [t("{n} 件", { n: count })];
  if (late) said.push(t("超时 {n}", { n: late }));
  if (open - late) said.push(t("未结 {n}", { n: open - late }));
  if (count - open) said.push(t("已结 {n}", { n: count - open }));
  if (doubt) said.push(t("位置存疑 {n}", { n: doubt }));
  return said.join(" · ");
}

export function drawCluster(counts: Counts, language: string): SVGElement {
  const { count, late, open, doubt } = counts;
  const size = sizeOf(count);
  const svg = shape("svg", { viewBox: `${-size / 2} ${-size / 2} ${size} ${size}`, width: size, height: size, "aria-hidden": "true" });
  svg.append(shape("circle", { r: size / 2 - 1, class: doubt ? "cluster-disc doubtful" : "cluster-disc" }));
  const radius = size / 2 - 5;
  const shares: [string, number, number][] = [
    ["late", 0, late],
    ["open", late, open],
    ["ended", open, count],
  ];
  for (const [name, from, to] of shares)
    if (to > from) svg.append(arc(name, radius, (100 * from) / count, (100 * to) / count));
  const text = shape("text", { class: "cluster-number", "text-anchor": "middle", dy: "0.36em" });
  text.textContent = shortNumber(count, language);
  svg.append(text);
  return svg;
}

/** From the top, clockwise; both ends in per cent of the ring. */
function arc(name: string, radius: number, from: number, to: number): SVGElement {
  const length = to - from;
  return shape("circle", {
    r: radius,
    class: `cluster-arc ${name}`,
    pathLength: 100,
    "stroke-dasharray": `${length} ${100 - length}`,
    "stroke-dashoffset": -from,
    transform: "rotate(-90)",
  });
}

/** One incident: a diamond with a sign where it is late, a full disc while it is open, an empty one when it has ended. */
export function drawSingle({ late, open, doubt }: Counts): SVGElement {
  const svg = shape("svg", { viewBox: "-22 -22 44 44", width: LEAST, height: LEAST, "aria-hidden": "true" });
  if (doubt) svg.append(shape("circle", { r: 17, class: "single-doubt" }));
  if (late) {
    svg.append(shape("path", { d: "M0-14 14 0 0 14-14 0z", class: "single late" }));
    const sign = shape("text", { class: "single-sign", "text-anchor": "middle", dy: "0.36em" });
    sign.textContent = "!";
    svg.append(sign);
  } else svg.append(shape("circle", { r: open ? 9.5 : 8, class: `single ${open ? "open" : "ended"}` }));
  return svg;
}

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
