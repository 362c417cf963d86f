// New doors: a floor, a copied unit, a single door, or a building's first. What will be added is shown before saving.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { Building } from "./model.ts";
import { byUnit, floorsShown, nextUnit, planBuilding, planFloor, planUnit, goesOn, unitsOf } from "./plans.ts";
import { plainRoom, plainUnit } from "./numbering.ts";
import type { Placed } from "./storeys.ts";
import { field, input, select } from "./inputs.ts";

/** Keeps the doors that were shown; `kind` is that of the submission. */
export type Save = (kind: "floor" | "unit", doors: Placed[]) => void;

export function adding(building: Building, save: Save, single: { floor?: string; room?: string; unit?: string } = {}): HTMLElement {
  const there = building.doors.filter(({ state }) => state !== "gone");
  if (!there.length) return beginning(building, save);
  const panels = [
    panel(t("新增一户"), oneDoor(there, single, save), Boolean(single.room)),
    panel(t("新增楼层"), newFloor(there, save)),
    panel(t("复制单元"), newUnit(there, save)),
  ];
  return make("section", { class: "door-adding" }, make("h2", {}, t("新增户室")), ...panels);
}

function panel(title: string, form: HTMLElement, open = false): HTMLElement {
  return make("details", { class: "card", open }, make("summary", {}, title), form);
}

/** A building without any door: how many units, floors and doors. */
function beginning({ part }: Building, save: Save): HTMLElement {
  const units = input("number", "units", part.units ?? 1, { min: 0, max: 30 });
  const floors = input("number", "floors", part.floors ?? 1, { min: 1, max: 150 });
  const each = input("number", "each", 2, { min: 1, max: 99 });
  const plan = () => planBuilding(Number(units.value), Number(floors.value), Number(each.value));
  const fields = [field(t("单元数（没有单元填 0）"), units), field(t("层数"), floors), field(t("每个单元每层几户"), each)];
  const why = make("p", { class: "hint" }, t("这栋楼还没有登记户室。填写三个数，先看将新增哪些户，再保存；之后可以逐户更改。"));
  return make("section", { class: "card door-adding" }, make("h2", {}, t("开始登记")), why, planned(fields, plan, (doors) => save("unit", doors)));
}

function newFloor(there: Placed[], save: Save): HTMLElement {
  const floor = input("number", "floor", nextFloor(there), { min: -9, max: 200 });
  const plan = () => (Number(floor.value) ? planFloor(there, Number(floor.value)) : []);
  return planned([field(t("楼层（地下填 −1）"), floor)], plan, (doors) => save("floor", doors));
}

function nextFloor(there: Placed[]): number {
  return (floorsShown(there)[0] ?? 0) + 1;
}

function newUnit(there: Placed[], save: Save): HTMLElement {
  const units = unitsOf(there);
  const from = select("from", Object.fromEntries(units.map((unit) => [unit, unit ? t("{unit}单元", { unit }) : t("没有单元的户")])), units[units.length - 1]);
  const to = input("text", "to", nextUnit(there) || "1", { maxlength: 10 });
  const order = select("order", { same: t("各单元室号相同"), on: t("室号接着编") }, goesOn(there) ? "on" : "same");
  const plan = () => (to.value.trim() ? planUnit(there, from.value, plainUnit(to.value), order.value === "on") : []);
  const fields = [field(t("复制哪个单元"), from), field(t("新单元"), to), field(t("室号"), order)];
  return planned(fields, plan, (doors) => save("unit", doors));
}

function oneDoor(there: Placed[], { floor = "", room = "", unit }: { floor?: string; room?: string; unit?: string }, save: Save): HTMLElement {
  const units = unitsOf(there);
  const [inUnit, onFloor, named] = [
    input("text", "unit", unit ?? units[0] ?? "", { maxlength: 10 }),
    input("number", "floor", floor, { min: -9, max: 200 }),
    input("text", "room", room, { maxlength: 20 }),
  ];
  const plan = () => {
    const door = {
      unit: plainUnit(inUnit.value),
      floor: onFloor.value ? Number(onFloor.value) : null,
      room: plainRoom(named.value),
    };
    const taken = there.some((other) => other.unit === door.unit && other.room === door.room);
    return door.room && !taken ? [door] : [];
  };
  const fields = [field(t("单元（没有就不填）"), inUnit), field(t("楼层（不清楚就不填）"), onFloor), field(t("室号"), named)];
  return planned(fields, plan, (doors) => save("floor", doors));
}

/** Fields, what they would add, and the button that adds exactly that. */
function planned(fields: HTMLElement[], plan: () => Placed[], save: (doors: Placed[]) => void): HTMLFormElement {
  const shown = make("output", { class: "door-preview" });
  const button = make("button", { class: "button primary wide" });
  const form = make("form", { class: "stack" }, ...fields, shown, button);
  const renew = () => {
    const doors = plan();
    shown.textContent = doors.length ? t("将新增 {n} 户：{rooms}", { n: doors.length, rooms: inWords(doors) }) : t("没有可新增的户：室号看不出规律，或已登记。");
    button.textContent = doors.length ? t("新增 {n} 户", { n: doors.length }) : t("新增");
    button.disabled = !doors.length;
  };
  form.addEventListener("input", renew);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(plan());
  });
  renew();
  return form;
}

/** 701、702, or with units: 1、2单元各 701、702. */
function inWords(doors: Placed[]): string {
  const parts = byUnit(doors).map(([units, rooms]) => {
    if (units.length === 1) return units[0] ? t("{unit}单元 {rooms}", { unit: units[0], rooms }) : rooms;
    return t("{units}单元各 {rooms}", { units: units.join("、"), rooms });
  });
  return parts.join(t("；"));
}
