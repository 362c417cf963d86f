// The form of one life event: only what its kind needs.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { chosenIn, complain, field, input, segments, select } from "../doors/inputs.ts";
import { dayOf, doorName, nameOf, readBuilding, type Building, type Door, type Person } from "../doors/model.ts";
import { POPULATION, SEX } from "../doors/words.ts";
import type { WholeItem } from "../outbox.ts";
import type { App } from "../view.ts";
import { FAR, KIND } from "./words.ts";

export type Kind = "moved" | "left" | "died" | "born" | "split" | "joined" | "head" | "type" | "named";

/** Where the person lives and with whom. */
export interface Home {
  readonly building: Building;
  readonly door: Door;
  readonly person: Person;
  readonly mates: Person[];
  readonly app: App;
}

type Body = Record<string, unknown>;

/** A part of the form: what it shows, and what it adds to the body. */
interface Part {
  readonly elements: HTMLElement[];
  told(): Body;
}

const PARTS: Record<Kind, ((home: Home, old: Body) => Part)[]> = {
  moved: [door, relation, registration, along, head, reason],
  left: [far, registration, along, head, reason],
  died: [head],
  born: [child],
  split: [along, head],
  joined: [into, relation, along, reason],
  head: [],
  type: [population, reason],
  named: [naming],
};

/** `item` is one that was written before and is edited; `save` is given what to send. */
export function lifeForm(home: Home, kind: Kind, item: WholeItem | null, save: (body: Body) => void): HTMLFormElement {
  const old = item?.body ?? {};
  const on = input("date", "on", String(old.on ?? (kind === "born" ? "" : dayOf(new Date()))), { max: dayOf(new Date()), required: true });
  const parts = PARTS[kind].map((part) => part(home, old));
  const note = input("text", "note", String(old.note ?? ""), { maxlength: 100 });
  const form = make("form", { class: "life-form stack", novalidate: true }, make("h2", {}, KIND[kind]), ...trouble(item));
  const dated = field(kind === "born" ? t("出生日期") : t("日期"), on);
  form.append(dated, ...parts.flatMap(({ elements }) => elements), field(t("备注（可不填）"), note));
  form.append(make("div", { class: "door-save" }, make("button", { class: "button primary" }, t("保存"))));
  for (const [name, why] of Object.entries(item?.problem?.fields ?? {})) {
    const control = form.querySelector<HTMLElement>(`[name="${name}"]`);
    if (control) requestAnimationFrame(() => complain(control, why));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    complain(on, on.value ? "" : t("请填写日期。"));
    if (!on.value) return on.focus();
    const told = Object.assign({}, ...parts.map((part) => part.told())) as Body;
    const written = Object.entries({ ...told, note: note.value.trim() }).filter(([, value]) => value !== "" && value !== null && value !== undefined);
    save({ kind, on: on.value, ...Object.fromEntries(written) });
  });
  return form;
}

function trouble(item: WholeItem | null): HTMLElement[] {
  if (!item?.problem) return [];
  const { error, fix, fields } = item.problem;
  const whys = Object.values(fields ?? {}).map((why) => make("li", {}, why));
  return [make("div", { class: "notice error", role: "alert", tabindex: -1 }, make("p", {}, `${error} ${fix}`), make("ul", {}, ...whys))];
}

type Pair = readonly [string, string];

/** A list in the order given: an object would put its keys that look like numbers first. */
function listed(name: string, pairs: readonly Pair[], chosen: unknown): HTMLSelectElement {
  const value = String(chosen ?? "");
  return make("select", { name }, ...pairs.map(([code, words]) => make("option", { value: code, selected: code === value }, words)));
}

function byCode(names: Record<string, string>): Pair[] {
  return Object.entries(names).sort(([one], [other]) => (one < other ? -1 : 1));
}

function named(people: readonly Person[]): Pair[] {
  return people.map(({ resident, name }) => [String(resident), name]);
}

function door({ building, app }: Home, old: Body): Part {
  const to = (old.to ?? {}) as { building?: number; door?: number | [string, string] };
  const houses = make("select", { name: "to" }, make("option", { value: "" }, t("请选择")));
  const doors = make("select", { name: "door" });
  const renew = async (chosen = "") => {
    const found = houses.value ? await readBuilding(app, Number(houses.value)) : null;
    const there = found?.doors.filter(({ state }) => state !== "gone") ?? [];
    doors.replaceChildren(...there.map((one) => make("option", { value: JSON.stringify(nameOf(one)), selected: JSON.stringify(nameOf(one)) === chosen }, doorName(one))));
  };
  void app.pack.get("ground").then((ground) => {
    const sorted = [...(ground?.buildings ?? [])].sort((a, b) => a.label.localeCompare(b.label, "zh", { numeric: true }));
    houses.append(...sorted.map(({ id, label }) => make("option", { value: id, selected: id === (to.building ?? building.part.id) }, label)));
    void renew(JSON.stringify(to.door));
  });
  houses.addEventListener("change", () => void renew());
  return {
    elements: [field(t("搬到哪栋楼"), houses), field(t("搬到哪一户"), doors)],
    told: () => (houses.value && doors.value ? { to: { building: Number(houses.value), door: JSON.parse(doors.value) } } : {}),
  };
}

function far({ building }: Home, old: Body): Part {
  const where = select("far", FAR, String(old.far ?? ""));
  const areas = listed("to_area", [["", t("请选择")], ...(building.codes.elsewhere ?? [])], old.to_area);
  const place = input("text", "place", String(old.place ?? ""), { maxlength: 40 });
  const [areaField, placeField] = [field(t("去往的街道或社区"), areas), field(t("去往的城市或国家（不写详细地址）"), place)];
  const renew = () => {
    areaField.hidden = where.value !== "area";
    placeField.hidden = where.value !== "away" && where.value !== "abroad";
  };
  where.addEventListener("change", renew);
  renew();
  return {
    elements: [field(t("去向"), where), areaField, placeField],
    told: () => ({ far: where.value, to_area: areaField.hidden ? "" : areas.value, place: placeField.hidden ? "" : place.value.trim() }),
  };
}

function relation({ building }: Home, old: Body): Part {
  const chosen = listed("relation", [["", t("不清楚，以后询问")], ...byCode(building.codes.relation)], old.relation);
  return { elements: [field(t("在那里与户主的关系"), chosen)], told: () => ({ relation: chosen.value }) };
}

function registration(_home: Home, old: Body): Part {
  const set = segments("registration", t("户籍"), { stays: t("留在原处"), moves: t("一并迁走") }, String(old.registration ?? "stays"));
  return { elements: [set], told: () => ({ registration: chosenIn(set, "registration") }) };
}

function along({ mates }: Home, old: Body): Part {
  if (!mates.length) return { elements: [], told: () => ({}) };
  const before = new Set((old.along as number[] | undefined) ?? []);
  const boxes = mates.map(({ resident, name }) => make("label", { class: "choice" }, make("input", { type: "checkbox", name: "along", value: resident, checked: before.has(resident) }), make("span", {}, name)));
  const set = make("fieldset", { class: "life-along" }, make("legend", { class: "label" }, t("同行的人")), ...boxes);
  const ticked = () => [...set.querySelectorAll<HTMLInputElement>("input:checked")].map(({ value }) => Number(value));
  return { elements: [set], told: () => (ticked().length ? { along: ticked() } : {}) };
}

function head({ person, mates }: Home, old: Body): Part {
  const own = mates.filter(({ household }) => household && household === person.household);
  if (!own.length) return { elements: [], told: () => ({}) };
  const chosen = listed("head", [["", t("自动：配偶，其次年长的成年子女")], ...named(own)], old.head);
  return { elements: [field(t("留下的人中谁当户主（户主离开时）"), chosen)], told: () => (chosen.value ? { head: Number(chosen.value) } : {}) };
}

function into({ person, mates }: Home, old: Body): Part {
  const others = mates.filter(({ household }) => household && household !== person.household);
  const chosen = listed("into", named(others), old.into);
  return { elements: [field(t("并入谁的家庭"), chosen)], told: () => ({ into: Number(chosen.value) }) };
}

function reason({ building }: Home, old: Body): Part {
  const chosen = listed("reason", [["", t("不清楚")], ...byCode(building.codes.reason ?? {})], old.reason);
  return { elements: [field(t("原因"), chosen)], told: () => ({ reason: chosen.value }) };
}

function population({ person }: Home, old: Body): Part {
  const other = Object.fromEntries(Object.entries(POPULATION).filter(([code, name]) => code !== person.population && name !== person.population));
  const chosen = select("population", other, String(old.population ?? ""));
  return { elements: [field(t("改为"), chosen)], told: () => ({ population: chosen.value }) };
}

function naming(_home: Home, old: Body): Part {
  const name = input("text", "name", String(old.name ?? ""), { maxlength: 60 });
  return { elements: [field(t("新的姓名"), name)], told: () => ({ name: name.value.trim() }) };
}

function child(_home: Home, old: Body): Part {
  const name = input("text", "name", String(old.name ?? ""), { maxlength: 60 });
  const sex = segments("sex", t("性别"), { "1": SEX["1"], "2": SEX["2"] }, String(old.sex ?? ""));
  const number = input("text", "number", String(old.number ?? ""), { maxlength: 30, autocapitalize: "characters" });
  const another = make("input", { type: "checkbox", name: "another", checked: old.another === true });
  const more = make("label", { class: "choice" }, another, make("span", {}, t("已有同名的人：是另一个人")));
  const fields = [field(t("孩子姓名（未取名可空）"), name), sex, field(t("身份证号（还没有可空，以后会询问）"), number), more];
  const told = () => ({ name: name.value.trim(), sex: chosenIn(sex, "sex"), number: number.value.trim(), another: another.checked || "" });
  return { elements: fields, told };
}
