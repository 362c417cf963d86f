// How a door and its people are said.
import { t } from "../../words.ts";
import type { Door, Due, Person, Standing, State } from "./model.ts";
import { dueOf, needed, standing } from "./model.ts";

export const STATE: Record<State, string> = {
  unknown: t("未知"),
  occupied: t("住人"),
  empty: t("空置"),
  rented: t("出租"),
  gone: t("已拆并"),
};
export const STANDING: Record<Standing, string> = {
  verified: t("已核实"),
  no_answer: t("无人应答"),
  refused: t("拒绝登记"),
  unverified: t("未核实"),
};
export const DUE: Record<Due, string> = { late: t("走访逾期"), today: t("今天该走访"), week: t("本周走访"), "": "" };
export const ANSWER: Record<string, string> = {
  answered: t("有人应答"),
  no_answer: t("无人应答"),
  refused: t("拒绝登记"),
};
export const POPULATION: Record<string, string> = {
  registered: t("户籍人口"),
  floating: t("流动人口"),
  left_behind: t("留守人员"),
  overseas: t("境外人员"),
};
export const SEX: Record<string, string> = { "1": t("男"), "2": t("女"), "0": t("不详") };

/** Path data of 16 × 16 line signs. */
const SIGN: Record<string, string> = {
  verified: "M2.5 8.5 6 12l7.5-8",
  no_answer: "M3 3l10 10M8 2.5A5.5 5.5 0 1 0 8 13.5 5.5 5.5 0 0 0 8 2.5",
  refused: "M3 3h10v10H3zM5.5 8h5",
  due: "M8 2.5A5.5 5.5 0 1 0 8 13.5 5.5 5.5 0 0 0 8 2.5M8 5v3.2L10.3 10",
  need: "M8 13 2.8 7.9a3 3 0 0 1 4.3-4.2L8 4.6l.9-.9a3 3 0 0 1 4.3 4.2z",
  waiting: "M8 13V4m-3.5 3.5L8 4l3.5 3.5",
  troubled: "M8 2.5v7M8 12.6v.9",
};

export function sign(name: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `door-sign is-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SIGN[name]);
  svg.append(path);
  return svg;
}

/** The signs a door carries, each with its words. */
export function signsOf(door: Door): [string, string][] {
  const stands = standing(door);
  const due = dueOf(door);
  const signs: [string, string][] = [];
  if (stands !== "unverified") signs.push([stands, STANDING[stands]]);
  if (due) signs.push(["due", DUE[due]]);
  if (needed(door)) signs.push(["need", t("有服务需求")]);
  if (door.pending === "waiting") signs.push(["waiting", t("等待发送")]);
  if (door.pending === "troubled") signs.push(["troubled", t("未被接受，请修改")]);
  return signs;
}

export const SIGNS: [string, string][] = [
  ["verified", STANDING.verified],
  ["no_answer", STANDING.no_answer],
  ["refused", STANDING.refused],
  ["due", t("到期走访")],
  ["need", t("有服务需求")],
  ["waiting", t("等待发送")],
];

/** Everything a door's tile shows, for those who listen. */
export function saidOf(door: Door): string {
  return [STATE[door.state], ...(standing(door) === "unverified" ? [STANDING.unverified] : []), ...signsOf(door).map(([, words]) => words)].join(t("，"));
}

/** 妻 · 女 · 34岁 · 户籍人口 */
export function factsOf(person: Person): string {
  const age = person.age === null ? "" : t("{n} 岁", { n: person.age });
  const population = POPULATION[person.population] ?? person.population;
  return [person.relation, SEX[person.sex] ?? SEX["0"], age, population].filter(Boolean).join(" · ");
}
