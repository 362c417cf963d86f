// Periods and time bins in words, and how many time bins a period has.
import { t } from "../words.ts";
import type { Cube, Span, Step } from "./cube.ts";

const DAY = 86_400_000;

export function dayOf(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
}

export function textOf(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}

/** The day `days` before another. */
export function daysBefore(text: string, days: number): string {
  return textOf(dayOf(text) - days * DAY);
}

/** How many time bins a period will have, give or take one. */
export function binsIn(from: string, to: string, step: Step): number {
  const days = Math.max(1, (dayOf(to) - dayOf(from)) / DAY + 1);
  return Math.ceil({ hour: days * 24, day: days, week: days / 7 + 1, month: days / 28 + 1, "hour-of-day": 24 }[step]);
}

/** A span as the reader's language writes it. */
export function describeSpan(cube: Cube, { from, width }: Span, language: string): string {
  const { times, step } = cube.head;
  if (!times.length) return "";
  if (step === "hour-of-day") return `${times[from]}:00–${pad((from + width) % 24 || 24)}:00`;
  const last = Math.min(from + width, times.length) - 1;
  if (step === "hour") return describeHours(times[from], times[last], language);
  if (step === "month" && width === 1) return monthName(times[from], language);
  const end = last + 1 < times.length ? textOf(dayOf(times[last + 1]) - DAY) : textOf(dayOf(times[last]) + Math.round(cube.head.days[last] - 1) * DAY);
  return describeDays(times[from], end, language);
}

function pad(hour: number): string {
  return String(hour).padStart(2, "0");
}

function describeHours(first: string, last: string, language: string): string {
  const after = Number(last.slice(11, 13)) + 1;
  return `${dayName(first, language)} ${first.slice(11, 13)}:00–${first.slice(0, 10) === last.slice(0, 10) ? "" : `${dayName(last, language)} `}${pad(after)}:00`;
}

function describeDays(first: string, last: string, language: string): string {
  return first === last ? dayName(first, language) : t("{from} 至 {to}", { from: dayName(first, language), to: dayName(last, language) });
}

const locales = new Map<string, Record<"day" | "month", Intl.DateTimeFormat>>();

function formatsOf(language: string): Record<"day" | "month", Intl.DateTimeFormat> {
  let found = locales.get(language);
  if (found) return found;
  const locale = language.startsWith("zh") ? "zh-CN" : "en-GB";
  const make = (form: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { year: "numeric", ...form, timeZone: "UTC" });
  locales.set(language, (found = { day: make({ month: "short", day: "numeric" }), month: make({ month: "long" }) }));
  return found;
}

export function dayName(text: string, language: string): string {
  return formatsOf(language).day.format(dayOf(text));
}

function monthName(text: string, language: string): string {
  return formatsOf(language).month.format(dayOf(text));
}
