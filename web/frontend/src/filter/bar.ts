// The filter's bar over the map: how many there are, what is asked, and on demand what else could be.
import { askFragment, askJson, RequestTrouble, sendForm } from "../request.ts";
import { make } from "../ui/dom.ts";
import { clearNotice, showTrouble } from "../ui/notices.ts";
import { t } from "../words.ts";
import { brushDays, keepOneOpen, takeChoices } from "./facets.ts";
import type { IncidentFilter } from "./filter.ts";

export interface FilterBar {
  root: HTMLElement;
  /** How many the filter finds, and how many of them in view. */
  count(total: number, here: number): void;
  /** Ask again for the numbers beside the choices. */
  refresh(): void;
}

interface Wishes {
  /** Where the bar and the list come from. */
  urls: { filter: string; list: string };
  language: string;
  listHere(): void;
}

export function makeFilterBar(filter: IncidentFilter, { urls, language, listHere }: Wishes): FilterBar {
  const number = new Intl.NumberFormat(language);
  const body = make("div", { class: "map-filter-body" });
  const total = make("a", { class: "map-filter-total", href: urls.list }, t("事件"));
  const here = make("button", { type: "button", class: "quiet map-filter-here" }, t("视野内"));
  const on = make("b", { class: "facet-on", hidden: true });
  const more = make("button", { type: "button", class: "quiet", "aria-expanded": "false" }, t("筛选"), on);
  const close = make("button", { type: "button", class: "icon-button", "aria-label": t("关闭事件图层") }, "×");
  const head = make("div", { class: "map-filter-head" }, total, here, more, close);
  const root = make("section", { id: "filter", class: "map-filter", "aria-label": t("事件筛选"), hidden: true }, head, body);
  let asking: AbortController | null = null;

  const choose = (query: string): void => filter.choose({ query });
  here.addEventListener("click", listHere);
  close.addEventListener("click", () => filter.choose({ shown: false }));
  more.addEventListener("click", () => unfold(!root.classList.contains("open")));
  takeChoices(body, choose);
  brushDays(body, choose);
  keepOneOpen(body);
  takeForms(body, choose, () => void refresh());

  function unfold(open: boolean): void {
    root.classList.toggle("open", open);
    more.setAttribute("aria-expanded", String(open));
  }

  async function refresh(): Promise<void> {
    if (root.hidden) return;
    asking?.abort();
    const mine = (asking = new AbortController());
    const { query } = filter.now;
    total.href = `${urls.list}?${query}`;
    try {
      put(await askFragment(`${urls.filter}?${query}`, mine.signal));
      clearNotice("filter");
    } catch (error) {
      if (error instanceof RequestTrouble) showTrouble("filter", error, () => void refresh());
    }
  }

  /** Our own template, which escapes. What was open and where it was scrolled stays so. */
  function put(fragment: string): void {
    const kept = openFacet(body);
    const focused = document.activeElement?.closest("#filter [data-filter]")?.querySelector("span")?.textContent;
    body.innerHTML = fragment;
    const made = body.querySelector<HTMLElement>("#filter-bar");
    filter.correct(made?.dataset.query ?? "");
    const chips = body.querySelectorAll(".chip").length;
    on.textContent = String(chips);
    on.hidden = !chips;
    reopen(body, kept, focused ?? "");
  }

  return {
    root,
    count: (all, inView) => {
      total.textContent = t("{n} 件 · 列表", { n: number.format(all) });
      here.textContent = t("视野内 {n}", { n: number.format(inView) });
    },
    refresh: () => void refresh(),
  };
}

interface Open {
  name: string;
  top: number;
}

function openFacet(body: HTMLElement): Open | null {
  const open = body.querySelector<HTMLDetailsElement>("details.facet[open]");
  return open && { name: open.dataset.facet ?? "", top: open.lastElementChild?.scrollTop ?? 0 };
}

function reopen(body: HTMLElement, kept: Open | null, focused: string): void {
  const open = kept && body.querySelector<HTMLDetailsElement>(`details.facet[data-facet="${kept.name}"]`);
  if (!open) return;
  open.open = true;
  open.lastElementChild?.scrollTo(0, kept.top);
  const again = [...open.querySelectorAll<HTMLElement>("[data-filter]")].find((one) => focused && one.querySelector("span")?.textContent === focused);
  again?.focus({ preventScroll: true });
}

function takeForms(body: HTMLElement, choose: (query: string) => void, refresh: () => void): void {
  const trouble = (error: unknown) => error instanceof RequestTrouble && showTrouble("filter", error, refresh);
  body.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    event.preventDefault();
    const fields = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    sendForm<{ query: string }>(form.action, fields)
      .then(({ query }) => (form.matches(".filter-form") ? choose(query) : refresh()))
      .catch(trouble);
  });
  body.addEventListener("click", (event) => {
    const saved = (event.target as Element).closest<HTMLElement>("a[data-saved]");
    if (!saved) return;
    event.preventDefault();
    askJson<{ query: string }>(saved.dataset.saved ?? "")
      .then(({ query }) => choose(query))
      .catch(trouble);
  });
}
