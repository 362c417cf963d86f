// Keeping what was written about doors, and taking the last of it back within this visit of the page.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { App } from "../view.ts";
import { forget } from "./model.ts";

interface Inverse {
  readonly kind: string;
  readonly body: Record<string, unknown>;
}

interface Kept {
  readonly title: string;
  /** Where the reader edits it while it waits. */
  readonly edit: string;
  /** What takes it back once it may have been sent; without it, only what has not been sent is taken back. */
  readonly undo?: Inverse | ((uuid: string) => Inverse);
  /** An item that was written before and is rewritten. */
  readonly uuid?: string;
  /** Words for the names of the body, where two sides are compared. */
  readonly labels?: Record<string, string>;
}

interface Last {
  readonly uuid: string;
  readonly title: string;
  readonly undo?: Inverse;
}

let last: Last | null = null;
let count = 0;

/** Changes with every act, so that an address of the same building is shown anew. */
export function taken(): string {
  return String(++count);
}

export async function keep(app: App, kind: string, body: Record<string, unknown>, { title, edit, undo, uuid, labels }: Kept): Promise<void> {
  if (uuid) {
    await app.outbox.rewrite(uuid, body, undefined, { title, edit, labels });
    last = null;
  } else {
    const made = await app.outbox.add(kind, body, [], { title, edit, labels });
    last = { uuid: made, title, undo: typeof undo === "function" ? undo(made) : (undo ?? inverseOf(body)) };
  }
  app.say(app.online ? t("已保存，正在发送。") : t("已存在手机上，有信号时自动发送。"));
}

/** A new name, an end or a return is taken back by its opposite. A visit is not: it happened. */
function inverseOf(body: Record<string, unknown>): Inverse | undefined {
  const { building, door, rename, named, end, restore, answer, people } = body;
  if (answer || people) return undefined;
  if (rename && named) {
    const { unit, room } = rename as { unit: string; room: string };
    return { kind: "door", body: { building, door: Array.isArray(door) ? [unit, room] : door, rename: named, named: rename } };
  }
  if (end) return { kind: "door", body: { building, door, restore: true } };
  return restore ? { kind: "door", body: { building, door, end: "demolished" } } : undefined;
}

/** "Saved … undo", for the last act; empty where there is none that can be taken back. */
export function undoing(app: App): HTMLElement {
  const bar = make("div", { class: "door-undo", hidden: true });
  if (last) void offer(bar, app, last);
  return bar;
}

async function offer(bar: HTMLElement, app: App, act: Last): Promise<void> {
  const waits = await app.outbox.get(act.uuid);
  const unsent = waits !== null && !app.online;
  if (!unsent && !act.undo) return;
  const button = make("button", { class: "button", type: "button" }, t("撤销"));
  button.addEventListener("click", () => void takeBack(app, act));
  bar.replaceChildren(make("span", {}, t("已保存：{title}", { title: act.title })), button);
  bar.hidden = false;
}

/** Unsent it is deleted; what may be on its way is followed by its opposite. */
async function takeBack(app: App, act: Last): Promise<void> {
  last = null;
  const waits = await app.outbox.get(act.uuid);
  if (waits && (!app.online || waits.state !== "waiting")) {
    forget(act.uuid);
    await app.outbox.remove(act.uuid);
    forget(act.uuid);
  } else if (act.undo) {
    await app.outbox.add(act.undo.kind, act.undo.body, [], { title: t("撤销：{title}", { title: act.title }) });
  }
  app.say(t("已撤销。"));
}
