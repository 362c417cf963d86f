// The form of one door: who answered, what was found, who lives there.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { WholeItem } from "../outbox.ts";
import { chosenIn, field, input, segments, select } from "./inputs.ts";
import { nameOf, standing, type Answer, type Building, type Door, type DoorBody, type NewName, type State } from "./model.ts";
import { plainRoom, plainUnit } from "./numbering.ts";
import { newcomerCard, personCard, told, type PersonPart } from "./people.ts";
import { choosing, disputes, resolved, type Theirs } from "./sides.ts";
import { ANSWER, STANDING, STATE } from "./words.ts";

export interface Saved {
  readonly body: DoorBody;
  /** Go on to the next unverified door. */
  readonly next: boolean;
}

/** `item` is one that was written before and is edited; `save` is given what to send. */
export function doorForm(building: Building, door: Door, item: WholeItem | null, save: (saved: Saved) => void): HTMLElement {
  const old = (item?.body ?? {}) as Partial<DoorBody>;
  const form = make("form", { class: "door-form", novalidate: true });
  const answer = segments("answer", t("有人应答吗"), ANSWER, old.answer ?? "");
  const { unknown, occupied, rented, empty } = STATE;
  const state = segments("state", t("居住状态"), { occupied, rented, empty, unknown }, old.state ?? door.state);
  const people = peoplePart(building, door, old);
  const more = morePart(door, old);
  const trouble = make("p", { class: "notice error", role: "alert", hidden: true });
  const sides = sidesPart(building, item, old);
  const said = item?.problem && !sides ? [problem(item)] : [];
  form.append(...said, ...(sides ? [sides.element] : []), answer, state, people.element, more.element, trouble, buttons());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = bodyOf(building, door, form, people, more, old);
    const fault = people.fault() || (changesNothing(body) ? t("还没有填写任何内容。") : "");
    trouble.hidden = !fault;
    trouble.textContent = fault;
    if (fault) return trouble.scrollIntoView({ block: "center" });
    const theirs = (item?.problem?.theirs ?? {}) as Theirs;
    const sent = sides ? resolved(body, theirs, sides.chosen()) : body;
    save({ body: sent, next: (event as SubmitEvent).submitter?.getAttribute("value") === "next" });
  });
  return form;
}

function sidesPart(building: Building, item: WholeItem | null, old: Partial<DoorBody>): ReturnType<typeof choosing> | null {
  const theirs = item?.state === "conflict" ? (item.problem?.theirs as Theirs | undefined) : undefined;
  const all = theirs ? disputes(old as DoorBody, theirs, building) : [];
  return all.length ? choosing(all) : null;
}

function problem({ problem }: WholeItem): HTMLElement {
  const fields = Object.values(problem?.fields ?? {}).map((why) => make("li", {}, why));
  return make("div", { class: "notice error", role: "alert" }, make("p", {}, `${problem?.error ?? ""} ${problem?.fix ?? ""}`), make("ul", {}, ...fields));
}

function buttons(): HTMLElement {
  return make(
    "div",
    { class: "door-save" },
    make("button", { class: "button", value: "stay" }, t("保存")),
    make("button", { class: "button primary", value: "next" }, t("保存，下一户")),
  );
}

interface PeoplePart {
  readonly element: HTMLElement;
  changes(): NonNullable<DoorBody["people"]>;
  fault(): string;
}

function peoplePart(building: Building, door: Door, old: Partial<DoorBody>): PeoplePart {
  const parts = new Set<PersonPart>();
  const known = door.people.filter(({ stay }) => stay !== 0);
  const cards = known.map((person) => personCard(person, old.people?.find((change) => change.stay === person.stay), `#life/${building.part.id}/${person.resident}`));
  cards.forEach((card) => parts.add(card));
  const waiting = door.people.filter(({ stay }) => stay === 0).map((person) => make("article", { class: "card door-person" }, ...told(person), make("p", {}, t("等待发送"))));
  const fresh = make("div", {});
  const add = (written?: NonNullable<DoorBody["people"]>[number]) => {
    const card: PersonPart = newcomerCard(building, written, () => {
      card.element.remove();
      parts.delete(card);
    });
    parts.add(card);
    fresh.append(card.element);
    return card;
  };
  const again = old.people?.filter((change) => change.add) ?? [];
  again.forEach(add);
  const more = make("button", { class: "button wide", type: "button" }, t("登记新住户"));
  more.addEventListener("click", () => add().element.querySelector("input")?.focus());
  const all = make("button", { class: "button", type: "button", hidden: known.length < 2 }, t("全部仍住这里"));
  all.addEventListener("click", () => cards.forEach(({ element }) => element.querySelector<HTMLInputElement>('input[value="stays"]')?.click()));
  const head = make("div", { class: "door-people-head" }, make("h2", {}, t("住户")), all);
  const nobody = door.people.length ? [] : [make("p", { class: "hint" }, t("这一户没有登记的住户。"))];
  const shown = again.length ? [] : waiting; // those being edited stand in their own forms
  return {
    element: make("section", {}, head, ...nobody, ...cards.map(({ element }) => element), ...shown, fresh, more),
    changes: () => [...parts].flatMap((part) => part.change() ?? []),
    fault: () => [...parts].map((part) => part.fault()).find(Boolean) ?? "",
  };
}

interface MorePart {
  readonly element: HTMLElement;
  name(): NewName;
  end(): string;
}

function morePart(door: Door, old: Partial<DoorBody>): MorePart {
  const now = old.rename ?? door;
  const [unit, floor, room] = [
    input("text", "unit", now.unit, { maxlength: 10 }),
    input("number", "floor", now.floor ?? "", { min: -9, max: 200 }),
    input("text", "room", now.room, { maxlength: 20 }),
  ];
  const end = select("end", { "": t("还在"), demolished: t("已拆除"), merged: t("已并入别的户") }, old.end);
  const fields = [field(t("单元"), unit), field(t("楼层"), floor), field(t("室号"), room), field(t("这一户"), end)];
  return {
    element: make("details", { class: "card", open: Boolean(old.rename || old.end) }, make("summary", {}, t("更改室号、拆除或合并")), make("div", { class: "stack" }, ...fields)),
    name: () => ({ unit: plainUnit(unit.value), floor: floor.value ? Number(floor.value) : null, room: plainRoom(room.value) }),
    end: () => end.value,
  };
}

function bodyOf(building: Building, door: Door, form: HTMLElement, people: PeoplePart, more: MorePart, old: Partial<DoorBody>): DoorBody {
  const body: DoorBody = { building: building.part.id, door: old.door ?? nameOf(door) };
  const [answer, state, name] = [chosenIn(form, "answer") as Answer, chosenIn(form, "state") as State, more.name()];
  const before = old.was ?? door.state;
  if (answer) body.answer = answer;
  if (state && (answer || state !== before)) Object.assign(body, { state, was: before });
  if (name.room && (name.unit !== door.unit || name.floor !== door.floor || name.room !== door.room || old.rename))
    Object.assign(body, { rename: name, named: old.named ?? { unit: door.unit, floor: door.floor, room: door.room } });
  if (more.end()) body.end = more.end();
  const changes = people.changes();
  if (changes.length) body.people = changes;
  return body;
}

function changesNothing(body: DoorBody): boolean {
  return Object.keys(body).length <= 2;
}

/** When a door was verified and tried, in words. */
export function historyOf(door: Door): string {
  const verified = door.verified ? t("上次核实 {day}", { day: door.verified }) : t("从未核实");
  const tried = door.tried && door.tried !== door.verified ? t("上次走访 {day}：{answer}", { day: door.tried, answer: ANSWER[door.answer] ?? "" }) : "";
  return [STANDING[standing(door)], verified, tried].filter(Boolean).join(" · ");
}

/** A door for a reader who may not write: what is known, and nothing to fill in. */
export function doorRecord(building: Building, door: Door): HTMLElement {
  const people = door.people.map((person) => make("article", { class: "card door-person" }, ...told(person)));
  const nobody = building.seesPeople ? t("这一户没有登记的住户。") : t("您的角色不显示住户。");
  return make("section", {}, make("p", {}, STATE[door.state]), ...(people.length ? people : [make("p", { class: "hint" }, nobody)]));
}

