// The filter of incidents that map, heat map, list and dashboard share. It stands in the query of the page's address,
// as the server writes it (web/pages/incident_filter.py), so that links carry it and Back undoes it; here it is but text.
import { Store } from "../store.ts";

export interface Asked {
  /** Whether incidents are drawn on the map. */
  shown: boolean;
  /** The query string of the filter, "" for none. */
  query: string;
}

/** `/?incidents=1&state=open` draws the open ones; a filter alone draws them too, unless it says `incidents=0`. */
export function readSearch(search: string): Asked {
  const fields = new URLSearchParams(search);
  const said = fields.get("incidents");
  fields.delete("incidents");
  const query = fields.toString();
  return { shown: said === "1" || (said === null && query !== ""), query };
}

export function writeSearch({ shown, query }: Asked): string {
  const own = shown ? "incidents=1" : query ? "incidents=0" : "";
  const parts = [own, query].filter(Boolean);
  return parts.length ? `?${parts.join("&")}` : "";
}

/** The query of another filter with other days, both included. */
export function withDays(query: string, first: string, last: string): string {
  const fields = new URLSearchParams(query);
  for (const name of ["days", "first", "last"]) fields.delete(name);
  fields.append("first", first);
  fields.append("last", last);
  return fields.toString();
}

/** The first and last day a filter asks for; null where that side is open. `today` is the server's. */
export function daysOf(query: string, today: string): { first: string | null; last: string | null } {
  const fields = new URLSearchParams(query);
  const days = Number(fields.get("days") ?? 0);
  if (!days) return { first: fields.get("first"), last: fields.get("last") };
  const first = new Date(`${today}T00:00:00Z`);
  first.setUTCDate(first.getUTCDate() - days + 1);
  return { first: first.toISOString().slice(0, 10), last: today };
}

/** The filter of this page. What is set becomes a step of the browser's history. */
export class IncidentFilter extends Store<Asked> {
  constructor() {
    super(readSearch(location.search));
    window.addEventListener("popstate", () => this.set(readSearch(location.search)));
  }

  choose(change: Partial<Asked>): void {
    this.set(change);
    this.write("push");
  }

  /** The same filter as the server writes it: no step of its own. */
  correct(query: string): void {
    this.set({ query });
    this.write("replace");
  }

  private write(how: "push" | "replace"): void {
    const search = writeSearch(this.now);
    if (search === location.search) return;
    const address = `${location.pathname}${search}${location.hash}`;
    history[how === "push" ? "pushState" : "replaceState"](null, "", address);
  }
}
