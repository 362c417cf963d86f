// Units 实有单位 as the phone knows them: those of the pack, with what was written here and is not in it yet.
import type { Item } from "../outbox.ts";
import type { OrganisationPart, OrganisationsPart } from "../parts.ts";
import type { App } from "../view.ts";

/** A unit with a check of it that waits here; one that was written down here has the key 0 and its item. */
export interface Organisation extends OrganisationPart {
  readonly check?: Item;
  readonly item?: Item;
}

export interface Organisations {
  readonly rows: readonly Organisation[];
  readonly part: OrganisationsPart;
}

const NOTHING: OrganisationsPart = { rows: [], kinds: [], hazards: [], outcomes: [] };

/** All of the ground; null where the pack holds none of them yet. */
export async function readOrganisations(app: App): Promise<Organisations | null> {
  const [part, items] = await Promise.all([app.pack.get("organisations"), app.outbox.list()]);
  if (!part && !app.holder?.able.includes("people.read")) return { rows: [], part: NOTHING };
  return part ? { rows: withItems(part.rows, items), part } : null;
}

export function withItems(rows: readonly OrganisationPart[], items: readonly Item[]): Organisation[] {
  const checks = new Map(items.filter(({ kind }) => kind === "check").map((item) => [item.body.organisation, item]));
  const written = items.filter(({ kind }) => kind === "organisation").map(fresh);
  return [...rows.map((one) => ({ ...one, check: checks.get(one.id) })), ...written];
}

function fresh(item: Item): Organisation {
  const { building, name, kind, unit, room } = item.body as Record<string, string> & { building: number };
  const door = [unit, room].filter(Boolean).join("-");
  return { id: 0, building: Number(building), name, kind, door, person: "", phone: "", staff: null, hazards: [], checked: "", due: "", item };
}

/** Those whose check is due by a day, as 2026-05-20, and not written down here already; the longest due first. */
export function dueBy(rows: readonly Organisation[], day: string): Organisation[] {
  return rows.filter(({ due, check }) => due && due <= day && !check).sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0));
}

export function nameOfKind(part: OrganisationsPart, code: string): string {
  return part.kinds.find(([one]) => one === code)?.[1] ?? code;
}
