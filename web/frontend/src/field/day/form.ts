// The form of one call: filled in with what is known, asking only for what is not. A call nobody answered is one tap.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { fillAsItComes } from "../arriving.ts";
import type { WholeItem } from "../outbox.ts";
import type { App } from "../view.ts";
import { answersTo, asked, furtherCards, savedLine, whyGap } from "./asked.ts";
import { nothingYet } from "./nothing.ts";
import type { DoorPart, Gap, PersonPart, VisitsPart } from "./part.ts";
import { doorDue, planWalk, todayOf } from "./plan.ts";
import { readRecorded } from "./recorded.ts";
import { aboutPerson, dayName, doorName, FOUND, howLate, listed, needName, OUTCOMES } from "./saying.ts";
import { nameOf, record } from "./sending.ts";

export function showForm(root: HTMLElement, id: number, app: App, itemId: string | null): () => void {
  return fillAsItComes(root, app, () => contents(id, app, itemId));
}

async function contents(id: number, app: App, itemId: string | null): Promise<HTMLElement[]> {
  const [part, area, item] = await Promise.all([app.pack.get("visits"), app.pack.area(), itemId ? app.outbox.get(itemId) : null]);
  const door = part?.doors.find((one) => one.id === id);
  if (!part) return [make("h1", {}, t("走访")), nothingYet(app, area)];
  if (!door) return gone();
  const form = make("form", { class: "visit-form", "data-door": door.id, novalidate: true });
  form.append(...head(door, part), ...outcomes(door, part, app, item), met(door, part, item), ...feet(item));
  showOrHide(form);
  form.addEventListener("change", () => showOrHide(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void save(form, door, part, app, item);
  });
  return [form];
}

function gone(): HTMLElement[] {
  return [
    make("h1", {}, t("走访")),
    make("p", { class: "notice warn" }, t("这一户不在走访名单里：可能已有人走访，或住户有变化。")),
    make("p", {}, make("a", { class: "button", href: "#day" }, t("返回今天"))),
  ];
}

function head(door: DoorPart, part: VisitsPart): HTMLElement[] {
  const today = todayOf(new Date());
  return [
    make("p", {}, make("a", { href: "#day" }, `‹ ${t("今天")}`)),
    make("h1", {}, doorName(door, part)),
    make("p", { class: "hint" }, howLate(doorDue(door, today, part.retryAfter), today)),
    ...[savedLine(door, part)].filter(Boolean).map((line) => make("p", { class: "asked-saved" }, line)),
  ];
}

function outcomes(door: DoorPart, part: VisitsPart, app: App, item: WholeItem | null): HTMLElement[] {
  const now = make("button", { class: "button wide", type: "button" }, t("无人应答，下一户"));
  now.addEventListener("click", async () => {
    now.disabled = true;
    if (await record(door, { outcome: "no_answer", way: wayOf(now.form) }, part, app, item?.uuid)) await goOn(app, part, door);
    now.disabled = false;
  });
  const kept = String(item?.body.outcome ?? "met");
  const choices = Object.entries(OUTCOMES).filter(([code]) => code !== "no_answer" || item);
  return [
    now,
    choice("way", t("方式"), [["door", t("上门")], ["phone", t("电话")]], String(item?.body.way ?? "door")),
    choice("outcome", t("结果"), choices, kept),
  ];
}

function wayOf(form: HTMLFormElement | null): string {
  return form ? String(new FormData(form).get("way") ?? "door") : "door";
}

function choice(name: string, legend: string, values: readonly (readonly [string, string])[], chosen: string): HTMLElement {
  const set = make("fieldset", { class: "visit-choice" }, make("legend", {}, legend));
  for (const [value, word] of values)
    set.append(make("label", { class: "visit-option" }, make("input", { type: "radio", name, value, checked: value === chosen }), make("span", {}, word)));
  return set;
}

/** The people, and what is asked once somebody was met. */
function met(door: DoorPart, part: VisitsPart, item: WholeItem | null): HTMLElement {
  const box = make("div", {});
  for (const person of door.people) box.append(personCard(person, door, part, item));
  box.append(...furtherCards(door, part, item).map(ifMet));
  if (door.asksState) box.append(ifMet(choice("state", t("这一户现在"), part.states, String(item?.body.state ?? ""))));
  box.append(ifMet(choice("found", t("情况"), Object.entries(FOUND), String(item?.body.found ?? "well"))));
  const note = make("textarea", { id: "visit-note", name: "note", maxlength: 200, rows: 2 });
  note.value = String(item?.body.note ?? "");
  box.append(make("div", { class: "visit-field" }, make("label", { for: "visit-note" }, t("备注（可不填）")), note));
  return box;
}

function ifMet<Kind extends HTMLElement>(element: Kind): Kind {
  element.dataset.met = "";
  return element;
}

function personCard(person: PersonPart, door: DoorPart, part: VisitsPart, item: WholeItem | null): HTMLElement {
  const called = item ? item.body[`lives:${person.id}`] === true : true;
  const check = make("input", { type: "checkbox", name: "person", value: person.id, checked: called });
  const title = make("label", { class: "visit-person" }, check, make("b", {}, person.name), make("span", { class: "hint" }, aboutPerson(person, part)));
  const facts = [
    listed(person.tags.map((tag) => needName(tag, part))),
    person.phone ? t("电话尾号 {n}", { n: person.phone }) : "",
    person.met ? t("上次见到 {day}", { day: dayName(person.met) }) : t("还没有走访过"),
    person.tried ? t("{day} 去过，无人应答", { day: dayName(person.tried) }) : "",
  ].filter(Boolean);
  const card = make("section", { class: "card visit-card" }, door.people.length > 1 ? title : single(title, check), make("p", { class: "hint" }, facts.join(" · ")));
  const further = asked(`p${person.id}`, door, part, item);
  if (person.gaps.length || further.length) {
    const box = ifMet(make("div", { class: "visit-gaps", "data-person": person.id }));
    const needs = person.gaps.filter(({ field }) => field === "need");
    if (needs.length) box.append(...stillNeeded(person, needs, part, item));
    for (const gap of person.gaps.filter(({ field }) => field !== "need")) box.append(question(person, gap, door, part, item));
    box.append(...further);
    card.append(box);
  }
  return card;
}

/** One person at the door: nothing to tick. */
function single(title: HTMLElement, check: HTMLInputElement): HTMLElement {
  check.checked = true;
  check.hidden = true;
  return title;
}

/** One tap where all needs are there still; which are not is asked only then. */
function stillNeeded(person: PersonPart, gaps: readonly Gap[], part: VisitsPart, item: WholeItem | null): HTMLElement[] {
  const kept = gaps.map((gap) => item?.body[nameOf(person, gap)]);
  const said = kept.includes(false) ? "some" : kept.includes(true) ? "all" : "";
  const words = listed(gaps.map(({ tag }) => needName(tag, part)));
  const one = gaps.length === 1;
  const ask = choice(`needs:${person.id}`, t("还在吗：{needs}", { needs: words }), [["all", one ? t("还在") : t("都还在")], ["some", one ? t("不在了") : t("有的不在了")]], said);
  if (one) return [ask];
  const which = make("fieldset", { class: "visit-choice visit-ended", "data-ended": person.id }, make("legend", {}, t("哪些不在了")));
  gaps.forEach((gap, n) => {
    const check = make("input", { type: "checkbox", name: `ended:${person.id}`, value: gap.tag, checked: kept[n] === false });
    which.append(make("label", { class: "visit-option" }, check, make("span", {}, needName(gap.tag, part))));
  });
  return [ask, which];
}

function question(person: PersonPart, gap: Gap, door: DoorPart, part: VisitsPart, item: WholeItem | null): HTMLElement {
  const name = nameOf(person, gap);
  const kept = item?.body[name];
  const trouble = item?.problem?.fields?.[name];
  const id = `visit-${name.replace(":", "-")}`;
  const words = { born: t("出生日期未登记"), phone: t("电话未登记"), number: t("孩子的身份证号未登记"), relation: t("与户主关系未登记"), need: "" }[gap.field];
  const input = entry(gap, id, name, part);
  input.value = typeof kept === "string" ? kept : "";
  const reason = whyGap(person, gap.field, door, part);
  const field = make("div", { class: "visit-field" }, make("label", { for: id }, words), input);
  if (reason) field.append(make("p", { class: "hint asked-why" }, reason));
  if (trouble) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${id}-error`);
    field.append(make("p", { class: "field-error", id: `${id}-error` }, trouble));
  }
  return field;
}

function entry(gap: Gap, id: string, name: string, part: VisitsPart): HTMLInputElement | HTMLSelectElement {
  if (gap.field === "born") return make("input", { type: "date", id, name, min: "1890-01-01", max: todayOf(new Date()) });
  if (gap.field === "phone") return make("input", { type: "tel", id, name, maxlength: 20, autocomplete: "off" });
  if (gap.field === "number") return make("input", { type: "text", id, name, maxlength: 30, autocomplete: "off", autocapitalize: "characters" });
  const names = Object.entries(part.relations);
  return make("select", { id, name }, make("option", { value: "" }, t("不清楚")), ...names.map(([code, word]) => make("option", { value: code }, word)));
}

function feet(item: WholeItem | null): HTMLElement[] {
  const trouble = item?.problem;
  const said = trouble ? [make("p", { class: "notice error", role: "alert" }, make("strong", {}, trouble.error), ` ${trouble.fix}`)] : [];
  return [...said, make("div", { class: "visit-feet" }, make("button", { class: "button primary wide" }, item ? t("保存") : t("保存，下一户")))];
}

/** What only concerns a meeting is asked only then, and of those who were met. */
function showOrHide(form: HTMLFormElement): void {
  const told = new FormData(form);
  const isMet = told.get("outcome") === "met";
  const called = new Set(told.getAll("person"));
  for (const element of form.querySelectorAll<HTMLElement>("[data-met]")) {
    const { person } = element.dataset;
    element.hidden = !isMet || (person !== undefined && !called.has(person));
  }
  for (const element of form.querySelectorAll<HTMLElement>("[data-ended]"))
    element.hidden = told.get(`needs:${element.dataset.ended}`) !== "some";
}

async function save(form: HTMLFormElement, door: DoorPart, part: VisitsPart, app: App, item: WholeItem | null): Promise<void> {
  const told = new FormData(form);
  const people = told.getAll("person").map(Number);
  if (!people.length) return app.say(t("请至少勾选一个人。"));
  const outcome = String(told.get("outcome"));
  const answers = outcome === "met" ? { ...answersOf(told, door, people), ...answersTo(told, door, part, people) } : {};
  const more = outcome === "met" ? { found: String(told.get("found") ?? "") } : {};
  const call = { outcome, way: String(told.get("way")), note: String(told.get("note") ?? "").trim(), people, answers, ...more };
  const button = form.querySelector<HTMLButtonElement>(".visit-feet button");
  if (button) button.disabled = true;
  if (await record(door, call, part, app, item?.uuid)) await (item ? app.go("#waiting") : goOn(app, part, door));
  if (button) button.disabled = false;
}

function answersOf(told: FormData, door: DoorPart, people: readonly number[]): Record<string, string | boolean> {
  const answers: Record<string, string | boolean> = {};
  for (const person of door.people.filter(({ id }) => people.includes(id))) {
    const needs = person.gaps.filter(({ field }) => field === "need");
    const all = told.get(`needs:${person.id}`);
    const ended = new Set(needs.length === 1 ? needs.map(({ tag }) => tag) : told.getAll(`ended:${person.id}`));
    if (all) for (const gap of needs) answers[nameOf(person, gap)] = all === "all" || !ended.has(gap.tag);
    for (const gap of person.gaps.filter(({ field }) => field !== "need")) {
      const said = String(told.get(nameOf(person, gap)) ?? "").trim();
      if (said) answers[nameOf(person, gap)] = said;
    }
  }
  const state = String(told.get("state") ?? "");
  return state ? { ...answers, state } : answers;
}

/** On to the next door of the walk from this one, as it stands now. */
async function goOn(app: App, part: VisitsPart, from: DoorPart): Promise<void> {
  const { done } = await readRecorded(app);
  const start = part.buildings[from.building]?.at ?? null;
  const walk = planWalk(part, { done: new Set([...done, from.id]), filter: "today", now: new Date(), start });
  const here = walk.stops.find(({ building }) => building === from.building);
  const next = (here?.doors.length ? here : walk.stops.find(({ doors }) => doors.length))?.doors[0];
  app.say(next ? t("已保存。下一户：{door}。", { door: doorName(next.door, part) }) : t("已保存。今天要走访的都走完了。"));
  app.go(next ? `#day/visit/${next.door.id}` : "#day");
}
