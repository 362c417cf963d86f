// Short messages over the map: what went wrong with which part, and one button that mends it.
import { Recovery } from "../recovery.ts";
import type { RequestTrouble } from "../request.ts";
import { t } from "../words.ts";
import { byId, make } from "./dom.ts";

const shown = new Map<string, HTMLElement>();
const recoveries = new Map<string, Recovery>();
let signIn = "/sign-in/";

export function useSignIn(address: string): void {
  signIn = address;
}

/**
 * Show what failed, once for each `part` of the page, and try it again by itself where that may help, until the notice
 * is cleared. Signing in replaces trying again where that is the cure.
 */
export function showTrouble(part: string, { kind, message, fix }: RequestTrouble, retry: () => void): void {
  const passing = kind === "offline" || kind === "broken";
  recoveryOf(part).failed(retry, passing);
  const then = passing ? t("正在自动重试。") : fix;
  const said = `${message} ${then}`;
  if (shown.get(part)?.dataset.said === said) return; // the same again, whether it still stands there or was closed
  const cure = kind === "signed-out" ? signInLink() : retryButton(part, retry);
  const text = make("p", {}, make("strong", {}, message), ` ${then}`);
  put(part, text, kind === "refused" ? null : cure, "bad").dataset.said = said;
}

function recoveryOf(part: string): Recovery {
  const recovery = recoveries.get(part) ?? new Recovery();
  recoveries.set(part, recovery);
  return recovery;
}

export function showNote(part: string, text: string): void {
  put(part, make("p", {}, text), null, "plain");
}

export function clearNotice(part: string): void {
  recoveries.get(part)?.done();
  shown.get(part)?.remove();
  shown.delete(part);
}

function put(part: string, text: HTMLElement, cure: HTMLElement | null, tone: string): HTMLElement {
  shown.get(part)?.remove();
  const close = make(
    "button",
    { type: "button", class: "icon-button notice-close", "aria-label": t("关闭") },
    "×",
  );
  close.addEventListener("click", () => shown.get(part)?.remove());
  const notice = make(
    "div",
    { class: `map-notice ${tone}`, "data-part": part },
    text,
    ...(cure ? [cure] : []),
    close,
  );
  shown.set(part, notice);
  byId("map-notices").append(notice);
  return notice;
}

function retryButton(part: string, retry: () => void): HTMLElement {
  const button = make("button", { type: "button", class: "button" }, t("重试"));
  button.addEventListener("click", () => {
    clearNotice(part);
    retry();
  });
  return button;
}

/** Back to this very view: the fragment survives signing in only when it travels in `next`. */
export function signInLink(): HTMLElement {
  const next = encodeURIComponent(location.pathname + location.search + location.hash);
  return make("a", { class: "button primary", href: `${signIn}?next=${next}` }, t("去登录"));
}
