// 登记变动: what happened to somebody, told at the door, with or without signal.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { fillAsItComes } from "../arriving.ts";
import { keep } from "../doors/keeping.ts";
import { doorName, readBuilding, type Building, type Person } from "../doors/model.ts";
import { factsOf } from "../doors/words.ts";
import { NoRoom, type WholeItem } from "../outbox.ts";
import type { App, View } from "../view.ts";
import { lifeForm, type Kind } from "./form.ts";
import { KIND } from "./words.ts";

export const view: View = {
  name: "life",
  title: t("登记变动"),
  icon: "",
  show(root, params, app, query) {
    return fillAsItComes(root, app, () => contents(Number(params[0]), Number(params[1]), app, query));
  },
};

async function contents(id: number, resident: number, app: App, query: URLSearchParams): Promise<HTMLElement[]> {
  const uuid = query.get("item");
  const [building, item] = await Promise.all([readBuilding(app, id), uuid ? app.outbox.get(uuid) : null]);
  const door = building?.doors.find(({ people }) => people.some((one) => one.resident === resident && one.kind === "living"));
  const person = door?.people.find((one) => one.resident === resident && one.kind === "living");
  if (!building || !door || !person) return [gone(id)];
  const address = `#building/${id}?${new URLSearchParams({ unit: door.unit, room: door.room })}`;
  const back = make("p", {}, make("a", { href: address }, `‹ ${building.part.label} ${doorName(door)}`));
  const head = [back, make("h1", {}, person.name), make("p", { class: "hint" }, factsOf(person))];
  const chosen = (item?.body.kind ?? query.get("kind")) as Kind | null;
  const mates = door.people.filter((one) => one.kind === "living" && one.resident && one.resident !== resident && !one.left);
  if (!chosen) return [...head, choices(id, person, mates)];
  const home = { building, door, person, mates, app };
  const form = lifeForm(home, chosen, item, (body) => void save(app, building, person, body, item, address));
  requestAnimationFrame(() => form.querySelector<HTMLElement>("[role=alert], input, select")?.focus());
  return [...head, form];
}

function gone(id: number): HTMLElement {
  const back = make("a", { class: "button", href: `#building/${id}` }, t("返回楼栋"));
  return make("div", { class: "notice warn" }, make("p", {}, t("此人已不在这栋楼，或数据还没有下载。")), make("p", {}, back));
}

/** What can have happened to this person. */
function choices(id: number, person: Person, mates: Person[]): HTMLElement {
  const own = mates.filter(({ household }) => household && household === person.household);
  const others = mates.filter(({ household }) => household && household !== person.household);
  const fits: Partial<Record<Kind, boolean>> = { born: person.sex !== "1", split: own.length > 0, joined: others.length > 0, head: own.length > 0 };
  const links = (Object.keys(KIND) as Kind[]).filter((kind) => fits[kind] ?? true);
  const list = links.map((kind) => make("li", {}, make("a", { class: "button wide", href: `#life/${id}/${person.resident}?kind=${kind}` }, KIND[kind])));
  return make("nav", { "aria-label": t("登记变动") }, make("h2", {}, t("发生了什么")), make("ul", { class: "life-choices" }, ...list));
}

async function save(app: App, building: Building, person: Person, told: Record<string, unknown>, item: WholeItem | null, back: string): Promise<void> {
  const { kind } = told as { kind: Kind };
  const body = { ...told, building: building.part.id, resident: person.resident, ...(item?.body.base ? { base: item.body.base } : {}) };
  const title = t("{name}：{what}", { name: person.name, what: KIND[kind] });
  const edit = `#life/${building.part.id}/${person.resident}`;
  const undo = (uuid: string) => ({ kind: "life", body: { withdraw: uuid } });
  try {
    await keep(app, "life", body, { title, edit, undo, uuid: item?.uuid, labels: { on: t("日期") } });
    app.go(back.replace(/&room=[^&]*/, ""));
    scrollTo(0, 0);
  } catch (error) {
    app.say(error instanceof NoRoom ? t("手机存储已满，没有保存。请清理后再试，内容还在。") : t("没有保存成功，内容还在，请再试一次。"));
  }
}
