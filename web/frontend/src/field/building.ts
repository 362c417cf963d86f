// 楼栋: a building on the screen, floors × units × doors; a door's form; "save and next door".
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { adding } from "./doors/adding.ts";
import { buildingList } from "./doors/list.ts";
import { doorForm, doorRecord, historyOf, type Saved } from "./doors/form.ts";
import { grid, legend, tile } from "./doors/grid.ts";
import { countDoors, doorName, forgetStored, isNamed, readBuilding, standing, type Building, type Door } from "./doors/model.ts";
import { keep, taken, undoing } from "./doors/keeping.ts";
import { plainRoom } from "./doors/numbering.ts";
import { arrange, walkingOrder, type Unit } from "./doors/storeys.ts";
import { organisationsAt } from "./organisations/list.ts";
import { NoRoom } from "./outbox.ts";
import type { App, View } from "./view.ts";

export const view: View = {
  name: "building",
  title: t("楼栋"),
  icon: "",
  show(root, params, app, query) {
    let stopped = false;
    const id = Number(params[0]);
    const body = make("div", { class: "building" });
    root.append(body);
    const fill = async () => {
      const parts = id ? await buildingScreen(app, id, query) : await buildingList(app);
      if (!stopped) body.replaceChildren(...parts);
    };
    void fill();
    const renew = () => void (isBusy(body) || fill());
    const stops = [app.on("pack", () => void forgetStored(app).then(renew)), app.on("outbox", renew)];
    return () => {
      stopped = true;
      stops.forEach((stop) => stop());
    };
  },
};

/** What is being filled in or searched stays as it is, whatever comes meanwhile. */
function isBusy(body: HTMLElement): boolean {
  return body.querySelector("form") !== null || Boolean(body.querySelector<HTMLInputElement>("input[type=search]")?.value);
}

function isForm(query: URLSearchParams): boolean {
  return query.has("room") || query.has("door") || query.has("add");
}

async function buildingScreen(app: App, id: number, query: URLSearchParams): Promise<HTMLElement[]> {
  const building = await readBuilding(app, id);
  if (!building) return [elsewhere(id)];
  if (query.has("add")) return addingScreen(app, building, query);
  const door = wantedDoor(building, query);
  if (door) return doorScreen(app, building, door, query);
  const lost = isForm(query) ? [make("p", { class: "notice warn" }, t("没有找到这一户，它可能已被撤销或改名。"))] : [];
  return [...lost, ...overview(app, building, query), ...(await organisationsAt(app, id))];
}

function elsewhere(id: number): HTMLElement {
  const link = make("a", { href: `/buildings/${id}/` }, t("打开楼栋页面"));
  return make("div", { class: "notice" }, make("p", {}, t("这栋楼不在手机上的辖区内，或数据还没有下载。"), " ", link));
}

function wantedDoor(building: Building, query: URLSearchParams): Door | undefined {
  const name = query.has("room") ? ([query.get("unit") ?? "", query.get("room")!] as [string, string]) : Number(query.get("door") ?? 0);
  return building.doors.find((door) => isNamed(door, name));
}

/** `#building/12?unit=3&room=402` */
function addressIn(building: Building): (door: Pick<Door, "unit" | "room">) => string {
  return ({ unit, room }) => `#building/${building.part.id}?${new URLSearchParams({ unit, room })}`;
}

// ── the building ──

function overview(app: App, building: Building, query: URLSearchParams): HTMLElement[] {
  const units = arrange(building.doors.filter(({ state }) => state !== "gone"));
  const head = make("h1", {}, building.part.label);
  const where = building.part.address ? [make("p", { class: "hint" }, building.part.address)] : [];
  if (!units.length) return [head, ...where, undoing(app), ...beginning(app, building)];
  const unit = units.find(({ name }) => name === query.get("unit")) ?? units[0];
  const address = addressIn(building);
  const missing = building.writes ? (floor: number, room: string) => addAddress(building, { floor: String(floor), room, unit: unit.name }) : null;
  const found = make("div", { "aria-live": "polite" });
  const reports = app.holder?.able.includes("incident.write");
  return [
    head,
    ...where,
    progress(building),
    undoing(app),
    ...nextLink(building, units),
    searching(building, found),
    found,
    ...(units.length > 1 ? [tabs(building, units, unit)] : []),
    grid(unit, address, missing),
    legend(),
    ...gone(building),
    ...(building.writes ? [make("p", {}, make("a", { class: "button wide", href: addAddress(building) }, t("新增楼层、单元或户室")))] : []),
    ...(reports ? [make("p", {}, make("a", { class: "button wide", href: `#report/building/${building.part.id}` }, t("在此上报")))] : []),
  ];
}

function beginning(app: App, building: Building): HTMLElement[] {
  if (building.writes) return [adding(building, saving(app, building))];
  return [make("p", { class: "hint" }, t("这栋楼还没有登记户室。"))];
}

function progress({ doors }: Building): HTMLElement {
  const { all, verified, noAnswer, refused } = countDoors(doors);
  const words = [t("已核实 {done} / {all}", { done: verified, all })];
  if (noAnswer) words.push(t("无人应答 {n}", { n: noAnswer }));
  if (refused) words.push(t("拒绝登记 {n}", { n: refused }));
  return make("p", { class: "door-progress" }, words.join(t("，")), make("progress", { value: verified, max: all, "aria-hidden": "true" }));
}

function nextLink(building: Building, units: Unit<Door>[]): HTMLElement[] {
  const next = building.writes ? nextUnverified(units) : undefined;
  if (!next) return [];
  return [make("p", {}, make("a", { class: "button primary wide", href: addressIn(building)(next) }, t("下一户未核实：{door}", { door: doorName(next) })))];
}

/** The next door to verify in walking order, after `after`, else from the beginning. */
export function nextUnverified(units: Unit<Door>[], after?: Pick<Door, "unit" | "room">): Door | undefined {
  const walked = walkingOrder(units);
  const at = after ? walked.findIndex((door) => door.unit === after.unit && door.room === after.room) : -1;
  const isOpen = (door: Door) => standing(door) === "unverified" && !(after && door.unit === after.unit && door.room === after.room);
  return [...walked.slice(at + 1), ...walked.slice(0, at + 1)].find(isOpen);
}

function tabs(building: Building, units: Unit<Door>[], shown: Unit<Door>): HTMLElement {
  const links = units.map((unit) => {
    const { all, verified } = countDoors(unit.doors);
    const name = unit.name ? t("{unit}单元", { unit: unit.name }) : t("没有单元");
    const href = `#building/${building.part.id}?${new URLSearchParams({ unit: unit.name })}`;
    const count = make("small", {}, `${verified}/${all}`, make("span", { class: "visually-hidden" }, t("已核实")));
    return make("a", { href, "aria-current": unit === shown && "true" }, make("span", {}, name), count);
  });
  return make("nav", { class: "door-units", "aria-label": t("单元") }, ...links);
}

function searching(building: Building, found: HTMLElement): HTMLElement {
  const box = make("input", { type: "search", placeholder: t("查室号，如 402 或 3-402"), "aria-label": t("查室号"), autocomplete: "off", enterkeyhint: "search" });
  box.addEventListener("input", () => {
    const fits = findDoors(building.doors, box.value);
    const none = box.value.trim() ? [make("p", { class: "hint" }, t("没有这个室号。"))] : [];
    const tiles = fits.slice(0, 12).map((door) => make("li", {}, ...(door.unit ? [make("small", {}, t("{unit}单元", { unit: door.unit }))] : []), tile(door, addressIn(building))));
    found.replaceChildren(...(tiles.length ? [make("ul", { class: "door-yard" }, ...tiles)] : none));
  });
  return box;
}

/** 402, 3-402, 3单元402: the doors whose room begins so. */
export function findDoors(doors: readonly Door[], typed: string): Door[] {
  const text = plainRoom(typed).toUpperCase();
  const [, unit, room] = /^(?:(.+?)(?:单元|[-—－/ ]))?(.*)$/.exec(text) ?? [];
  if (!text) return [];
  return doors.filter((door) => door.state !== "gone" && (door.room.toUpperCase().startsWith(text) || (Boolean(room) && (!unit || door.unit === unit) && door.room.toUpperCase().startsWith(room))));
}

function gone(building: Building): HTMLElement[] {
  const doors = building.doors.filter(({ state }) => state === "gone");
  if (!doors.length) return [];
  const tiles = doors.map((door) => make("li", {}, tile(door, addressIn(building))));
  return [make("details", { class: "door-key" }, make("summary", {}, t("已拆除或合并（{n}）", { n: doors.length })), make("ul", { class: "door-yard" }, ...tiles))];
}

// ── one door ──

async function doorScreen(app: App, building: Building, door: Door, query: URLSearchParams): Promise<HTMLElement[]> {
  const back = make("a", { href: `#building/${building.part.id}?${new URLSearchParams({ unit: door.unit })}` }, `‹ ${building.part.label}`);
  const head = [make("p", {}, back), make("h1", {}, doorName(door)), make("p", { class: "hint" }, historyOf(door))];
  if (!building.writes) return [...head, doorRecord(building, door)];
  if (door.state === "gone") return [...head, restoring(app, building, door)];
  const uuid = query.get("item");
  const item = uuid ? await app.outbox.get(uuid) : null;
  const save = (saved: Saved) => void keepDoor(app, building, door, saved, item?.uuid);
  return [...head, doorForm(building, door, item, save)];
}

async function keepDoor(app: App, building: Building, door: Door, { body, next }: Saved, uuid?: string): Promise<void> {
  const title = `${building.part.label} ${doorName(door)}`;
  const done = await attempt(app, () => keep(app, "door", body, { title, edit: addressIn(building)(door), uuid }));
  if (!done) return;
  const name = body.rename ?? door;
  const fresh = await readBuilding(app, building.part.id);
  const units = arrange((fresh ?? building).doors.filter(({ state }) => state !== "gone"));
  const following = next ? nextUnverified(units, name) : undefined;
  if (next && !following) app.say(t("已保存。这栋楼没有其他未核实的户了。"));
  app.go(following ? addressIn(building)(following) : `#building/${building.part.id}?${new URLSearchParams({ unit: name.unit })}`);
  scrollTo(0, 0);
}

function restoring(app: App, building: Building, door: Door): HTMLElement {
  const button = make("button", { class: "button primary", type: "button" }, t("恢复这一户"));
  const body = { building: building.part.id, door: door.id || ([door.unit, door.room] as [string, string]), restore: true };
  button.addEventListener("click", () => void keepDoor(app, building, door, { body, next: false }));
  return make("section", {}, make("p", {}, t("这一户已标记为拆除或合并，不计入户数。")), button);
}

// ── new doors ──

function addAddress(building: Building, single: Record<string, string> = {}): string {
  return `#building/${building.part.id}?${new URLSearchParams({ add: "1", ...single })}`.replace("room=", "named=");
}

function addingScreen(app: App, building: Building, query: URLSearchParams): HTMLElement[] {
  const back = make("a", { href: `#building/${building.part.id}` }, `‹ ${building.part.label}`);
  const single = { floor: query.get("floor") ?? "", room: query.get("named") ?? "", unit: query.get("unit") ?? undefined };
  return [make("p", {}, back), make("h1", {}, building.part.label), adding(building, saving(app, building), single)];
}

function saving(app: App, building: Building): Parameters<typeof adding>[1] {
  return (kind, doors) => {
    const body = { building: building.part.id, doors: doors.map(({ unit, floor, room }) => [unit, floor, room]) };
    const title = t("{building}：新增 {n} 户", { building: building.part.label, n: doors.length });
    const remove = { building: building.part.id, remove: doors.map(({ unit, room }) => [unit, room]) };
    const kept = () => keep(app, kind, body, { title, edit: `#building/${building.part.id}`, undo: { kind, body: remove } });
    void attempt(app, kept).then((done) => done && app.go(`#building/${building.part.id}?${new URLSearchParams({ unit: doors[0].unit, new: taken() })}`));
  };
}

async function attempt(app: App, act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    app.say(error instanceof NoRoom ? t("手机存储已满，没有保存。请清理后再试，内容还在。") : t("没有保存成功，内容还在，请再试一次。"));
    return false;
  }
}
