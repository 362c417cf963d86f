// A conflict, side by side: mine and theirs, field by field, the reader chooses.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import type { Item } from "./outbox.ts";
import type { App } from "./view.ts";

/** Names that tell the server which version was seen; copied from theirs, never shown. */
const VERSION = "base";
/** What others did meanwhile: told, not chosen. */
const SINCE = "since";

/** The fields in which the two differ, in the order of mine. */
export function differing(mine: Record<string, unknown>, theirs: Record<string, unknown>): string[] {
  return Object.keys(theirs).filter((name) => name !== VERSION && name !== SINCE && JSON.stringify(mine[name]) !== JSON.stringify(theirs[name]));
}

/** Mine with the chosen fields of theirs, on top of the version that theirs is. */
export function merged(
  mine: Record<string, unknown>,
  theirs: Record<string, unknown>,
  chosen: ReadonlySet<string>,
): Record<string, unknown> {
  const taken = [...chosen, VERSION].filter((name) => name in theirs);
  return { ...mine, ...Object.fromEntries(taken.map((name) => [name, theirs[name]])) };
}

export function compare(item: Item, app: App): HTMLElement {
  const theirs = item.problem?.theirs ?? {};
  if ("stored" in theirs) return storedBefore(item, theirs, app);
  const names = differing(item.body, theirs);
  const form = make("form", { class: "compare" });
  if (theirs[SINCE]) form.append(make("p", { class: "compare-since" }, make("strong", {}, t("此后的进展")), " ", String(theirs[SINCE])));
  for (const name of names) form.append(choice(item, theirs, name));
  form.append(make("button", { class: "button primary wide" }, t("按所选发送")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = new Set(names.filter((name) => new FormData(form).get(name) === "theirs"));
    void app.outbox.rewrite(item.uuid, merged(item.body, theirs, chosen));
  });
  return form;
}

/** It was stored, its answer got lost, and then it was edited: one of the two is kept, or both. */
function storedBefore({ uuid }: Item, { stored, outcome }: Record<string, unknown>, app: App): HTMLElement {
  const when = new Date(String(stored)).toLocaleString(document.documentElement.lang);
  const { url, number } = (outcome ?? {}) as { url?: string; number?: string };
  const theirs = url ? make("a", { href: url }, number ?? t("查看")) : "";
  const keep = make("button", { class: "button", type: "button" }, t("以已保存的为准"));
  keep.addEventListener("click", () => void app.outbox.remove(uuid));
  const anew = make("button", { class: "button", type: "button" }, t("另发一条"));
  anew.addEventListener("click", () => void app.outbox.asNew(uuid));
  const said = make("p", {}, t("已于 {when} 保存。", { when }), " ", theirs);
  return make("div", { class: "compare" }, said, make("div", { class: "actions" }, keep, anew));
}

function choice(item: Item, theirs: Record<string, unknown>, name: string): HTMLElement {
  const label = item.labels?.[name] ?? name;
  return make(
    "fieldset",
    { class: "compare-field" },
    make("legend", {}, label),
    side(name, "mine", t("我的"), wordOf(item, name, item.body[name]), true),
    side(name, "theirs", t("服务器上的"), wordOf(item, name, theirs[name]), false),
  );
}

/** A value that is a code in words, where the item's labels have them as `name=value`. */
function wordOf(item: Item, name: string, content: unknown): unknown {
  return item.labels?.[`${name}=${String(content)}`] ?? content;
}

function side(name: string, value: string, whose: string, content: unknown, checked: boolean): HTMLElement {
  const input = make("input", { type: "radio", name, value, checked });
  return make("label", { class: "choice" }, input, make("span", {}, `${whose}：${said(content)}`));
}

function said(content: unknown): string {
  if (content === null || content === undefined || content === "") return t("（空）");
  return typeof content === "object" ? JSON.stringify(content) : String(content);
}
