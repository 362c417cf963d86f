// The search box: results while one types, all of it by keyboard (ARIA combobox with a list).
import { askJson, RequestTrouble } from "../request.ts";
import { t } from "../words.ts";
import { announce, make } from "./dom.ts";

export interface Result {
  kind: string;
  code: string;
  id: number | null;
  title: string;
  subtitle: string;
  bbox?: [number, number, number, number];
  point?: [number, number];
  panel?: string;
  /** The page of its record. */
  url?: string;
}

interface Wishes {
  address: string;
  centre(): { lat: number; lng: number };
  choose(result: Result): void;
}

const WAIT_MS = 160;
const KINDS: Record<string, string> = {
  area: "辖区",
  cell: "网格",
  building: "楼栋",
  compound: "小区",
  road: "道路",
  incident: "事件",
};

export function mountSearch(input: HTMLInputElement, list: HTMLElement, wishes: Wishes): void {
  let results: Result[] = [];
  let active = -1;
  let asking: AbortController | null = null;
  let timer = 0;

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), WAIT_MS);
  });
  input.addEventListener("keydown", onKey);
  // By hand only: a panel that closes gives the focus back here, and must not open the list over the map again.
  input.addEventListener("click", () => results.length && open());
  document.addEventListener("pointerdown", (event) => {
    if (!input.form?.contains(event.target as Node)) close();
  });
  input.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (active < 0 && results.length) active = 0;
    take();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (option) ((active = Number(option.dataset.index)), take());
  });

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return; // Enter and arrows belong to the input method while it spells
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (!list.hidden) close();
      else input.value ? clear() : input.blur();
    }
  }

  async function ask(): Promise<void> {
    asking?.abort();
    const q = input.value.trim();
    if (!q) return clear();
    asking = new AbortController();
    const { lat, lng } = wishes.centre();
    const query = new URLSearchParams({ q, lat: lat.toFixed(4), lon: lng.toFixed(4) });
    try {
      const answer = await askJson<{ results: Result[] }>(`${wishes.address}?${query}`, asking.signal);
      show(answer.results);
    } catch (error) {
      if (error instanceof RequestTrouble) say(`${error.message} ${error.fix}`);
    }
  }

  function show(found: Result[]): void {
    results = found;
    active = -1;
    if (!found.length) return say(t("没有找到。试试楼号、道路、小区或网格代码。"));
    list.replaceChildren(...found.map(option));
    open();
    announce(t("找到 {count} 个结果", { count: found.length }));
  }

  function say(text: string): void {
    results = [];
    list.replaceChildren(make("li", { class: "search-none", role: "option", "aria-disabled": "true" }, text));
    open();
    announce(text);
  }

  function move(step: number): void {
    if (!results.length) return;
    open();
    active = (active + step + results.length + (active < 0 && step < 0 ? 1 : 0)) % results.length;
    [...list.children].forEach((child, i) => child.setAttribute("aria-selected", String(i === active)));
    list.children[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[active].id);
  }

  function take(): void {
    const chosen = results[active];
    if (!chosen) return;
    input.value = chosen.title;
    close();
    wishes.choose(chosen);
  }

  function clear(): void {
    input.value = "";
    results = [];
    close();
  }

  function open(): void {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close(): void {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}

function option(result: Result, i: number): HTMLElement {
  const kind = t(KINDS[result.kind] ?? "地点");
  const below = result.subtitle === kind ? "" : (result.subtitle ?? "");
  return make(
    "li",
    { id: `search-result-${i}`, role: "option", "data-index": i, "aria-selected": "false" },
    make("span", { class: "search-title" }, result.title),
    make("span", { class: "search-kind" }, below.startsWith(kind) ? "" : kind),
    make("span", { class: "search-subtitle" }, below),
  );
}
