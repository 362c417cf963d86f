// The line that says at all times: online, offline, how many wait.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { ageSaid } from "./age.ts";
import type { Contact } from "./contact.ts";

const SAID: Record<Contact, string> = {
  unknown: t("正在连接"),
  online: t("在线"),
  offline: t("离线"),
  "signed-out": t("需要登录"),
  "turned-away": t("账号不能使用"),
};
// A sign for each beside the words, so that colour is never all: a filled dot, a ring, an exclamation mark.
const SIGN: Record<Contact, string> = { unknown: "◌", online: "●", offline: "○", "signed-out": "!", "turned-away": "!" };

export interface Standing {
  readonly contact: Contact;
  readonly waiting: number;
  readonly troubled: number;
  /** ms since the pack was last found right; null: there is none. */
  readonly age: number | null;
  /** The share of the first pack that has come; null while none is coming. */
  readonly progress: number | null;
}

/** Show how things stand; a screen reader hears it when it changes, and only then. */
export function showStanding(line: HTMLElement, standing: Standing): void {
  const { contact, waiting, troubled, age, progress } = standing;
  const words = [SAID[contact], waiting ? t("{n} 条待发送", { n: waiting }) : t("没有待发送")];
  if (troubled) words.push(t("{n} 条需要处理", { n: troubled }));
  if (contact === "offline" && age !== null) words.push(t("资料{age}更新", { age: ageSaid(age) }));
  if (age === null && progress !== null) words.push(t("正在下载资料"));
  const said = words.join(" · ");
  if (line.dataset.said === said) return;
  line.dataset.said = said;
  line.dataset.contact = contact;
  const sign = make("span", { class: "standing-sign", "aria-hidden": "true" }, SIGN[contact]);
  const cure = contact === "signed-out" ? [signInLink()] : contact === "turned-away" ? [lookLink()] : [];
  line.replaceChildren(sign, make("span", {}, said), ...cure);
}

/** Signing in comes back to where one was. */
export function signInLink(): HTMLAnchorElement {
  const next = encodeURIComponent(location.pathname + location.hash);
  return make("a", { class: "button primary", href: `/sign-in/?next=${next}` }, t("登录"));
}

/** A password to change, or no posting: the other pages say which, and what to do. */
function lookLink(): HTMLAnchorElement {
  return make("a", { class: "button", href: "/" }, t("查看"));
}
