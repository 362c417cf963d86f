// One case on the spot: what it is, and the move its holder makes there, with a word and photos, with or without signal.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { fillAsItComes } from "../arriving.ts";
import { NoRoom, type WholeItem } from "../outbox.ts";
import { Photos } from "../report/photos.ts";
import type { App } from "../view.ts";
import { nothingYet } from "./nothing.ts";
import type { MovePart, TaskPart, VisitsPart } from "./part.ts";

const LONGEST = 2000;

export function showTask(root: HTMLElement, number: string, app: App, itemId: string | null): () => void {
  return fillAsItComes(root, app, () => contents(number, app, itemId));
}

async function contents(number: string, app: App, itemId: string | null): Promise<HTMLElement[]> {
  const [part, area, item] = await Promise.all([app.pack.get("visits"), app.pack.area(), itemId ? app.outbox.get(itemId) : null]);
  const task = part?.tasks.find((one) => one.number === number);
  const back = make("p", {}, make("a", { href: "#day" }, `‹ ${t("今天")}`));
  if (!part) return [back, make("h1", {}, number), nothingYet(app, area)];
  return [back, ...(task ? [...head(task, part), formOf(task, app, item)] : gone(number, app))];
}

function gone(number: string, app: App): HTMLElement[] {
  const record = make("a", { class: "button", href: recordOf(number) }, t("看这件事"));
  return [
    make("h1", {}, number),
    make("p", { class: "notice warn" }, t("这件事不在您今天的名单里：可能已有人办理。")),
    ...(app.online ? [make("p", {}, record)] : []),
  ];
}

function recordOf(number: string): string {
  return `/incidents/${encodeURIComponent(number)}/`;
}

function head(task: TaskPart, part: VisitsPart): HTMLElement[] {
  const due = task.due && new Date(task.due);
  const when = due ? t("时限 {time}", { time: due.toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }) }) : t("没有时限");
  const late = due && due.getTime() < Date.now();
  const building = task.building !== null ? part.buildings[String(task.building)] : undefined;
  return [
    make("h1", {}, task.category),
    make("p", { class: "day-mark", "data-urgency": late ? "late" : "today" }, `${task.stateName} · ${late ? t("已超时，{due}", { due: when }) : when}`),
    make("p", {}, building ? make("a", { href: `#building/${task.building}` }, building.label) : task.place),
    ...(task.text ? [make("p", { class: "task-text" }, task.text)] : []),
    make("p", {}, make("a", { href: recordOf(task.number) }, t("全部记录 {number}", { number: task.number }))),
  ];
}

function formOf(task: TaskPart, app: App, item: WholeItem | null): HTMLElement {
  if (!task.moves.length) return make("p", { class: "notice" }, t("现在没有您要办的。"));
  const photos = new Photos(() => undefined);
  photos.take(item?.pictures ?? []);
  const note = make("textarea", { id: "task-note", name: "note", rows: 4, maxlength: LONGEST });
  note.value = String(item?.body.note ?? "");
  const trouble = make("div", { class: "notice error", role: "alert", hidden: !item?.problem }, item?.problem ? `${item.problem.error} ${item.problem.fix}` : "");
  const form = make(
    "form",
    { class: "report task-form", novalidate: true },
    trouble,
    choiceOf(task.moves, String(item?.body.act ?? task.moves[0].act)),
    make("section", { class: "report-part" }, make("h2", {}, make("label", { for: "task-note" }, t("现场情况"))), note),
    photos.element,
    make("div", { class: "report-foot" }, make("button", { class: "button primary wide", type: "submit" }, t("提交"))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const complaint = lacking(form, task, photos);
    if (complaint) return say(trouble, complaint, note);
    void keep(form, task, photos, app, item).then((why) => (why ? say(trouble, why, note) : app.go("day")));
  });
  return form;
}

function choiceOf(moves: readonly MovePart[], chosen: string): HTMLElement {
  const set = make("fieldset", { class: "report-part task-moves" }, make("legend", {}, t("办理")));
  for (const { act, name } of moves) {
    const input = make("input", { type: "radio", name: "act", value: act, checked: act === chosen });
    set.append(make("label", { class: "choice" }, input, make("span", {}, name)));
  }
  return set;
}

function actOf(form: HTMLFormElement): string {
  return String(new FormData(form).get("act") ?? "");
}

function lacking(form: HTMLFormElement, task: TaskPart, photos: Photos): string {
  if (photos.busy) return t("照片还在处理，请稍等。");
  const move = task.moves.find(({ act }) => act === actOf(form));
  const text = String(new FormData(form).get("note") ?? "").trim();
  return move?.needsNote && !text ? t("请写一句现场的情况。") : "";
}

function say(trouble: HTMLElement, words: string, note: HTMLElement): void {
  trouble.textContent = words;
  trouble.hidden = false;
  note.focus();
}

/** Keep the move to be sent; what is wrong where it could not be kept, "" where it was. */
async function keep(form: HTMLFormElement, task: TaskPart, photos: Photos, app: App, item: WholeItem | null): Promise<string> {
  const act = actOf(form);
  const body = { number: task.number, act, note: String(new FormData(form).get("note") ?? "").trim(), base: task.revision };
  const name = task.moves.find((move) => move.act === act)?.name ?? "";
  const labels = { note: t("现场情况"), act: t("办理"), photos: t("照片") };
  const telling = { title: `${name}：${task.category}`, edit: `#day/task/${encodeURIComponent(task.number)}`, labels };
  try {
    if (item) await app.outbox.rewrite(item.uuid, body, photos.blobs, telling);
    else await app.outbox.add("move", body, photos.blobs, telling);
    app.say(t("已记下：{title}", { title: telling.title }));
    return "";
  } catch (error) {
    return error instanceof NoRoom ? error.message : t("没有保存，请再试一次。");
  }
}
