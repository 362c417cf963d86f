// Short messages over the map: what went wrong with which part, and one button that mends it.
import type { RequestTrouble } from "../request.ts";
import { t } from "../words.ts";
import { byId, make } from "./dom.ts";

const shown = new Map<string, HTMLElement>();
let signIn = "/sign-in/";

export function useSignIn(address: string): void {
  signIn = address;
}

/** Show what failed, once for each `part` of the page. Signing in replaces trying again where that is the cure. */
export function showTrouble(part: string, { kind, message, fix }: RequestTrouble, retry: () => void): void {
  const signedOut = kind === "signed-out";
  const cure = signedOut ? signInLink() : retryButton(part, retry);
  put(part, make("p", {}, make("strong", {}, message), ` ${fix}`), kind === "refused" ? null : cure, "bad");
}

export function showNote(part: string, text: string): void {
  put(part, make("p", {}, text), null, "plain");
}

export function clearNotice(part: string): void {
  shown.get(part)?.remove();
  shown.delete(part);
}

function put(part: string, text: HTMLElement, cure: HTMLElement | null, tone: string): void {
  clearNotice(part);
  const close = make(
    "button",
    { type: "button", class: "icon-button notice-close", "aria-label": t("关闭") },
    "×",
  );
  close.addEventListener("click", () => clearNotice(part));
  const notice = make(
    "div",
    { class: `map-notice ${tone}`, "data-part": part },
    text,
    ...(cure ? [cure] : []),
    close,
  );
  shown.set(part, notice);
  byId("map-notices").append(notice);
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
  const next = encodeURIComponent(location.pathname + location.hash);
  return make("a", { class: "button primary", href: `${signIn}?next=${next}` }, t("去登录"));
}
