// The search box: results while one types, all of it by keyboard (ARIA combobox with a list).
import { RequestTrouble, sendForm } from "../request.ts";
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
  /** A road, to be drawn. */
  lines?: [number, number][][];
  panel?: string;
  /** The page of its record. */
  url?: string;
  /** Parts of the title that were typed, [from, to). */
  spans?: [number, number][];
  /** What was typed and is not there. */
  left?: string;
  /** The other name by which it was found. */
  alias?: string;
}

interface Answer {
  results: Result[];
  /** What is not there, in a sentence, and the nearest that is. */
  missing: { text: string; nearest: Result[] } | null;
}

interface Wishes {
  address: string;
  /** Where to ask for people, for whom may see their names. */
  people: string | null;
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
  component: "部件",
  resident: "居民",
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
    const option = (event.target as Element).closest<HTMLElement>("[data-index]");
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
    const { signal } = (asking = new AbortController());
    const { lat, lng } = wishes.centre();
    try {
      // Posted: what is typed here may be somebody's name, and an address is written into logs.
      const places = sendForm<Answer>(wishes.address, { q, lat: lat.toFixed(4), lon: lng.toFixed(4) }, signal);
      const people = mayBeAName(q) && wishes.people ? sendForm<Answer>(wishes.people, { q }, signal) : null;
      const [answer, residents] = await Promise.all([places, people]);
      show(answer, residents?.results ?? []);
    } catch (error) {
      if (error instanceof RequestTrouble) say(`${error.message} ${error.fix}`);
    }
  }

  function show({ results: places, missing }: Answer, residents: Result[]): void {
    const nearest = missing?.nearest ?? [];
    const others = places.filter((place) => !nearest.some((one) => one.kind === place.kind && one.id === place.id));
    results = [...nearest, ...residents, ...others];
    active = -1;
    if (!results.length) return say(missing?.text ?? t("没有找到。试试楼号、道路、小区或网格代码。"));
    const found = t("找到 {count} 个结果", { count: results.length });
    list.replaceChildren(...(missing ? [note(missing.text)] : []), ...results.map(option));
    open();
    announce(missing ? `${missing.text} ${found}` : found);
  }

  function say(text: string): void {
    results = [];
    list.replaceChildren(note(text));
    open();
    announce(text);
  }

  function move(step: number): void {
    if (!results.length) return;
    open();
    active = (active + step + results.length + (active < 0 && step < 0 ? 1 : 0)) % results.length;
    const options = [...list.querySelectorAll("[data-index]")];
    options.forEach((child, i) => child.setAttribute("aria-selected", String(i === active)));
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
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

function note(text: string): HTMLElement {
  return make("li", { class: "search-none", role: "option", "aria-disabled": "true" }, text);
}

/** Two to six Chinese characters and nothing else. */
function mayBeAName(text: string): boolean {
  return /^[\u4e00-\u9fff·]{2,6}$/.test(text);
}

function option(result: Result, i: number): HTMLElement {
  const kind = t(KINDS[result.kind] ?? "地点");
  const below = [
    result.subtitle === kind ? "" : (result.subtitle ?? ""),
    result.alias ? t("又名 {name}", { name: result.alias }) : "",
    result.left ? t("没有：{text}", { text: result.left }) : "",
  ];
  return make(
    "li",
    { id: `search-result-${i}`, role: "option", "data-index": i, "aria-selected": "false" },
    make("span", { class: "search-title" }, ...marked(result.title, result.spans ?? [])),
    make("span", { class: "search-kind" }, below[0].startsWith(kind) ? "" : kind),
    make("span", { class: "search-subtitle" }, below.filter(Boolean).join(" · ")),
  );
}

/** A title with its parts that were typed in marks. */
function marked(title: string, spans: [number, number][]): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const [from, to] of spans) {
    if (from < at) continue;
    parts.push(title.slice(at, from), make("mark", {}, title.slice(from, to)));
    at = to;
  }
  return [...parts, title.slice(at)];
}
