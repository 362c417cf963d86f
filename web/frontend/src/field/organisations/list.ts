// Units in a list: those of a building, and those whose check is due.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { dayOf } from "../doors/model.ts";
import type { App } from "../view.ts";
import { dueBy, nameOfKind, readOrganisations, type Organisation, type Organisations } from "./model.ts";

/** The section of a building: its units, and where a new one is written down. */
export async function organisationsAt(app: App, building: number): Promise<HTMLElement[]> {
  const all = await readOrganisations(app);
  if (!all || !app.holder?.able.includes("people.read")) return [];
  const rows = all.rows.filter((one) => one.building === building);
  const add = make("a", { class: "button wide", href: `#organisation/new/${building}` }, t("登记新单位"));
  return [
    make(
      "section",
      { class: "organisations" },
      make("h2", {}, t("单位（{n}）", { n: rows.length })),
      ...(rows.length ? [make("ul", { class: "day-doors" }, ...rows.map((one) => row(one, all)))] : []),
      ...(app.holder.able.includes("people.write") ? [make("p", {}, add)] : []),
    ),
  ];
}

/** The section of the day: units whose check is due within a week. */
export function sectionOfChecks(all: Organisations | null, labels: (building: number) => string): HTMLElement | null {
  const week = new Date();
  week.setDate(week.getDate() + 7);
  const due = dueBy(all?.rows ?? [], dayOf(week));
  if (!all || !due.length) return null;
  const rows = due.map((one) => row(one, all, labels(one.building)));
  return make("details", { class: "card day-checks" }, make("summary", {}, t("应检查的单位 {n} 家", { n: due.length })), make("ul", { class: "day-doors" }, ...rows));
}

function row(one: Organisation, { part }: Organisations, where = ""): HTMLElement {
  const href = one.item ? `#organisation/new/${one.building}?item=${one.item.uuid}` : `#organisation/${one.id}`;
  const place = [where, one.door].filter(Boolean).join(" ");
  return make(
    "li",
    {},
    make(
      "a",
      { class: "day-door", href },
      make("span", {}, make("b", {}, one.name), " ", standingOf(one)),
      make("span", { class: "hint" }, [nameOfKind(part, one.kind), place].filter(Boolean).join(" · ")),
    ),
  );
}

/** Waiting to be sent, overdue, due on a day, or with hazards: in words beside its sign. */
export function standingOf(one: Organisation): HTMLElement {
  if (one.item || one.check) return make("span", { class: "day-mark" }, t("等待发送"));
  const today = dayOf(new Date());
  const late = Boolean(one.due) && one.due < today;
  const words = [];
  if (one.hazards.length) words.push(t("有隐患 {n} 项", { n: one.hazards.length }));
  if (one.due) words.push(late ? t("检查逾期（{day}）", { day: one.due }) : t("{day} 前检查", { day: one.due }));
  if (!words.length) return make("span", {});
  const sign = make("span", { "aria-hidden": "true" }, late || one.hazards.length ? "! " : "○ ");
  return make("span", { class: "day-mark", "data-urgency": late ? "late" : "week" }, sign, words.join(t("，")));
}
