// A call at a door as it is sent. Names stand side by side, so that two versions of it can be compared name by name.
import { t } from "../../words.ts";
import { NoRoom } from "../outbox.ts";
import type { App } from "../view.ts";
import { askedLabels, shown } from "./asked.ts";
import type { DoorPart, Gap, PersonPart, VisitsPart } from "./part.ts";
import { remember } from "./recorded.ts";
import { doorName, needName, OUTCOMES } from "./saying.ts";

export type Body = Record<string, unknown>;

/** What the form says of a call: which people (all, where left out) and the answers by name. */
export interface Told {
  readonly outcome: string;
  readonly way?: string;
  readonly found?: string;
  readonly note?: string;
  readonly people?: readonly number[];
  readonly answers?: Readonly<Record<string, string | boolean>>;
}

/** The name under which the answer to a question is sent. */
export function nameOf(person: PersonPart, gap: Gap): string {
  return gap.field === "need" ? `need:${person.id}:${gap.tag}` : `${gap.field}:${person.id}`;
}

export function bodyOf(door: DoorPart, told: Told, part: VisitsPart): Body {
  const people = door.people.filter(({ id }) => told.people?.includes(id) ?? true);
  const base: Body = { ...(door.asksState ? { state: door.state } : {}), ...shown(door, part) };
  for (const person of people)
    for (const gap of person.gaps) base[nameOf(person, gap)] = gap.field === "need" ? true : gap.was;
  return {
    dwelling: door.id,
    outcome: told.outcome,
    way: told.way ?? "door",
    ...(told.found ? { found: told.found } : {}),
    ...(told.note ? { note: told.note } : {}),
    ...Object.fromEntries(people.map(({ id }) => [`lives:${id}`, true])),
    ...told.answers,
    base,
  };
}

/** Words for the names of a body, and for values that are codes (`name=value`). */
export function labelsOf(door: DoorPart, part: VisitsPart): Record<string, string> {
  const labels: Record<string, string> = { outcome: t("结果"), note: t("备注"), state: t("居住状态") };
  for (const [code, name] of part.states) labels[`state=${code}`] = name;
  for (const [code, name] of Object.entries(OUTCOMES)) labels[`outcome=${code}`] = name;
  for (const person of door.people) {
    labels[`lives:${person.id}`] = t("{name}：在此居住", { name: person.name });
    labels[`born:${person.id}`] = t("{name}：出生日期", { name: person.name });
    labels[`phone:${person.id}`] = t("{name}：电话", { name: person.name });
    labels[`relation:${person.id}`] = t("{name}：与户主关系", { name: person.name });
    for (const [code, name] of Object.entries(part.relations)) labels[`relation:${person.id}=${code}`] = name;
    for (const tag of person.tags) labels[`need:${person.id}:${tag}`] = t("{name}：{need}", { name: person.name, need: needName(tag, part) });
    for (const name of [`lives:${person.id}`, ...person.tags.map((tag) => `need:${person.id}:${tag}`)]) {
      labels[`${name}=true`] = t("是");
      labels[`${name}=false`] = t("否");
    }
  }
  return { ...labels, ...askedLabels(door, part) };
}

/** Keep a call to be sent; false where the phone is full, which is said. `item`: the one that is written anew. */
export async function record(door: DoorPart, told: Told, part: VisitsPart, app: App, item: string | null = null): Promise<boolean> {
  const body = bodyOf(door, told, part);
  const telling = { title: doorName(door, part), edit: `#day/visit/${door.id}`, labels: labelsOf(door, part) };
  try {
    if (item) await app.outbox.rewrite(item, body, undefined, telling);
    else await app.outbox.add("visit", body, [], telling);
    remember(door.id);
    return true;
  } catch (error) {
    app.say(error instanceof NoRoom ? t("手机空间已满，没有保存。请腾出空间后再试。") : t("没有保存，请再试一次。"));
    return false;
  }
}
