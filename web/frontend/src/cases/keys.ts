// Single keys for clerks who work through many cases. They can be turned off, for speech input types letters too.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";

const OFF = "wangge-keys-off";

type Key = { key: string; says: string; act: () => void };

export function listenForKeys(): void {
  const keys = keysHere();
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-keys-help]")) help(keys);
  });
  if (!keys.length) return;
  openNamed();
  addEventListener("hashchange", openNamed);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isWriting(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") help(keys);
    else if (!isOff()) {
      const found = keys.find((one) => one.key === event.key);
      if (!found) return;
      found.act();
    } else return;
    event.preventDefault();
  });
}

function keysHere(): Key[] {
  if (document.querySelector("[data-rows]")) return listKeys();
  if (document.querySelector("[data-correction]")) return correctionKeys();
  return document.querySelector("[data-case]") ? caseKeys() : [];
}

export function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

export function isOff(): boolean {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false; // a browser that keeps nothing
  }
}

/** A list: one row is current, and the keys work on it. */
function listKeys(): Key[] {
  const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const current = (): HTMLElement | undefined => rows().find((row) => row.hasAttribute("aria-current"));
  const go = (by: number): void => {
    const all = rows();
    const at = all.findIndex((row) => row.hasAttribute("aria-current"));
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    for (const row of all) row.toggleAttribute("aria-current", row === next);
    next?.querySelector<HTMLElement>("th a")?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  };
  return [
    { key: "j", says: t("下一件"), act: () => go(1) },
    { key: "k", says: t("上一件"), act: () => go(-1) },
    { key: "x", says: t("勾选"), act: () => current()?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click() },
    { key: "o", says: t("打开"), act: () => current()?.querySelector<HTMLElement>("th a")?.click() },
    { key: "a", says: t("办理选中的"), act: () => document.querySelector<HTMLElement>("#bulk-act, .correction-answer button")?.focus() },
    { key: "/", says: t("查找"), act: () => document.querySelector<HTMLElement>("#f-text")?.focus() },
  ];
}

/** A case: to the next move, to a comment, back. */
function caseKeys(): Key[] {
  const click = (selector: string) => () => document.querySelector<HTMLElement>(selector)?.click();
  return [
    { key: "a", says: t("办理第一项"), act: click(".move > summary") },
    { key: "c", says: t("写内部备注"), act: () => document.querySelector<HTMLElement>("#comment-note")?.focus() },
    { key: "u", says: t("撤销"), act: click(".toast [data-key=u], form.undo button") },
    { key: "b", says: t("回到待办"), act: () => location.assign("/inbox/") },
  ];
}

/** A correction: accepting is one key and a confirmation by Enter, refusing begins with its reason. */
function correctionKeys(): Key[] {
  const focus = (selector: string) => () => document.querySelector<HTMLElement>(selector)?.focus();
  return [
    { key: "a", says: t("到“采纳”"), act: focus("[data-accept]") },
    { key: "r", says: t("写不采纳的理由"), act: focus("#reason") },
    { key: "n", says: t("下一条"), act: () => document.querySelector<HTMLElement>("[data-next]")?.click() },
    { key: "b", says: t("回到更正列表"), act: () => location.assign("/corrections/") },
  ];
}

/** `#move-dispatch` in the address opens that form: the inbox leads straight to what is to be done. */
function openNamed(): void {
  const named = /^#move-\w+$/.test(location.hash) ? document.querySelector<HTMLDetailsElement>(`details${location.hash}`) : null;
  if (named) named.open = true;
}

function help(keys: Key[]): void {
  if (document.querySelector("dialog.keys-dialog")) return;
  const dialog = make("dialog", { class: "keys-dialog", "aria-label": t("快捷键") });
  const rows = keys.map((one) => make("li", {}, make("kbd", {}, one.key), ` ${one.says}`));
  const on = make("input", { type: "checkbox" });
  on.checked = !isOff();
  on.addEventListener("change", () => {
    try {
      if (on.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch {
      // as above
    }
  });
  const close = make("button", { type: "button", class: "button primary" }, t("好"));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(make("h2", {}, t("快捷键")), make("ul", {}, ...rows), make("label", { class: "choice" }, on, t("使用单键快捷键")), close);
  document.body.append(dialog);
  dialog.showModal();
}
