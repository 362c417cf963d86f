// The filter's bar on a page of its own, such as the list: its links are followed; only what a link cannot do is here.
import { brushDays, keepOneOpen } from "./facets.ts";

export function enlivenFilter(): void {
  const bar = document.querySelector<HTMLElement>("[data-filter-page] .filter-bar");
  if (!bar) return;
  keepOneOpen(bar);
  brushDays(bar, (query) => location.assign(`${bar.dataset.address ?? "?"}${query}`));
}
