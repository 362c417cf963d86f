// 今天: what is to be done in one's own cells today, in walking order, as a list or on the map.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { sectionOfChecks } from "../organisations/list.ts";
import { readOrganisations } from "../organisations/model.ts";
import type { App, View } from "../view.ts";
import { showForm } from "./form.ts";
import { listOf, sectionOfDone, sectionOfUnverified } from "./list.ts";
import { nothingYet } from "./nothing.ts";
import type { VisitsPart } from "./part.ts";
import { doorsDue, fits, planWalk, tasksDue, todayOf, type Filter } from "./plan.ts";
import { readRecorded, type Recorded } from "./recorded.ts";
import { showTask } from "./task.ts";

/** What stays as one goes to a door and back; forgotten with the page. No position is kept anywhere else. */
const chosen = { filter: "today" as Filter, asMap: false, start: null as [number, number] | null };

export const view: View = {
  name: "day",
  title: t("今天"),
  icon: "",
  show(root, params, app, query) {
    if (params[0] === "task") return showTask(root, decodeURIComponent(params[1] ?? ""), app, query.get("item"));
    if (params[0] === "visit") return showForm(root, Number(params[1]), app, query.get("item"));
    return showDay(root, app);
  },
};

function showDay(root: HTMLElement, app: App): () => void {
  const body = make("div", { class: "day" });
  root.append(make("h1", {}, t("今天")), body);
  let stopMap: (() => void) | null = null;
  let turn = 0;
  const refresh = async () => {
    const mine = ++turn;
    const [part, area, recorded] = await Promise.all([app.pack.get("visits"), app.pack.area(), readRecorded(app)]);
    const checks = await checksDue(app);
    if (mine !== turn) return;
    stopMap?.();
    stopMap = null;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.focus;
    const open = [...body.querySelectorAll<HTMLDetailsElement>("details[open]")].map(({ className }) => className);
    body.replaceChildren(...(part ? [...contents(part, recorded, app, refresh), ...checks] : [nothingYet(app, area)]));
    for (const one of body.querySelectorAll("details")) if (open.includes(one.className)) one.open = true;
    if (focused) body.querySelector<HTMLElement>(`[data-focus="${focused}"]`)?.focus();
    const host = body.querySelector<HTMLElement>(".day-map");
    if (host && part) {
      const { showWalk } = await import("./map.ts");
      const stop = await showWalk(host, walkOf(part, recorded), chosen.start, app);
      if (mine === turn) stopMap = stop;
      else stop();
    }
  };
  void refresh();
  const stops = [app.on("pack", () => void refresh()), app.on("outbox", () => void refresh())];
  return () => {
    turn++;
    stops.forEach((stop) => stop());
    stopMap?.();
  };
}

/** Units whose check is due: empty before the pack holds them. */
async function checksDue(app: App): Promise<HTMLElement[]> {
  const [all, ground] = await Promise.all([readOrganisations(app), app.pack.get("ground")]);
  const labels = new Map(ground?.buildings.map(({ id, label }) => [id, label]));
  const section = sectionOfChecks(all, (building) => labels.get(building) ?? "");
  return section ? [section] : [];
}

function walkOf(part: VisitsPart, { done, moved }: Recorded) {
  const left = { ...part, tasks: part.tasks.filter(({ number }) => !moved.has(number)) };
  return planWalk(left, { done, filter: chosen.filter, now: new Date(), start: chosen.start });
}

function contents(part: VisitsPart, recorded: Recorded, app: App, refresh: () => Promise<void>): HTMLElement[] {
  const walk = walkOf(part, recorded);
  const parts: (HTMLElement | null)[] = [
    part.named ? null : countsOnly(),
    filters(part, recorded, refresh),
    controls(refresh),
    walk.stops.length ? explanation(walk.stops.length, walk.metres) : emptyNote(part, recorded),
    walk.stops.length && chosen.asMap ? make("div", { class: "day-map", role: "region", "aria-label": t("走访路线地图") }) : null,
    walk.stops.length ? listOf(walk, part, app) : null,
    sectionOfDone(part, recorded, app),
    sectionOfUnverified(part),
  ];
  return parts.filter((one) => one !== null);
}

function countsOnly(): HTMLElement {
  const map = make("a", { class: "button", href: "/#?show=visits_late" }, t("看地图指标"));
  return make("div", { class: "notice" }, make("p", {}, t("按您的角色，这里不列出具体的人；各辖区应走访和逾期的人数请看地图指标。")), map);
}

function emptyNote(part: VisitsPart, recorded: Recorded): HTMLElement {
  const later = doorsDue(part, recorded.done, todayOf(new Date())).length;
  const said =
    chosen.filter === "week" || !later ? t("一周内没有要走访的住户，也没有要去看的事件。") : t("没有了。一周内另有 {n} 户到期。", { n: later });
  return make("p", { class: "day-empty" }, said);
}

function filters(part: VisitsPart, recorded: Recorded, refresh: () => Promise<void>): HTMLElement {
  const now = new Date();
  const doors = doorsDue(part, recorded.done, todayOf(now));
  const tasks = tasksDue(part, now);
  const names: [Filter, string][] = [["today", t("今天")], ["late", t("逾期")], ["week", t("一周内")]];
  const set = make("fieldset", { class: "segments day-filters" }, make("legend", { class: "visually-hidden" }, t("看哪些")));
  for (const [filter, name] of names) {
    const number = doors.filter((door) => fits(door, filter)).length + tasks.filter(({ late }) => late || filter !== "late").length;
    const input = make("input", { type: "radio", name: "day-filter", value: filter, checked: filter === chosen.filter, "data-focus": `filter-${filter}` });
    input.addEventListener("change", () => ((chosen.filter = filter), void refresh()));
    set.append(make("label", {}, input, make("span", {}, `${name} ${number}`)));
  }
  return set;
}

function controls(refresh: () => Promise<void>): HTMLElement {
  const map = make("button", { class: "button", type: "button", "aria-pressed": String(chosen.asMap), "data-focus": "map" }, chosen.asMap ? t("只看列表") : t("在地图上看"));
  map.addEventListener("click", () => ((chosen.asMap = !chosen.asMap), void refresh()));
  const here = make("button", { class: "button", type: "button", "data-focus": "here" }, chosen.start ? t("不用我的位置") : t("从我这里开始"));
  here.addEventListener("click", () => void startHere(here, refresh));
  return make("div", { class: "day-controls" }, map, here);
}

/** The position is read once, on asking, stays in this page and is sent nowhere. */
async function startHere(button: HTMLElement, refresh: () => Promise<void>): Promise<void> {
  if (chosen.start) {
    chosen.start = null;
    return refresh();
  }
  const found = await new Promise<GeolocationPosition | null>((tell) => {
    if (!navigator.geolocation) tell(null);
    else navigator.geolocation.getCurrentPosition(tell, () => tell(null), { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 });
  });
  if (found) {
    chosen.start = [found.coords.longitude, found.coords.latitude];
    return refresh();
  }
  button.parentElement?.querySelector(".notice")?.remove();
  button.parentElement?.append(make("p", { class: "notice warn", role: "alert" }, t("手机没有给出位置。请在手机设置里允许定位，或按现在的顺序走。")));
}

function explanation(stops: number, metres: number): HTMLElement {
  const far = metres < 950 ? t("约 {n} 米", { n: Math.max(50, Math.round(metres / 50) * 50) }) : t("约 {n} 公里", { n: (metres / 1000).toFixed(1) });
  const why = chosen.start
    ? t("从您这里出发，先走有逾期的楼，再走其余；每个单元从高层往下走。做完一户，顺序随之更新。")
    : t("先走有逾期的楼，再走其余；每个单元从高层往下走。做完一户，顺序随之更新。");
  return make("p", { class: "hint day-why" }, `${t("{n} 处，{far}。", { n: stops, far })}${why}`);
}
