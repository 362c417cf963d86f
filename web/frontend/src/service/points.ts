// The points with their loads, and for who may: adding, moving, changing and closing them.
import type { NumberFormat } from "../figures/format.ts";
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import type { Point, ServiceSettings, ServiceState } from "./settings.ts";
import { choose, field } from "./sheet.ts";

export interface PointChange {
  id?: number;
  name?: string;
  capacity?: number | null;
  opening?: string;
  closed?: boolean;
}

interface Wishes {
  format: NumberFormat;
  settings: ServiceSettings;
  choosePoint(id: number | null): void;
  arm(): void;
  save(change: PointChange): void;
  setLoad(load: ServiceState["load"]): void;
}

export function showPoints(place: HTMLElement, state: ServiceState, wishes: Wishes): void {
  const { answer } = state;
  if (!answer) return place.replaceChildren();
  const add = make("button", { type: "button", class: "button" }, state.arming === "point" ? t("请在地图上点选位置…") : t("添加设施"));
  add.addEventListener("click", () => wishes.arm());
  const chosen = answer.points.find(({ id }) => id === state.chosen);
  place.replaceChildren(
    ...(wishes.settings.mayEdit ? [make("p", { class: "actions" }, add)] : []),
    ...(chosen ? [card(chosen, wishes)] : []),
    ...(answer.points.length ? [loadChoice(state, wishes), table(answer.points, state, wishes), legend(answer.source)] : []),
  );
}

function legend(source: string): HTMLElement {
  return make("p", { class: "soft" }, t("“预计”是按每百人每天使用比例估计的人次；超过容量为超员。容量带 * 的是这类设施的通常值。"), source ? ` ${source}` : "");
}

function loadChoice({ load }: ServiceState, wishes: Wishes): HTMLElement {
  const select = choose([
    { code: "nearest", name: t("去最近的一处") },
    { code: "shared", name: t("按规模和远近分担") },
  ]);
  select.value = load;
  select.addEventListener("change", () => wishes.setLoad(select.value as ServiceState["load"]));
  return field(t("人怎么选"), select);
}

function table(points: Point[], { chosen }: ServiceState, { format, choosePoint }: Wishes): HTMLElement {
  const say = (value: number | null) => (value === null ? "–" : format.say(value));
  const rows = [...points]
    .sort((a, b) => (b.percent ?? -1) - (a.percent ?? -1))
    .map((point) => {
      const name = make("button", { type: "button", class: "service-link" }, point.name);
      name.addEventListener("click", () => choosePoint(point.id));
      const full = (point.percent ?? 0) > 100;
      const percent = point.percent === null ? "–" : `${format.say(point.percent)}%`;
      return make(
        "tr", { class: [full ? "full" : "", point.id === chosen ? "chosen" : ""].join(" ").trim(), "aria-current": point.id === chosen && "true" },
        make("th", { scope: "row" }, name, full ? make("span", { class: "service-full" }, t("超员")) : ""),
        make("td", { class: "number" }, say(point.people)),
        make("td", { class: "number" }, `${say(point.expected)} / ${capacityOf(point, format)}`),
        make("td", { class: "number" }, percent),
      );
    });
  const head = [t("名称"), t("人数"), t("预计 / 容量"), t("负荷")].map((text, i) => make("th", { scope: "col", class: i ? "number" : "" }, text));
  return make("div", { class: "service-scroll", tabindex: 0, role: "region", "aria-label": t("设施负荷") }, make("table", { class: "table service-table" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)));
}

function capacityOf({ serves, usual }: Point, format: NumberFormat): string {
  return serves === null ? "–" : `${format.say(serves)}${usual ? "*" : ""}`;
}

/** The chosen point: what it is, and its form where the reader may change it. */
function card(point: Point, wishes: Wishes): HTMLElement {
  const close = make("button", { type: "button", class: "icon-button", "aria-label": t("关闭") }, "×");
  close.addEventListener("click", () => wishes.choosePoint(null));
  const head = make("div", { class: "service-head" }, make("h3", {}, point.name), close);
  const supply = point.perHundred === null ? "" : t("周围每百人 {n} 个名额（E2SFCA）", { n: wishes.format.say(point.perHundred) });
  const plain = point.mine ? [supply] : [point.opening, point.serves ? t("容量 {n}", { n: point.serves }) : "", supply];
  const facts = make("p", {}, plain.filter(Boolean).join(" · "));
  return make("div", { class: "service-card" }, head, facts, ...(point.mine ? [form(point, wishes)] : []));
}

function form(point: Point, { save }: Wishes): HTMLElement {
  const name = make("input", { type: "text", value: point.name, maxlength: 80, required: true });
  const capacity = make("input", { type: "number", min: 0, max: 100000, step: 1, value: point.capacity ?? "" });
  const opening = make("input", { type: "text", value: point.opening, maxlength: 80 });
  const end = make("button", { type: "button", class: "button danger" }, t("今天停用"));
  end.addEventListener("click", () => save({ id: point.id, closed: true }));
  const buttons = make("div", { class: "actions" }, make("button", { class: "button primary" }, t("保存")), end);
  const hint = make("p", { class: "soft" }, t("要移动它，请在地图上拖动标记。"));
  const form = make("form", {}, field(t("名称"), name), field(t("容量"), capacity), field(t("开放时间"), opening), hint, buttons);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save({ id: point.id, name: name.value, capacity: capacity.value ? Number(capacity.value) : null, opening: opening.value });
  });
  return form;
}
