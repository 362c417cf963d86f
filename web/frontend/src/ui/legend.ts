// The legend: each class with its colour, its range and how many places fell into it.
import type { NumberFormat } from "../figures/format.ts";
import type { Scale } from "../figures/scale.ts";
import type { Figures } from "../figures/values.ts";
import type { State } from "../workspace.ts";
import { t } from "../words.ts";
import { make } from "./dom.ts";

interface Known {
  figures: Figures;
  scale: Scale;
}

export function renderLegend(root: HTMLElement, { figures, scale }: State, format: NumberFormat): void {
  root.replaceChildren();
  if (!figures || !scale) return;
  if (!scale.breaks.length) root.append(make("p", { class: "soft" }, t("这里还没有可显示的数字。")));
  else root.append(strip({ figures, scale }, format), classes({ figures, scale }, format));
}

/** All colours in a row, for the folded legend of a phone. */
function strip({ figures, scale }: Known, format: NumberFormat): HTMLElement {
  const row = make("div", { class: "legend-strip", "aria-hidden": "true" });
  for (const colour of scale.colours) row.append(swatch(colour));
  const [first, last] = [scale.classes[0].from, scale.classes[scale.classes.length - 1].to];
  row.append(make("span", {}, format.say(first)), make("span", {}, format.withUnit(last, figures.unit)));
  return row;
}

function classes({ figures, scale }: Known, format: NumberFormat): HTMLElement {
  const list = make("ul", { class: "legend-classes" });
  const most = Math.max(...scale.classes.map((one) => one.count));
  scale.classes.forEach((one, i) => {
    const range = `${format.range(one.from, one.to)}${figures.unit === "%" ? "%" : ""}`;
    list.append(row(swatch(scale.colours[i]), range, one.count, one.count / most, scale.colours[i]));
  });
  if (scale.hidden)
    list.append(row(make("span", { class: "swatch hatched" }), t("人数少，不显示"), scale.hidden));
  if (scale.unknown) list.append(row(make("span", { class: "swatch none" }), t("无数据"), scale.unknown));
  return list;
}

function row(mark: HTMLElement, text: string, count: number, share = 0, colour = ""): HTMLElement {
  const bar = make("span", { class: "legend-bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(share));
  bar.style.setProperty("--colour", colour);
  const places = make("span", { class: "legend-count" }, String(count));
  places.append(make("span", { class: "visually-hidden" }, ` ${t("个")}`));
  return make("li", {}, mark, make("span", { class: "legend-range" }, text), bar, places);
}

export function swatch(colour: string): HTMLElement {
  const mark = make("span", { class: "swatch", "aria-hidden": "true" });
  mark.style.backgroundColor = colour;
  return mark;
}
