// The heat map's bar at the foot of the map: what is shown, play, slider, legend and settings, as elements.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { gradient } from "./colours.ts";
import { BANDWIDTHS, SPEEDS, STRENGTHS, WIDTHS, type HeatSettings } from "./settings.ts";
import type { Step } from "./cube.ts";

const STEP_NAMES: Record<Step, string> = { hour: "小时", day: "天", week: "周", month: "月", "hour-of-day": "一天中的时段" };
const STEP_ORDER: Step[] = ["hour-of-day", "hour", "day", "week", "month"];

export interface Bar {
  root: HTMLElement;
  when: HTMLElement;
  play: HTMLButtonElement;
  bars: HTMLCanvasElement;
  span: HTMLElement;
  slider: HTMLInputElement;
  ticks: HTMLElement[];
  mark: HTMLElement;
  readout: HTMLElement;
  note: HTMLElement;
  close: HTMLButtonElement;
  unit: HTMLElement;
  table: HTMLElement;
  tableButton: HTMLButtonElement;
  step: HTMLSelectElement;
  width: HTMLSelectElement;
  speed: HTMLSelectElement;
  from: HTMLInputElement;
  to: HTMLInputElement;
  metres: HTMLSelectElement;
  strength: HTMLSelectElement;
}

export function makeBar(settings: HeatSettings): Bar {
  const bar = { ...controls(settings), ...showing(), root: make("section", { id: "heat", class: "heat", "aria-label": t("热力图"), hidden: true }) };
  const form = make(
    "div",
    { id: "heat-settings", class: "heat-settings", hidden: true },
    field(t("步长"), bar.step), field(t("时间窗"), bar.width), field(t("播放速度"), bar.speed),
    field(t("开始日期"), bar.from), field(t("结束日期"), bar.to),
    field(t("平滑半径"), bar.metres), field(t("颜色深浅"), bar.strength),
  );
  unfolds(bar.tableButton, bar.table);
  const more = make("button", { type: "button", class: "quiet" }, t("设置"));
  unfolds(more, form);
  const head = make("div", { class: "heat-head" }, make("h2", {}, t("热力图")), bar.when, bar.tableButton, more, bar.close);
  const track = make("div", { class: "heat-track" }, bar.bars, bar.span, bar.slider);
  bar.root.append(head, make("div", { class: "heat-time" }, bar.play, track), legend(bar), bar.note, form, bar.table);
  return bar;
}

function showing() {
  return {
    when: make("p", { class: "heat-when" }),
    play: make("button", { type: "button", class: "tool heat-play" }),
    bars: make("canvas", { class: "heat-bars", "aria-hidden": "true" }),
    span: make("div", { class: "heat-span", "aria-hidden": "true" }),
    slider: make("input", { type: "range", class: "heat-slider", min: 0, max: 0, step: 1, "aria-label": t("时间") }),
    ticks: Array.from({ length: 5 }, () => make("span", {})),
    mark: make("span", { class: "heat-mark", "aria-hidden": "true", hidden: true }),
    readout: make("p", { class: "heat-readout" }),
    note: make("div", { class: "heat-note", role: "status", hidden: true }),
    close: make("button", { type: "button", class: "icon-button heat-close", "aria-label": t("关闭热力图") }, cross()),
    unit: make("p", { class: "heat-unit" }),
    table: make("div", { id: "heat-table", class: "heat-table", tabindex: 0, role: "region", "aria-label": t("各时段的事件数"), hidden: true }),
    tableButton: make("button", { type: "button", class: "quiet" }, t("数据表")),
  };
}

function controls({ limits, today }: HeatSettings) {
  const day = (name: string) => make("input", { type: "date", name, max: today, required: true });
  return {
    step: choose(STEP_ORDER.map((step) => [step, t(STEP_NAMES[step])])),
    width: make("select"),
    speed: choose(SPEEDS.map((speed) => [String(speed), t("每秒 {n} 步", { n: speed })])),
    from: day("from"),
    to: day("to"),
    metres: choose(BANDWIDTHS.map((metres) => [String(metres), metres ? t("{n} 米", { n: metres }) : t("随缩放自动")])),
    strength: choose(STRENGTHS.map((share) => [String(share), STRENGTH_NAMES[share]()])),
    limits,
  };
}

const STRENGTH_NAMES: Record<number, () => string> = {
  0.5: () => t("浅"),
  1: () => t("标准"),
  2: () => t("深"),
  4: () => t("很深"),
};

export function fillWidths(select: HTMLSelectElement, step: Step, width: number): void {
  const unit = step === "hour-of-day" ? "小时" : STEP_NAMES[step];
  select.replaceChildren(...WIDTHS[step].map((n) => make("option", { value: n, selected: n === width }, `${n} ${t(unit)}`)));
}

function choose(options: [value: string, name: string][]): HTMLSelectElement {
  return make("select", {}, ...options.map(([value, name]) => make("option", { value }, name)));
}

let fields = 0;

function field(name: string, control: HTMLElement): HTMLElement {
  control.id = `heat-field-${++fields}`;
  return make("div", { class: "field" }, make("label", { for: control.id }, name), control);
}

function unfolds(button: HTMLButtonElement, part: HTMLElement): void {
  button.setAttribute("aria-controls", part.id);
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    part.hidden = !part.hidden;
    button.setAttribute("aria-expanded", String(!part.hidden));
  });
}

function legend({ unit, ticks, mark, readout }: Pick<Bar, "unit" | "ticks" | "mark" | "readout">): HTMLElement {
  const strip = make("div", { class: "heat-strip" }, mark);
  strip.style.setProperty("--heat-colours", gradient());
  return make("div", { class: "heat-legend" }, unit, strip, make("div", { class: "heat-ticks" }, ...ticks), readout);
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

function cross(): SVGElement {
  return icon("m6 6 12 12M18 6 6 18");
}
