// 查址: an address typed in any way; from what is on the phone at once, and from the server where it answers.
import { RequestTrouble, sendForm } from "../../request.ts";
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { BuildingPart } from "../parts.ts";
import type { App, View } from "../view.ts";
import { find, nameOf, type Answer, type Known } from "./finding.ts";

interface Line {
  readonly address: string;
  readonly title: string;
  readonly spans: readonly [number, number][];
  readonly below: string;
  readonly at: [number, number] | null;
}

interface Found {
  readonly lines: Line[];
  readonly missing: string;
}

/** What `/search/` answers; buildings and people alone have a page here. */
interface Sent {
  results: { kind: string; id: number; title: string; subtitle: string; spans?: [number, number][]; left?: string; alias?: string; door?: number; point?: [number, number]; url?: string }[];
  missing?: { text: string; nearest: Sent["results"] } | null;
}

const WAIT_MS = 180;
const METRES = 111_320;

export const view: View = {
  name: "find",
  title: t("查址"),
  icon: "",
  show(root, _params, app) {
    let asking: AbortController | null = null;
    let timer = 0;
    let here: [number, number] | null = null;
    let last: Found = { lines: [], missing: "" };
    const box = make("input", { type: "search", "aria-label": t("查地址"), placeholder: t("小区、楼号、单元、室号"), autocomplete: "off", enterkeyhint: "search", maxlength: 80 });
    const near = make("button", { class: "button", type: "button", "aria-pressed": "false" }, t("离我多远"));
    const said = make("p", { class: "find-missing", role: "status" });
    const list = make("ul", { class: "find-list" });
    root.append(make("h1", {}, t("查址")), make("div", { class: "find-box" }, box, near), said, list);
    const known = knownHere(app);

    const show = (found: Found, far = false) => {
      if (!far && JSON.stringify(found) === JSON.stringify(last)) return; // a finger may be on its way to a line
      last = found;
      said.textContent = found.missing;
      list.replaceChildren(...found.lines.map((line) => item(line, here)));
    };
    const ask = async () => {
      asking?.abort();
      const { signal } = (asking = new AbortController());
      const typed = box.value.trim();
      if (!typed) return show({ lines: [], missing: "" });
      const onPhone = await offline(typed, await known);
      if (signal.aborted) return;
      show(onPhone);
      if (!app.online) return;
      const sent = await online(typed, app, here, signal).catch(() => null);
      if (sent && !signal.aborted) show(sent.lines.length || !onPhone.lines.length ? sent : onPhone);
    };
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => void ask(), WAIT_MS);
    });
    near.addEventListener("click", () => void position().then((found) => {
      here = found;
      near.setAttribute("aria-pressed", String(Boolean(found)));
      if (!found) return app.say(t("手机没有给出位置。请在手机设置里允许定位。"));
      show(last, true);
      return ask();
    }));
    box.focus();
    return () => {
      clearTimeout(timer);
      asking?.abort();
    };
  },
};

/** Read once, on asking, kept in this page alone. */
function position(): Promise<[number, number] | null> {
  return new Promise((tell) => {
    if (!navigator.geolocation) return tell(null);
    const options = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 };
    navigator.geolocation.getCurrentPosition(({ coords }) => tell([coords.longitude, coords.latitude]), () => tell(null), options);
  });
}

function item({ address, title, spans, below, at }: Line, here: [number, number] | null): HTMLElement {
  const far = at && here ? make("span", { class: "hint-far" }, farAway(metres(at, here))) : "";
  const hint = below ? [make("span", { class: "hint" }, below)] : [];
  return make("li", {}, make("a", { href: address }, make("b", {}, ...marked(title, spans)), far, ...hint));
}

function marked(title: string, spans: readonly [number, number][]): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const [from, to] of spans) {
    if (from < at) continue;
    parts.push(title.slice(at, from), make("mark", {}, title.slice(from, to)));
    at = to;
  }
  return [...parts, title.slice(at)];
}

function metres([x, y]: [number, number], [east, north]: [number, number]): number {
  return Math.hypot((x - east) * Math.cos((north * Math.PI) / 180), y - north) * METRES;
}

function farAway(distance: number): string {
  return distance < 950 ? t("约 {n} 米", { n: Math.max(10, Math.round(distance / 10) * 10) }) : t("约 {n} 公里", { n: (distance / 1000).toFixed(1) });
}

// ── on the phone ──

type Here = { parts: Map<number, BuildingPart>; known: Known[] };

async function knownHere(app: App): Promise<Here | null> {
  const [ground, doors] = await Promise.all([app.pack.get("ground"), app.pack.get("doors")]);
  if (!ground) return null;
  const behind = new Map<number, [string, string][]>();
  for (const [building, , unit, , room, state] of doors ?? []) {
    if (state !== "gone") behind.set(building, [...(behind.get(building) ?? []), [unit, room]]);
  }
  const known = ground.buildings.map(({ id, label, address, sound }) => ({ id, label, address, sound: sound ?? "", doors: behind.get(id) ?? [] }));
  return { parts: new Map(ground.buildings.map((part) => [part.id, part])), known };
}

async function offline(typed: string, here: Here | null): Promise<Found> {
  if (!here) return { lines: [], missing: t("还没有下载数据。请联网后再打开。") };
  const { hits, missing } = find(typed, here.known);
  const nearest = (missing?.nearest ?? []).map((id) => ({ id, score: 0, door: null, lacks: "" }));
  const others = hits.filter(({ id }) => !nearest.some((one) => one.id === id));
  const lines = [...nearest, ...others].map((hit) => lineOf(hit, here.parts.get(hit.id)!, typed));
  return { lines, missing: sentence(missing, here) || (lines.length ? "" : t("手机上没有找到。")) };
}

function lineOf({ door, lacks }: Answer["hits"][number], part: BuildingPart, typed: string): Line {
  const title = door ? `${part.label} ${door[0] ? `${door[0]}单元` : ""}${door[1]}` : part.label;
  const query = door ? `?${new URLSearchParams({ unit: door[0], room: door[1] })}` : "";
  const below = [part.address === part.label ? "" : part.address, lacks ? t("没有：{text}", { text: lacks }) : ""].filter(Boolean).join(" · ");
  const { text } = nameOf(part.label);
  const at = part.label.indexOf(text);
  const spans: [number, number][] = text && at >= 0 && typed.includes(text) ? [[at, at + text.length]] : [];
  return { address: `#building/${part.id}${query}`, title, spans, below, at: middle(part) };
}

function middle({ rings }: BuildingPart): [number, number] | null {
  const ring = rings[0] ?? [];
  const count = ring.length / 2;
  if (!count) return null;
  const sum = (odd: number) => ring.reduce((all, value, at) => all + (at % 2 === odd ? value : 0), 0) / count;
  return [sum(0), sum(1)];
}

function sentence(missing: Answer["missing"], here: Here): string {
  if (!missing) return "";
  const there = missing.nearest.map((id) => here.parts.get(id)!.label.replace(missing.of, "")).join("、");
  return t("{place}没有 {asked} 号；最近的是 {there}。", { place: missing.of, asked: missing.asked, there });
}

// ── at the server ──

async function online(typed: string, app: App, here: [number, number] | null, signal: AbortSignal): Promise<Found | null> {
  const near: Record<string, string> = here ? { lon: String(here[0]), lat: String(here[1]) } : {};
  // Posted: what is typed may be somebody's name, and an address is written into logs.
  const people = /^[\u4e00-\u9fff·]{2,6}$/.test(typed) && app.holder?.able.includes("people.read");
  try {
    const [places, residents] = await Promise.all([
      sendForm<Sent>("/search/", { q: typed, ...near }, signal),
      people ? sendForm<Sent>("/search/people/", { q: typed }, signal) : null,
    ]);
    const results = [...(residents?.results ?? []), ...(places.missing?.nearest ?? []), ...places.results];
    const opened = results.filter(({ kind }) => kind === "building" || kind === "resident");
    const once = opened.filter((one, at) => opened.findIndex((other) => other.kind === one.kind && other.id === one.id && other.door === one.door) === at);
    return { lines: once.map(sentLine), missing: places.missing?.text ?? (once.length ? "" : t("没有找到。试试楼号、道路、小区。")) };
  } catch (error) {
    if (error instanceof RequestTrouble || (error as Error).name === "AbortError") return null;
    throw error;
  }
}

function sentLine({ kind, id, title, subtitle, spans, left, alias, door, point, url }: Sent["results"][number]): Line {
  const below = [subtitle, alias ? t("又名 {name}", { name: alias }) : "", left ? t("没有：{text}", { text: left }) : ""];
  const address = kind === "resident" ? (url ?? "") : `#building/${id}${door ? `?door=${door}` : ""}`;
  return { address, title, spans: spans ?? [], below: below.filter(Boolean).join(" · "), at: point ?? null };
}
