// The doors of one unit on the screen: floors above each other, doors in columns, each with state and signs.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { standing, type Door } from "./model.ts";
import type { Row, Slot, Unit } from "./storeys.ts";
import { saidOf, sign, signsOf, SIGNS, STATE } from "./words.ts";

/** The address of a door's form. */
export type Address = (door: Pick<Door, "unit" | "room">) => string;

/** `missing` opens the form to add a door the pattern misses; null where the reader may not. */
export function grid(unit: Unit<Door>, address: Address, missing: ((floor: number, room: string) => string) | null): HTMLElement {
  const storeys = unit.rows.filter(({ slots, beside }) => slots.length || beside.length);
  if (storeys.length < 2) return courtyard(unit, address);
  const rows = unit.rows.map((row) => storey(row, address, missing));
  const label = unit.name ? t("{unit}单元的户室", { unit: unit.name }) : t("各层的户室");
  const table = make("table", { class: "door-grid" }, make("tbody", {}, ...rows));
  return make("div", { class: "door-scroll", tabindex: 0, role: "region", "aria-label": label }, table);
}

/** One storey only: doors side by side, as many as fit. */
function courtyard(unit: Unit<Door>, address: Address): HTMLElement {
  return make("ul", { class: "door-yard" }, ...unit.doors.map((door) => make("li", {}, tile(door, address))));
}

function storey({ floor, slots, beside }: Row<Door>, address: Address, missing: ((floor: number, room: string) => string) | null): HTMLElement {
  const name = floor === null ? "?" : String(floor);
  const head = make("th", { scope: "row", "aria-label": floor === null ? t("楼层不详") : t("{floor} 层", { floor }) }, name);
  const cells = slots.map((slot) => make("td", {}, ...place(slot, floor, address, missing)));
  return make("tr", {}, head, ...cells, ...beside.map((door) => make("td", {}, tile(door, address))));
}

function place({ door, room }: Slot<Door>, floor: number | null, address: Address, missing: ((floor: number, room: string) => string) | null): Node[] {
  if (door) return [tile(door, address)];
  if (!room || !missing || floor === null) return [];
  return [make("a", { class: "door-missing", href: missing(floor, room), "aria-label": t("新增 {room}", { room }) }, `+${room}`)];
}

export function tile(door: Door, address: Address): HTMLElement {
  const marks = make("span", { class: "door-marks" }, ...signsOf(door).map(([name]) => sign(name)));
  return make(
    "a",
    { class: "door-tile", href: address(door), "data-state": door.state, "data-standing": standing(door) },
    make("b", {}, door.room),
    make("span", { class: "door-state", "aria-hidden": "true" }, STATE[door.state]),
    marks,
    make("span", { class: "visually-hidden" }, saidOf(door)),
  );
}

/** What the signs mean. */
export function legend(): HTMLElement {
  const signs = SIGNS.map(([name, words]) => make("li", {}, sign(name), words));
  return make("details", { class: "door-key" }, make("summary", {}, t("图例")), make("ul", {}, ...signs));
}
