// What is asked of incidents besides the indicator: the period, the kind, and whether the period before is compared.
import { PERIODS, type Compare, type Indicator } from "../figures/question.ts";
import type { HeatSettings } from "../heat/settings.ts";
import type { Workspace } from "../workspace.ts";
import { t } from "../words.ts";
import { grouped } from "./chooser.ts";
import { make } from "./dom.ts";

export function mountAsking(root: HTMLElement, workspace: Workspace, indicators: Indicator[], heat: HeatSettings | null): void {
  const days = periods(workspace);
  const kind = kinds(workspace, heat);
  const compare = comparisons(workspace);
  const none = make("p", { class: "soft no-history" }, t("没有历史数据，不能与上期对比。"));
  root.append(days, kind, compare, none);
  const sync = () => {
    const indicator = indicators.find((one) => one.code === workspace.now.indicator);
    root.hidden = !indicator;
    days.hidden = !indicator?.takes.includes("days");
    kind.hidden = !indicator?.takes.includes("kind") || !heat;
    compare.hidden = !indicator?.compares;
    none.hidden = Boolean(indicator?.compares);
    for (const input of days.querySelectorAll("input")) input.checked = input.value === String(workspace.now.days);
    kind.querySelector("select")!.value = workspace.now.kind;
    compare.querySelector("select")!.value = workspace.now.compare;
  };
  workspace.on(["indicator", "days", "kind", "compare"], sync);
  sync();
}

function periods(workspace: Workspace): HTMLElement {
  const root = make("fieldset", { id: "days", class: "segments" }, make("legend", { class: "visually-hidden" }, t("时段")));
  for (const days of PERIODS) {
    const input = make("input", { type: "radio", name: "days", value: days });
    input.addEventListener("change", () => workspace.set({ days }));
    root.append(make("label", {}, input, t("{count} 天", { count: days })));
  }
  return root;
}

function kinds(workspace: Workspace, heat: HeatSettings | null): HTMLElement {
  const select = make("select", { id: "kind" }, make("option", { value: "" }, t("全部类别")));
  const listed = (heat?.categories ?? []).map((one) => ({ ...one, group: one.major }));
  for (const [major, ones] of grouped(listed)) {
    const all = make("option", { value: `m${major}` }, t("{name}（全部）", { name: major }));
    const each = ones.map(({ id, name }) => make("option", { value: `c${id}` }, name));
    select.append(make("optgroup", { label: major }, all, ...each));
  }
  select.addEventListener("change", () => workspace.set({ kind: select.value }));
  return make("div", { class: "field" }, make("label", { class: "visually-hidden", for: "kind" }, t("类别")), select);
}

function comparisons(workspace: Workspace): HTMLElement {
  const offered: [Compare, string][] = [
    ["", t("只看本期")],
    ["difference", t("比上期：增减数")],
    ["percent", t("比上期：增减 %")],
  ];
  const options = offered.map(([value, name]) => make("option", { value }, name));
  const select = make("select", { id: "compare" }, ...options);
  select.addEventListener("change", () => workspace.set({ compare: select.value as Compare }));
  return make("div", { class: "field" }, make("label", { class: "visually-hidden", for: "compare" }, t("与上期对比")), select);
}
