// The tool's sheet: what is asked at the top, the answer in one sentence, the legend, and three tabs under it.
import type { NumberFormat } from "../figures/format.ts";
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { classesFor } from "./classes.ts";
import type { Answer, Figure, Named, ServiceSettings, ServiceState, Tab } from "./settings.ts";

const TABS: [Tab, string][] = [["who", "缺口"], ["points", "设施"], ["sites", "选址"]];

export interface Sheet {
  root: HTMLElement;
  close: HTMLButtonElement;
  fold: HTMLButtonElement;
  kind: HTMLSelectElement;
  group: HTMLSelectElement;
  minutes: HTMLInputElement;
  speed: HTMLInputElement;
  slow: HTMLInputElement;
  area: HTMLSelectElement;
  summary: HTMLElement;
  note: HTMLElement;
  legend: HTMLElement;
  tabs: Record<Tab, HTMLButtonElement>;
  panes: Record<Tab, HTMLElement>;
}

export function makeSheet(settings: ServiceSettings): Sheet {
  const sheet: Sheet = {
    root: make("section", { id: "service", class: "service", "aria-label": t("服务设施"), hidden: true }),
    close: make("button", { type: "button", class: "icon-button", "aria-label": t("关闭服务设施") }, "×"),
    fold: make("button", { type: "button", class: "quiet service-fold", "aria-expanded": "true" }, t("收起")),
    kind: choose(settings.kinds),
    group: make("select"),
    minutes: number(1, 60, 1),
    speed: number(0.2, 3, 0.1),
    slow: number(0.2, 3, 0.1),
    area: choose([{ code: "", name: t("我的全部辖区") }]),
    summary: make("div", { class: "service-summary", "aria-live": "polite" }),
    note: make("div", { class: "service-note", role: "status", hidden: true }),
    legend: make("div", { class: "service-legend" }),
    tabs: Object.fromEntries(TABS.map(([tab, name]) => [tab, tabButton(tab, t(name))])) as Record<Tab, HTMLButtonElement>,
    panes: Object.fromEntries(TABS.map(([tab]) => [tab, pane(tab)])) as Record<Tab, HTMLElement>,
  };
  sheet.root.append(head(sheet), sheet.note, body(sheet));
  bindTabKeys(sheet);
  return sheet;
}

function head({ close, fold }: Sheet): HTMLElement {
  return make("div", { class: "service-head" }, make("h2", {}, t("服务设施")), fold, close);
}

function body(sheet: Sheet): HTMLElement {
  const asked = make("div", { class: "service-asked" }, field(t("设施"), sheet.kind), field(t("步行分钟"), sheet.minutes), field(t("服务谁"), sheet.group));
  const speeds = make("div", { class: "service-asked" }, field(t("速度（米/秒）"), sheet.speed), field(t("老人速度（米/秒）"), sheet.slow), field(t("范围"), sheet.area));
  const more = make("details", { class: "service-more" }, make("summary", {}, t("速度和范围")), speeds);
  const list = make("div", { class: "service-tabs", role: "tablist", "aria-label": t("服务设施") }, ...Object.values(sheet.tabs));
  return make("div", { class: "service-body" }, asked, more, sheet.summary, sheet.legend, list, ...Object.values(sheet.panes));
}

function tabButton(tab: Tab, name: string): HTMLButtonElement {
  return make("button", { type: "button", role: "tab", id: `service-tab-${tab}`, "aria-controls": `service-${tab}` }, name);
}

function pane(tab: Tab): HTMLElement {
  return make("div", { id: `service-${tab}`, class: "service-pane", role: "tabpanel", "aria-labelledby": `service-tab-${tab}` });
}

/** Left and right go from tab to tab, as the pattern has it. */
function bindTabKeys({ tabs }: Sheet): void {
  const buttons = Object.values(tabs);
  buttons.forEach((button, at) =>
    button.addEventListener("keydown", (event) => {
      const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (!step) return;
      event.preventDefault();
      const next = buttons[(at + step + buttons.length) % buttons.length];
      next.focus();
      next.click();
    }),
  );
}

export function showTab({ tabs, panes }: Sheet, chosen: Tab): void {
  for (const tab of Object.keys(tabs) as Tab[]) {
    tabs[tab].setAttribute("aria-selected", String(tab === chosen));
    tabs[tab].tabIndex = tab === chosen ? 0 : -1;
    panes[tab].hidden = tab !== chosen;
  }
}

let fields = 0;

export function field(name: string, control: HTMLElement): HTMLElement {
  control.id = `service-field-${++fields}`;
  return make("div", { class: "field" }, make("label", { for: control.id }, name), control);
}

export function choose(options: Named[]): HTMLSelectElement {
  return make("select", {}, ...options.map(({ code, name }) => make("option", { value: code }, name)));
}

function number(min: number, max: number, step: number): HTMLInputElement {
  return make("input", { type: "number", min, max, step, inputmode: "decimal", required: true });
}

/** Whom the answer may be about: those the kind serves, an age band, a need. */
export function fillGroups(select: HTMLSelectElement, settings: ServiceSettings, { kind, group }: ServiceState): void {
  const served = settings.kinds.find(({ code }) => code === kind);
  const names = settings.bands.filter(({ code }) => served?.bands.includes(code)).map(({ name }) => name);
  const all = served?.everybody ? t("所有人") : served?.need || names.join(" · ");
  const option = ({ code, name }: Named) => make("option", { value: code, selected: code === group }, name);
  select.replaceChildren(
    option({ code: "", name: all }),
    make("optgroup", { label: t("年龄") }, ...settings.bands.map(option)),
    make("optgroup", { label: t("服务需求") }, ...settings.needs.map(option)),
  );
}

export function showSummary(place: HTMLElement, answer: Answer, format: NumberFormat): void {
  const total = answer.beyond?.total;
  if (!answer.points.length || !total) return place.replaceChildren();
  place.replaceChildren(make("p", {}, ...sentence(total, answer, format)), ...(total.share === null ? [] : [bar(total.share)]));
}

function sentence({ people, beyond, share }: Figure, { minutes, name }: Answer, format: NumberFormat): (Node | string)[] {
  if (people === 0) return [t("这个范围内没有这类人群的登记。")];
  if (people === null || beyond === null) return [t("人数少，不显示")];
  const far = make("strong", {}, t("{n} 人", { n: format.say(beyond) }));
  return [far, t("（{share}）步行超过 {minutes} 分钟才到{kind}，共 {people} 人", { share: format.withUnit(share ?? 0, "%"), minutes, kind: name, people: format.say(people) })];
}

/** A share in percent as a bar; the number stands beside it. */
export function bar(share: number): HTMLElement {
  const filled = make("span", {});
  filled.style.width = `${Math.min(100, share)}%`;
  return make("span", { class: "service-bar", "aria-hidden": "true" }, filled);
}

export function showLegend(place: HTMLElement, answer: Answer, format: NumberFormat): void {
  const classes = classesFor(answer.minutes, answer.homes);
  const say = (minutes: number) => format.say(Math.round(minutes * 10) / 10);
  const rows = classes.map(({ from, to, colour, count }) =>
    row(colour, to === Infinity ? t("{n} 分钟以上", { n: say(from) }) : t("{a}–{b} 分钟", { a: say(from), b: say(to) }), count, format),
  );
  const unknown = answer.homes.unknown ? [row("", t("没有已知的路"), answer.homes.unknown, format)] : [];
  const title = answer.slow ? t("走到最近一处要几分钟（按老人速度），楼栋数") : t("走到最近一处要几分钟，楼栋数");
  place.replaceChildren(make("p", { class: "soft" }, title), make("ul", {}, ...rows, ...unknown));
}

function row(colour: string, name: string, count: number, format: NumberFormat): HTMLElement {
  const swatch = make("span", { class: colour ? "swatch" : "swatch hatched", "aria-hidden": "true" });
  if (colour) swatch.style.background = colour;
  return make("li", {}, swatch, name, make("span", { class: "number" }, format.say(count)));
}
