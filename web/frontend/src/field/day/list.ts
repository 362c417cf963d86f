// The walk as a list: numbered stops, their doors from the top floor down, what is done already, what nobody verified.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { App } from "../view.ts";
import type { DoorPart, VisitsPart } from "./part.ts";
import { todayOf, type DoorDue, type Stop, type TaskDue, type Walk } from "./plan.ts";
import { forget, type Recorded } from "./recorded.ts";
import { doorName, howLate, listed, needName, OUTCOMES } from "./saying.ts";
import { record } from "./sending.ts";

export function listOf(walk: Walk, part: VisitsPart, app: App): HTMLElement {
  const list = make("ol", { class: "day-stops" });
  walk.stops.forEach((stop, n) => list.append(stopItem(stop, n + 1, part, app)));
  return list;
}

function stopItem(stop: Stop, number: number, part: VisitsPart, app: App): HTMLElement {
  const name = stop.building === null ? make("span", {}, stop.label) : make("a", { href: `#building/${stop.building}` }, stop.label);
  const head = make("h2", {}, make("span", { class: "day-number", "data-late": String(stop.late) }, String(number)), " ", name);
  const today = todayOf(new Date());
  const rows = [...stop.doors.map((due) => doorRow(due, today, part, app)), ...stop.tasks.map(taskRow)];
  return make("li", { class: "card day-stop" }, head, make("ul", { class: "day-doors" }, ...rows));
}

function doorRow(due: DoorDue, today: string, part: VisitsPart, app: App): HTMLElement {
  const { door } = due;
  const names = listed(door.people.map(({ name }) => name));
  const tags = listed([...new Set(door.people.flatMap(({ tags: each }) => each))].map((tag) => needName(tag, part)));
  const link = make(
    "a",
    { class: "day-door", href: `#day/visit/${door.id}`, "data-focus": `door-${door.id}` },
    make("span", {}, make("b", {}, door.label), " ", mark(due, today)),
    make("span", { class: "day-people" }, names),
    make("span", { class: "hint" }, tags),
  );
  const row = make("li", {}, link);
  if (part.writes) row.append(noAnswer(door, part, app));
  return row;
}

function mark(due: DoorDue, today: string): HTMLElement {
  const sign = { late: "!", today: "●", week: "○" }[due.urgency];
  return make("span", { class: "day-mark", "data-urgency": due.urgency }, make("span", { "aria-hidden": "true" }, `${sign} `), howLate(due, today));
}

/** One tap, without opening the form; it can be taken back below while it waits. */
function noAnswer(door: DoorPart, part: VisitsPart, app: App): HTMLElement {
  const button = make("button", { class: "button", type: "button", "aria-label": t("{door} 无人应答", { door: doorName(door, part) }) }, t("无人应答"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    if (await record(door, { outcome: "no_answer" }, part, app)) app.say(t("已记下：{door} 无人应答。", { door: doorName(door, part) }));
    else button.disabled = false;
  });
  return button;
}

function taskRow({ task, late }: TaskDue): HTMLElement {
  const due = task.due
    ? t("时限 {time}", { time: new Date(task.due).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }) })
    : t("没有时限");
  const sign = make("span", { "aria-hidden": "true" }, late ? "! " : "● ");
  return make(
    "li",
    {},
    make(
      "a",
      { class: "day-door", href: `#day/task/${encodeURIComponent(task.number)}` },
      make("b", {}, `${t("事件")} · ${task.category}`),
      make("span", { class: "day-people" }, task.place),
      make("span", { class: "hint" }, task.stateName),
      make("span", { class: "day-mark", "data-urgency": late ? "late" : "today" }, sign, late ? t("已超时，{due}", { due }) : due),
    ),
  );
}

/** What was recorded: on this phone and waiting, and today's calls that the server has. Each can be taken back. */
export function sectionOfDone(part: VisitsPart, recorded: Recorded, app: App): HTMLElement | null {
  const waiting = recorded.items.map((item) => {
    const row = make("li", {}, make("span", {}, item.title ?? "", " · ", OUTCOMES[String(item.body.outcome)] ?? ""), make("span", { class: "hint" }, t("等待发送")));
    if (item.state !== "waiting") row.append(make("a", { class: "button", href: "#waiting" }, t("需要处理")));
    row.append(
      takeBack(item.title ?? "", async () => {
        forget(Number(item.body.dwelling));
        await app.outbox.remove(item.uuid);
      }),
    );
    return row;
  });
  const stored = part.done
    .filter(({ call }) => !recorded.withdrawn.has(call) && !recorded.items.some(({ uuid }) => uuid === call))
    .map(({ call, building, label, outcome, at }) => {
      const name = `${part.buildings[building]?.label ?? ""} ${label}`.trim();
      const time = new Date(at).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
      const row = make("li", {}, make("span", {}, `${name} · ${OUTCOMES[outcome] ?? ""}`), make("span", { class: "hint" }, t("{time} 已保存", { time })));
      if (part.writes)
        row.append(
          takeBack(name, async () => {
            if (confirm(t("撤回“{name}”的这次走访吗？", { name })))
              await app.outbox.add("visit", { withdraw: call }, [], { title: t("撤回走访：{name}", { name }) });
          }),
        );
      return row;
    });
  if (!waiting.length && !stored.length) return null;
  return make(
    "details",
    { class: "card day-done", open: waiting.length > 0 },
    make("summary", {}, t("今天已走访 {n} 户", { n: waiting.length + stored.length })),
    make("ul", {}, ...waiting, ...stored),
  );
}

function takeBack(name: string, act: () => Promise<void>): HTMLElement {
  const button = make("button", { class: "button", type: "button", "aria-label": t("撤回 {name}", { name }) }, t("撤回"));
  button.addEventListener("click", () => void act());
  return button;
}

export function sectionOfUnverified(part: VisitsPart): HTMLElement | null {
  if (!part.unverified.length) return null;
  const total = part.unverified.reduce((sum, { doors }) => sum + doors, 0);
  const rows = part.unverified.map(({ building, doors }) =>
    make("li", {}, make("a", { href: `#building/${building}` }, part.buildings[building]?.label ?? String(building)), make("span", { class: "hint" }, t("{n} 户", { n: doors }))),
  );
  return make("details", { class: "card day-unverified" }, make("summary", {}, t("从未核实的户室 {n} 户", { n: total })), make("ul", {}, ...rows));
}
