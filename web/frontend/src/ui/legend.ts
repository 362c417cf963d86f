// The legend: each class with its colour, its range and how many places fell into it. A click holds one class up.
import type { NumberFormat } from "../figures/format.ts";
import type { Scale } from "../figures/scale.ts";
import type { Figures } from "../figures/values.ts";
import type { State, Workspace } from "../workspace.ts";
import { t } from "../words.ts";
import { make } from "./dom.ts";

interface Known {
  figures: Figures;
  scale: Scale;
  lit: number | null;
}

export function mountLegend(root: HTMLElement, workspace: Workspace, format: NumberFormat): void {
  root.addEventListener("click", (event) => {
    const row = (event.target as Element).closest<HTMLElement>("[data-class]");
    if (!row) return;
    const chosen = Number(row.dataset.class);
    workspace.set({ lit: workspace.now.lit === chosen ? null : chosen });
    root.querySelector<HTMLElement>(`[data-class="${chosen}"]`)?.focus({ preventScroll: true });
  });
  workspace.on(["figures", "scale", "lit"], (state) => render(root, state, format));
}

function render(root: HTMLElement, { figures, scale, lit }: State, format: NumberFormat): void {
  root.replaceChildren();
  if (!figures || !scale) return;
  const known = { figures, scale, lit };
  if (scale.classes.some((one) => one.count)) root.append(strip(known, format), classes(known, format));
  else root.append(make("p", { class: "soft" }, t("这里还没有可显示的数字。")), classes(known, format));
  const said = [figures.note, figures.source && t("来源：{name}", { name: figures.source })].filter(Boolean);
  if (said.length) root.append(make("p", { class: "legend-note soft" }, said.join(" ")));
}

/** All colours in a row, for the folded legend of a phone. */
function strip({ figures, scale }: Known, format: NumberFormat): HTMLElement {
  const colours = make("div", { class: "strip-colours" }, ...scale.colours.map(swatch));
  const ends = figures.classes.length
    ? [figures.classes[0].name, figures.classes[figures.classes.length - 1].name]
    : endsOf(figures, scale, format);
  const texts = [...new Set(ends)].map((text) => make("span", {}, text));
  return make("div", { class: "legend-strip", "aria-hidden": "true" }, colours, make("div", { class: "strip-ends" }, ...texts));
}

function endsOf(figures: Figures, scale: Scale, format: NumberFormat): string[] {
  const used = scale.classes.filter((one) => one.count);
  const [least, most] = [used[0].from, used[used.length - 1].to];
  if (figures.compare) return [least, most].map((end) => format.change(end, figures.compare === "percent"));
  // Alike ends are one.
  const last = format.withUnit(most, figures.unit);
  return format.say(least) === format.say(most) ? [last] : [format.say(least), last];
}

function classes(known: Known, format: NumberFormat): HTMLElement {
  const { scale, figures, lit } = known;
  const list = make("ul", { class: "legend-classes" });
  const most = Math.max(1, ...scale.classes.map((one) => one.count));
  scale.classes.forEach((one, i) => {
    if (!one.count && scale.middle !== null) return; // nothing changed that much
    const parts = row(swatch(scale.colours[i]), sayClass(known, i, format), one.count, one.count / most, scale.colours[i]);
    const button = make("button", { type: "button", class: "legend-row", "data-class": i, "aria-pressed": String(lit === i), title: t("只看这一类") }, ...parts);
    list.append(make("li", { class: lit !== null && lit !== i ? "faded" : null }, button));
  });
  const still = (mark: string, text: string, count: number) =>
    list.append(make("li", {}, make("div", { class: "legend-row" }, ...row(make("span", { class: `swatch ${mark}` }), text, count))));
  if (scale.doubted) still("dotted", t("数据少，带点"), scale.doubted);
  if (scale.hidden) still("hatched", t("人数少，不显示"), scale.hidden);
  if (scale.unknown) still("none", figures.compare === "percent" ? t("无数据或上期为零") : t("无数据"), scale.unknown);
  return list;
}

/** A range; of a change with an arrow and a word, because not everybody tells the colours apart. */
function sayClass({ figures, scale }: Known, i: number, format: NumberFormat): string {
  const { from, to, count } = scale.classes[i];
  if (figures.classes.length) return figures.classes[i].name;
  if (!count) return t("没有");
  const per = figures.unit === "%" || figures.compare === "percent" ? "%" : "";
  if (scale.middle === null) return `${format.range(from, to)}${per}`;
  if (i === scale.middle) return `＝ ${t("没有变化")}`;
  const [least, most] = [Math.min(Math.abs(from), Math.abs(to)), Math.max(Math.abs(from), Math.abs(to))];
  return `${i > scale.middle ? `▲ ${t("增加")}` : `▼ ${t("减少")}`} ${format.range(least, most)}${per}`;
}

function row(mark: HTMLElement, text: string, count: number, share = 0, colour = ""): HTMLElement[] {
  const bar = make("span", { class: "legend-bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(share));
  bar.style.setProperty("--colour", colour);
  const places = make("span", { class: "legend-count" }, String(count));
  places.append(make("span", { class: "visually-hidden" }, ` ${t("个")}`));
  return [mark, make("span", { class: "legend-range" }, text), bar, places];
}

export function swatch(colour: string): HTMLElement {
  const mark = make("span", { class: "swatch", "aria-hidden": "true" });
  mark.style.backgroundColor = colour;
  return mark;
}
