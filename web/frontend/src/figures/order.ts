// The rows of the ranked table, and the same as a file.
import { t } from "../words.ts";
import type { NumberFormat } from "./format.ts";
import { sayFigure } from "./saying.ts";
import { changeOf, HIDDEN, type Figures } from "./values.ts";

export type Column = "name" | "value" | "change";

export interface Order {
  by: Column;
  falling: boolean;
}

/** Known figures in order, then what is withheld, then what is not known. `wanted` says which rows at all. */
export function ranked(figures: Figures, { by, falling }: Order, wanted: (row: number) => boolean): number[] {
  const { list, values, state } = figures;
  const rows = list.codes.map((_, row) => row).filter(wanted);
  const sign = falling ? -1 : 1;
  if (by === "name") return rows.sort((a, b) => sign * list.names[a].localeCompare(list.names[b], "zh") || a - b);
  const numbers = by === "change" && figures.compare ? figures.shown : values;
  const weight = (row: number) => (!Number.isNaN(numbers[row]) ? 0 : state[row] === HIDDEN ? 1 : 2);
  return rows.sort((a, b) => weight(a) - weight(b) || sign * (numbers[a] - numbers[b]) || a - b);
}

export interface Named {
  name: string;
  parent: string;
}

/** The table as CSV with a byte order mark, so that spreadsheet programs read it as UTF-8. */
export function csvOf(
  figures: Figures,
  rows: number[],
  title: string,
  format: NumberFormat,
  describe: (row: number) => Named,
): string {
  const compared = figures.previous && figures.compare;
  const heads = [t("排名"), t("代码"), t("名称"), t("所属"), figures.unit ? `${title} (${figures.unit})` : title];
  const lines = rows.map((row, i) => {
    const { name, parent } = describe(row);
    const cells = [String(i + 1), figures.list.codes[row], name, parent, plainFigure(figures, row, format)];
    return compared ? [...cells, ...changes(figures, row)] : cells;
  });
  if (compared) heads.push(t("上期"), t("增减"), t("增减 %"));
  return `\uFEFF${[heads, ...lines].map((cells) => cells.map(quoted).join(",")).join("\r\n")}\r\n`;
}

/** A number as a spreadsheet reads it; in words what the table has in words. */
function plainFigure(figures: Figures, row: number, format: NumberFormat): string {
  const value = figures.values[row];
  return Number.isNaN(value) || figures.classes.length ? sayFigure(figures, row, format) : plain(value);
}

function changes({ values, previous }: Figures, row: number): string[] {
  const before = previous?.[row] ?? NaN;
  const percent = changeOf(values[row], before, "percent");
  return [before, values[row] - before, percent].map((number) => (Number.isNaN(number) ? "–" : plain(number)));
}

function plain(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A text that a spreadsheet program would take for a formula begins with an apostrophe; a code stays a text. */
function quoted(text: string): string {
  if (/^\d{12,}$/.test(text)) return `"\t${text}"`;
  const safe = /^[=+@\t]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
