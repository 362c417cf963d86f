// The columns of the table: what each says, and how.
import { t } from "./words.ts";
import type { Row } from "./settings.ts";

export interface Column {
  key: string;
  word: string;
  say(value: number): string;
  /** How figures of cells make one of all. */
  sum: "add" | "mean" | "most" | "none";
  worth: number; // what a change has to be to be shown
}

const whole = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 1 });
const number = (value: number) => whole.format(value);

/** All of them in order; `loads` are the names of what can count as workload. */
export function columnsOf(loads: Record<string, string>): Column[] {
  const counted = (key: string, word: string): Column => ({ key, word, say: number, sum: "add", worth: 0.5 });
  return [
    { key: "deviation", word: t("偏差"), say: percent, sum: "none", worth: 0.005 },
    { key: "work", word: t("工作量"), say: (value) => tenth.format(value), sum: "add", worth: 0.05 },
    ...Object.entries(loads).map(([key, word]) => counted(key, word)),
    counted("buildings", t("楼栋")),
    { key: "parts", word: t("片数"), say: number, sum: "most", worth: 0.5 },
    { key: "compact", word: t("紧凑度"), say: (value) => value.toFixed(2), sum: "mean", worth: 0.005 },
    { key: "walk", word: t("步行（米）"), say: number, sum: "mean", worth: 0.5 },
    { key: "crossing", word: t("跨屏障（米）"), say: number, sum: "add", worth: 0.5 },
    { key: "area", word: t("面积（公顷）"), say: (value) => tenth.format(value / 10_000), sum: "add", worth: 500 },
    counted("tiles", t("地块")),
  ];
}

export const FIRST_COLUMNS = ["deviation", "households", "people", "buildings", "parts"];

export function percent(value: number): string {
  const said = Math.round(value * 100);
  return `${said > 0 ? "+" : said < 0 ? "−" : ""}${Math.abs(said)}%`;
}

/** A difference with its sign, "" where it is not worth a word. */
export function sayDifference(column: Column, before: number, after: number): string {
  const by = after - before;
  if (!(Math.abs(by) >= column.worth)) return "";
  if (column.key === "deviation") return percent(by);
  return `${by > 0 ? "+" : "−"}${column.say(Math.abs(by))}`;
}

/** The figure of all cells together. */
export function summed(column: Column, rows: Row[]): string {
  const values = rows.map((row) => row[column.key] ?? 0);
  if (column.sum === "none" || !values.length) return "";
  const total = values.reduce((one, other) => one + other, 0);
  if (column.sum === "add") return column.say(total);
  if (column.sum === "mean") return t("平均 {value}", { value: column.say(total / values.length) });
  return t("最多 {value}", { value: column.say(Math.max(...values)) });
}

/** How a cell stands to what is wanted: within the tolerance, a little beyond it, far beyond. */
export function verdict(deviation: number, tolerance: number): "good" | "off" | "far" {
  const away = Math.abs(deviation) + 1e-9;
  return away <= tolerance + 1e-6 ? "good" : away <= 2 * tolerance ? "off" : "far";
}

/** The table as a file: codes and names as text, with a mark so that spreadsheets read it as UTF-8. */
export function csvOf(columns: Column[], lines: { number: number; name: string; row: Row }[]): string {
  const quoted = (text: string) => (/[",\n]/.test(text) || /^[=+\-@]/.test(text) ? `"${safe(text).replaceAll('"', '""')}"` : text);
  const head = [t("编号"), t("名称"), ...columns.map(({ word }) => word)].map(quoted).join(",");
  const body = lines.map(({ number, name, row }) =>
    [number ? String(number) : "", quoted(name), ...columns.map(({ key }) => String(Math.round((row[key] ?? 0) * 1000) / 1000))].join(","),
  );
  return `\ufeff${[head, ...body].join("\r\n")}\r\n`;
}

/** A spreadsheet takes these for formulas. */
function safe(text: string): string {
  return /^[=+\-@]/.test(text) ? `'${text}` : text;
}
