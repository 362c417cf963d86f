// How a visit is put into words.
import { t } from "../../words.ts";
import type { DoorPart, PersonPart, VisitsPart } from "./part.ts";
import { daysBetween, type DoorDue } from "./plan.ts";

export const OUTCOMES: Readonly<Record<string, string>> = {
  met: t("已见到"),
  no_answer: t("无人应答"),
  refused: t("谢绝走访"),
  moved: t("已搬走"),
};

export const FOUND: Readonly<Record<string, string>> = { well: t("一切正常"), changed: t("情况有变"), help: t("需要帮助") };

/** 甲、乙 in Chinese, A, B elsewhere. */
export function listed(words: readonly string[]): string {
  return words.join(document.documentElement.lang.startsWith("zh") ? "、" : ", ");
}

/** 2026-11-23 in the reader's way. */
export function dayName(day: string): string {
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, { month: "short", day: "numeric", timeZone: "UTC" }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

export function howLate({ urgency, due, on }: DoorDue, today: string): string {
  if (urgency === "late") return t("逾期 {n} 天", { n: daysBetween(due, today) });
  if (urgency === "today") return t("今天到期");
  return due < on ? t("{day}再去（曾无人应答）", { day: dayName(on) }) : t("{day}到期", { day: dayName(on) });
}

export function doorName(door: DoorPart, part: VisitsPart): string {
  return `${part.buildings[door.building]?.label ?? ""} ${door.label}`.trim();
}

/** 80 岁 女 户主 */
export function aboutPerson(person: PersonPart, part: VisitsPart): string {
  const sex = { "1": t("男"), "2": t("女") }[person.sex] ?? "";
  const age = person.age === null ? "" : t("{n} 岁", { n: person.age });
  return [sex, age, part.relations[person.relation] ?? ""].filter(Boolean).join(" · ");
}

/** The name of a need without what its code table adds in brackets. */
export function needName(tag: string, part: VisitsPart): string {
  return (part.needs[tag] ?? tag).replace(/[（(].*$/, "").trim();
}
