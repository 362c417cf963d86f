// Two who wrote about one door: every fact in which they differ, mine and theirs, and what is sent after choosing.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { Building, DoorBody, NewName, PersonChange, State } from "./model.ts";
import { STATE } from "./words.ts";

/** What the server says stands there now (gis/people/door_form.py). */
export interface Theirs {
  readonly state?: State;
  readonly unit?: string;
  readonly floor?: number | null;
  readonly room?: string;
  readonly people?: Record<string, { phone?: string; left?: string }>;
  readonly namesakes?: number[];
}

/** A fact in dispute: its key, what it is called, and both sides in words. */
export interface Dispute {
  readonly key: string;
  readonly label: string;
  readonly mine: string;
  readonly theirs: string;
}

export function disputes(body: DoorBody, theirs: Theirs, building: Building): Dispute[] {
  const found: Dispute[] = [];
  const people = building.doors.flatMap((door) => door.people);
  const nameOf = (stay: string) => people.find((one) => String(one.stay) === stay)?.name ?? t("一位住户");
  if (theirs.state && body.state) found.push({ key: "state", label: t("居住状态"), mine: STATE[body.state], theirs: STATE[theirs.state] });
  if (theirs.room !== undefined && body.rename) found.push({ key: "name", label: t("室号"), mine: said(body.rename), theirs: said(theirs as NewName) });
  for (const [stay, facts] of Object.entries(theirs.people ?? {})) {
    const change = body.people?.find((one) => String(one.stay) === stay);
    if (change && facts.phone !== undefined)
      found.push({ key: `phone ${stay}`, label: t("{name} 的电话", { name: nameOf(stay) }), mine: change.phone || t("（空）"), theirs: facts.phone });
    if (change?.left && facts.left)
      found.push({ key: `left ${stay}`, label: t("{name} 的迁出日期", { name: nameOf(stay) }), mine: change.left, theirs: facts.left });
  }
  if (theirs.namesakes) {
    const names = (body.people ?? []).flatMap(({ add }) => (add ? [add.name] : [])).join("、");
    found.push({ key: "namesakes", label: t("同名住户：{names}", { names }), mine: t("是另一个人，继续登记"), theirs: t("是同一个人，不再登记") });
  }
  return found;
}

function said({ unit, floor, room }: NewName): string {
  return [unit && t("{unit}单元", { unit }), floor !== null && floor !== undefined && t("{floor} 层", { floor }), room].filter(Boolean).join(" ");
}

/** Mine, knowing theirs, without the facts in which theirs was chosen. */
export function resolved(body: DoorBody, theirs: Theirs, chosen: ReadonlySet<string>): DoorBody {
  const next: DoorBody = { ...body, people: (body.people ?? []).map((change) => ({ ...change })) };
  if (theirs.state) {
    if (chosen.has("state")) delete next.state;
    next.was = theirs.state;
  }
  if (theirs.room !== undefined) {
    if (chosen.has("name")) delete next.rename;
    next.named = { unit: theirs.unit ?? "", floor: theirs.floor ?? null, room: theirs.room };
  }
  next.people = next.people!.flatMap((change) => settled(change, theirs, chosen));
  return next;
}

function settled(change: PersonChange, theirs: Theirs, chosen: ReadonlySet<string>): PersonChange[] {
  if (change.add) return theirs.namesakes ? (chosen.has("namesakes") ? [] : [{ ...change, another: true }]) : [change];
  const facts = theirs.people?.[String(change.stay)];
  if (!facts) return [change];
  const next = { ...change };
  if (facts.phone !== undefined) {
    next.was = facts.phone.replace(/^\*+|–/g, "");
    if (chosen.has(`phone ${change.stay}`)) delete next.phone;
  }
  if (facts.left) {
    next.was_left = facts.left;
    if (chosen.has(`left ${change.stay}`)) delete next.left;
  }
  return [next];
}

/** The choice on the screen; `chosen()` tells the facts in which theirs is taken. */
export function choosing(all: Dispute[]): { element: HTMLElement; chosen: () => Set<string> } {
  const side = (key: string, value: string, words: string, checked: boolean) =>
    make("label", { class: "choice" }, make("input", { type: "radio", name: `side ${key}`, value, checked }), make("span", {}, words));
  const parts = all.map(({ key, label, mine, theirs }) =>
    make(
      "fieldset",
      { class: "compare-field" },
      make("legend", {}, label),
      side(key, "mine", t("我写的：{what}", { what: mine }), true),
      side(key, "theirs", t("别人已保存：{what}", { what: theirs }), false),
    ),
  );
  const why = make("p", {}, t("在您保存之前，别人更改了同一户。请逐项选择保留哪一边，再保存。"));
  const element = make("section", { class: "notice warn", role: "alert" }, make("h2", {}, t("两边不一致")), why, ...parts);
  const chosen = () =>
    new Set(all.map(({ key }) => key).filter((key) => element.querySelector<HTMLInputElement>(`input[name="side ${key}"]:checked`)?.value === "theirs"));
  return { element, chosen };
}
