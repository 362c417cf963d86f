// The short list of categories: found by name, other words, initials or pinyin; the last used first.
import { keepNote, note } from "../database.ts";
import type { CategoryPart } from "../parts.ts";

const RECENT = 6;

/** Those that hold everything typed; a name that begins so comes first. */
export function categoriesNamed(typed: string, all: CategoryPart[]): CategoryPart[] {
  const parts = typed.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter(({ keys }) => parts.every((part) => keys.includes(part)));
  const first = parts[0] ?? "";
  const rank = ({ name, keys }: CategoryPart) =>
    name.toLowerCase().startsWith(first) ? 0 : keys.split(" ").some((key) => key.startsWith(first)) ? 1 : 2;
  return found.sort((a, b) => rank(a) - rank(b));
}

export function grouped(all: CategoryPart[]): Map<string, CategoryPart[]> {
  const groups = new Map<string, CategoryPart[]>();
  for (const one of all) groups.set(one.major, [...(groups.get(one.major) ?? []), one]);
  return groups;
}

/** The ids used last on this phone by this person, the last one first. */
export async function recentOnes(holder: string): Promise<number[]> {
  return (await note<number[]>(`recent categories ${holder}`).catch(() => undefined)) ?? [];
}

export async function used(holder: string, id: number): Promise<void> {
  const before = await recentOnes(holder);
  const now = [id, ...before.filter((one) => one !== id)].slice(0, RECENT);
  await keepNote(`recent categories ${holder}`, now).catch(() => undefined);
}
