// The one form of a door: what the forms of all departments ask there, each question once, with why it is asked.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { WholeItem } from "../outbox.ts";
import type { AskedField, DoorPart, PersonPart, VisitsPart } from "./part.ts";

/** A field as it is asked of one subject: p12 a person, h3 a household, d45 the home. */
export interface Question {
  readonly field: AskedField;
  readonly subject: string;
  readonly was: string;
  readonly name: string;
}

/** More options than these are a list to unfold. */
const MOST_BUTTONS = 4;

export function questionsAt(door: DoorPart, part: VisitsPart): Question[] {
  const rows = part.forms?.asks[door.id] ?? [];
  return rows.flatMap(([number, subject, was]) => {
    const field = part.forms?.fields[number];
    return field ? [{ field, subject, was, name: `fact:${field.code}:${subject}` }] : [];
  });
}

/** What the visit's own questions ask anyway. */
function isAskedAlready({ field, subject }: Question, door: DoorPart): boolean {
  if (!field.gap) return false;
  if (field.gap === "state") return true;
  const person = door.people.find(({ id }) => `p${id}` === subject);
  return Boolean(person?.gaps.some((gap) => gap.field === field.gap || gap.tag === field.gap));
}

/** The questions that are asked beside the visit's own. */
export function furtherQuestions(door: DoorPart, part: VisitsPart): Question[] {
  return questionsAt(door, part).filter((one) => !isAskedAlready(one, door));
}

/** Why one of the visit's own questions is asked: the forms that want it too. */
export function whyGap(person: PersonPart, gap: string, door: DoorPart, part: VisitsPart): string {
  const found = questionsAt(door, part).find(({ field, subject }) => subject === `p${person.id}` && field.gap === gap);
  return found ? why(found.field) : "";
}

export function why(field: AskedField): string {
  return t("用于 {forms}", { forms: field.why.join(t("、")) });
}

/** How much the one form saves at this door. */
export function savedLine(door: DoorPart, part: VisitsPart): string {
  const [forms = 0, wanted = 0, known = 0] = part.forms?.counts[door.id] ?? [];
  const asked = questionsAt(door, part).length;
  return forms ? t("{forms} 张表单合成一张：{wanted} 项中已知 {known} 项，只问 {asked} 项。", { forms, wanted, known, asked }) : "";
}

/** The questions about one subject, as fields of the form. */
export function asked(subject: string, door: DoorPart, part: VisitsPart, item: WholeItem | null): HTMLElement[] {
  return furtherQuestions(door, part).filter((one) => one.subject === subject).map((one) => question(one, item));
}

function question(one: Question, item: WholeItem | null): HTMLElement {
  const kept = item?.body[one.name];
  const value = typeof kept === "string" ? kept : isPrefilled(one) ? one.was : "";
  const id = `ask-${one.name.replaceAll(":", "-")}`;
  const trouble = item?.problem?.fields?.[one.name];
  const parts = [make("p", { class: "hint asked-why", id: `${id}-why` }, why(one.field)), ...(trouble ? [make("p", { class: "field-error", id: `${id}-error` }, trouble)] : [])];
  const told = trouble ? `${id}-why ${id}-error` : `${id}-why`;
  const options = optionsOf(one.field);
  if (options.length && options.length <= MOST_BUTTONS) {
    const set = make("fieldset", { class: "visit-choice asked", "aria-describedby": told }, make("legend", {}, one.field.name));
    for (const [code, word] of options)
      set.append(make("label", { class: "visit-option" }, make("input", { type: "radio", name: one.name, value: code, checked: code === value }), make("span", {}, word)));
    set.append(...parts);
    return set;
  }
  const input = entry(one, id, options);
  input.value = value;
  input.setAttribute("aria-describedby", told);
  if (trouble) input.setAttribute("aria-invalid", "true");
  return make("div", { class: "visit-field asked" }, make("label", { for: id }, one.field.name), input, ...parts);
}

/** What grew old stands in the form, to be confirmed or corrected; what is masked cannot. */
function isPrefilled({ was }: Question): boolean {
  return !was.startsWith("*");
}

export function optionsOf(field: AskedField): readonly (readonly [string, string])[] {
  return field.kind === "yes_no" ? [["1", t("是")], ["0", t("否")]] : (field.options ?? []);
}

function entry(one: Question, id: string, options: readonly (readonly [string, string])[]): HTMLInputElement | HTMLSelectElement {
  const { name, field } = one;
  if (options.length) {
    const choices = options.map(([value, word]) => make("option", { value }, word));
    return make("select", { id, name }, make("option", { value: "" }, t("不清楚")), ...choices);
  }
  const placeholder = one.was && !isPrefilled(one) ? one.was : null;
  if (field.kind === "date") return make("input", { type: "date", id, name, min: "1890-01-01", max: "2199-12-31" });
  if (field.kind === "number") return make("input", { type: "text", inputmode: "decimal", id, name, maxlength: 18, autocomplete: "off", placeholder });
  return make("input", { type: field.gap === "phone" ? "tel" : "text", id, name, maxlength: 200, autocomplete: "off", placeholder });
}

/** Those who live there without being due, and the home itself. */
export function furtherCards(door: DoorPart, part: VisitsPart, item: WholeItem | null): HTMLElement[] {
  const people = (part.forms?.mates[door.id] ?? []).map(([id, name, relation]) => ({ title: relation ? `${name} · ${relation}` : name, subjects: [`p${id}`] }));
  const rest = [...new Set(furtherQuestions(door, part).map(({ subject }) => subject))].filter((subject) => !subject.startsWith("p"));
  const cards = [...people, { title: t("这一户"), subjects: rest }];
  return cards.flatMap(({ title, subjects }) => {
    const questions = subjects.flatMap((subject) => asked(subject, door, part, item));
    return questions.length ? [make("section", { class: "card visit-card" }, make("h2", { class: "asked-title" }, title), ...questions)] : [];
  });
}

/** Answers by name: of those who were called on, of the others at the door, of the home. */
export function answersTo(told: FormData, door: DoorPart, part: VisitsPart, people: readonly number[]): Record<string, string> {
  const away = new Set(door.people.filter(({ id }) => !people.includes(id)).map(({ id }) => `p${id}`));
  const answers: Record<string, string> = {};
  for (const one of furtherQuestions(door, part)) {
    const said = String(told.get(one.name) ?? "").trim();
    if (said && !away.has(one.subject)) answers[one.name] = said;
  }
  return answers;
}

/** What the form showed, by the names of the questions. */
export function shown(door: DoorPart, part: VisitsPart): Record<string, string> {
  return Object.fromEntries(furtherQuestions(door, part).map(({ name, was }) => [name, was]));
}

/** Words for the names of questions, and for values that are codes. */
export function askedLabels(door: DoorPart, part: VisitsPart): Record<string, string> {
  const names = new Map<string, string>(door.people.map(({ id, name }) => [`p${id}`, name]));
  for (const [id, name] of part.forms?.mates[door.id] ?? []) names.set(`p${id}`, name);
  const labels: Record<string, string> = {};
  for (const { field, subject, name } of furtherQuestions(door, part)) {
    labels[name] = `${names.get(subject) ?? t("这一户")}: ${field.name}`;
    for (const [value, word] of optionsOf(field)) labels[`${name}=${value}`] = word;
  }
  return labels;
}
