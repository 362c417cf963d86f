// How room numbers are made: 402 is door 02 of floor 4, B101 door 01 of floor −1. The same rules as
// gis/places/numbering.py; tests hold both against one set of cases.

/** Which door of a floor: 2 of 402, 1 and "A" of 301A. */
export interface Column {
  readonly number: number;
  readonly suffix: string;
}

/** How floors are written: what stands before them, and how many digits they have at least. */
export interface Style {
  readonly prefix: string;
  readonly digits: number;
}

export const ABOVE: Style = { prefix: "", digits: 1 };
export const BELOW: Style = { prefix: "B", digits: 1 };

const NUMBER = /^([^0-9]{0,6})([0-9]{1,3})([0-9]{2})([^0-9]{0,4})$/u;

export function columnText({ number, suffix }: Column): string {
  return `${String(number).padStart(2, "0")}${suffix}`;
}

/** The number of a door: floor 4, column 2 → 402. */
export function roomOf(style: Style, floor: number, column: Column): string {
  return `${style.prefix}${String(Math.abs(floor)).padStart(style.digits, "0")}${columnText(column)}`;
}

/** The style and the column of a room on its floor; null where the number follows no pattern. */
export function readRoom(room: string, floor: number | null): { style: Style; column: Column } | null {
  const found = NUMBER.exec(room);
  if (!found || floor === null || Number(found[2]) !== Math.abs(floor)) return null;
  const style = { prefix: found[1], digits: found[2].startsWith("0") ? found[2].length : 1 };
  const column = { number: Number(found[3]), suffix: found[4] };
  return roomOf(style, floor, column) === room ? { style, column } : null;
}

export function compareColumns(a: Column, b: Column): number {
  return a.number - b.number || (a.suffix < b.suffix ? -1 : a.suffix > b.suffix ? 1 : 0);
}

/** As people count: 2 before 10, and texts without digits by their letters. */
export function compareNaturally(a: string, b: string): number {
  const parts = [a, b].map((text) => text.split(/([0-9]+)/).filter(Boolean));
  for (let n = 0; n < Math.min(parts[0].length, parts[1].length); n++) {
    const [one, other] = [parts[0][n], parts[1][n]];
    const [isNumber, otherIsNumber] = [/^[0-9]/.test(one), /^[0-9]/.test(other)];
    if (isNumber !== otherIsNumber) return isNumber ? 1 : -1;
    const order = isNumber ? Number(one) - Number(other) : 0;
    if (order) return order;
    if (one !== other) return one < other ? -1 : 1;
  }
  return parts[0].length - parts[1].length;
}

const UNIT_END = /单元$/;
const ROOM_END = /室$/;

/** A unit and a room as the register writes them: 3单元 → 3, 402室 → 402. */
export function plainUnit(typed: string): string {
  return typed.normalize("NFKC").trim().replace(UNIT_END, "");
}

export function plainRoom(typed: string): string {
  return typed.normalize("NFKC").trim().replace(ROOM_END, "");
}
