// What the reader sees of the feed: a button that always says how the connection is, the last few news under it for
// some seconds, and behind the button the list of all of them, where they can be switched off.
import { isNarrow } from "../map/view.ts";
import { announce, make } from "../ui/dom.ts";
import { signInLink } from "../ui/notices.ts";
import { t } from "../words.ts";
import type { LiveState } from "./feed.ts";
import { icon, ICONS } from "./icons.ts";
import type { LiveIncident, News } from "./news.ts";
import { sayAgo, sayIncident, sayState, sayTime } from "./saying.ts";

const SHOWN = 3;
const SHOWN_MS = 12_000;
const KEPT = 50;
const MINUTE_MS = 60_000;
const KEY = "wangge.live.quiet";

export interface BoardWishes {
  language: string;
  /** Whether the reader may see incidents at all. */
  incidents: boolean;
  /** Names of the states by code. */
  states: Record<string, string>;
  /** The page of a case. */
  addressOf(incident: LiveIncident): string;
  pointAt(incident: LiveIncident): void;
  showOnMap(incident: LiveIncident): void;
  retry(): void;
}

interface Entry {
  text: string;
  at: number;
  incident: LiveIncident | null;
}

export class Board {
  readonly root = make("div", { id: "live", class: "live" });
  private readonly button = make("button", { type: "button", class: "live-button", "aria-expanded": "false", "aria-controls": "live-list" });
  private readonly stack = make("ul", { class: "live-stack" });
  private readonly list = make("section", { id: "live-list", class: "live-list", "aria-label": t("实时更新"), hidden: true });
  private readonly says = make("div", { class: "live-says" });
  private readonly entries = make("ol", { class: "live-entries" });
  private readonly quiet = make("input", { type: "checkbox" });
  private kept: Entry[] = [];
  private unseen = 0;
  private state: LiveState = { kind: "connecting", since: Date.now() };

  constructor(private readonly wishes: BoardWishes) {
    this.quiet.checked = remembered();
    const choice = make("label", { class: "choice" }, this.quiet, t("暂停弹出提示"));
    this.list.append(this.says, choice, this.entries);
    this.root.append(this.button, this.stack, this.list);
    this.button.addEventListener("click", () => this.open(this.list.hidden === true));
    this.quiet.addEventListener("change", () => this.hush());
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.closeByKey(event));
    setInterval(() => this.sayTimes(), MINUTE_MS / 2);
    this.showEntries();
  }

  /** How the connection is now. Said aloud only when it is lost and when it is back. */
  showState(state: LiveState): void {
    const before = this.state.kind;
    this.state = state;
    const { short, long } = this.say();
    this.button.dataset.state = state.kind;
    this.button.title = long;
    this.says.replaceChildren(make("p", {}, long), ...this.cure());
    this.showButton(short);
    if (before !== state.kind && !(before === "connecting" && state.kind === "live")) announce(long);
  }

  tell(news: News): void {
    const entries = this.entriesOf(news);
    if (!entries.length) return;
    this.kept = [...entries.reverse(), ...this.kept].slice(0, KEPT);
    if (this.list.hidden) this.unseen += entries.length;
    this.showEntries();
    this.showButton(this.say().short);
    if (!this.quiet.checked && this.list.hidden) for (const entry of entries.slice(0, SHOWN).reverse()) this.pop(entry);
  }

  private say(): { short: string; long: string } {
    return sayState(this.state, this.wishes.language, this.wishes.incidents);
  }

  private entriesOf({ incidents, many }: News): Entry[] {
    const at = Date.now();
    const { states } = this.wishes;
    const told = incidents.map((incident) => ({ text: sayIncident(incident, states), at, incident }));
    return many ? [{ text: t("较多事件有变化，地图已更新。"), at, incident: null }] : told;
  }

  private showButton(short: string): void {
    const count = this.unseen ? [make("span", { class: "live-count" }, this.unseen > 99 ? "99+" : String(this.unseen))] : [];
    const more = this.unseen ? t("，{n} 条未看", { n: this.unseen }) : "";
    this.button.setAttribute("aria-label", `${short}${more}`);
    this.button.replaceChildren(icon(ICONS[this.state.kind]), make("span", {}, short), ...count);
  }

  private cure(): HTMLElement[] {
    const { state } = this;
    if (state.kind === "ended" && state.why === "signed-out") return [signInLink()];
    if (state.kind !== "waiting" && state.kind !== "ended") return [];
    const button = make("button", { type: "button", class: "button" }, t("立即重试"));
    button.addEventListener("click", () => this.wishes.retry());
    return [button];
  }

  // ── news under the button ──

  private pop(entry: Entry): void {
    const item = make("li", { class: "live-notice" }, this.row(entry));
    this.stack.prepend(item);
    while (this.stack.children.length > (isNarrow() ? 1 : SHOWN)) this.stack.lastElementChild?.remove();
    const drop = (): void => {
      if (item.matches(":hover, :focus-within")) setTimeout(drop, SHOWN_MS / 4);
      else item.remove();
    };
    setTimeout(drop, SHOWN_MS);
  }

  private row({ text, at, incident }: Entry): HTMLElement {
    const time = make("time", { datetime: new Date(at).toISOString(), title: sayTime(at, this.wishes.language) }, sayAgo(at, Date.now(), this.wishes.language));
    if (!incident) return make("p", { class: "live-row" }, text, " ", time);
    const link = make("a", { href: this.wishes.addressOf(incident) }, make("span", {}, text), " ", time);
    for (const name of ["mouseenter", "focus"]) link.addEventListener(name, () => this.wishes.pointAt(incident));
    const name = t("在地图上看：{what}", { what: text });
    const find = make("button", { type: "button", class: "icon-button", "aria-label": name, title: t("在地图上看") }, icon(ICONS.find));
    find.addEventListener("click", () => this.wishes.showOnMap(incident));
    return make("div", { class: "live-row" }, link, find);
  }

  // ── the list behind the button ──

  private open(open: boolean): void {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    this.unseen = 0;
    this.showButton(this.say().short);
    if (open) this.stack.replaceChildren();
    this.showEntries();
  }

  private closeByKey(event: KeyboardEvent): void {
    if (this.list.hidden) return;
    event.stopPropagation();
    this.open(false);
    this.button.focus();
  }

  private showEntries(): void {
    if (this.list.hidden) return;
    const rows = this.kept.map((entry) => make("li", {}, this.row(entry)));
    this.entries.replaceChildren(...(rows.length ? rows : [make("li", { class: "live-none" }, t("打开页面以来还没有变化。"))]));
  }

  private sayTimes(): void {
    for (const time of this.root.querySelectorAll("time"))
      time.textContent = sayAgo(Date.parse(time.dateTime), Date.now(), this.wishes.language);
  }

  private hush(): void {
    try {
      localStorage.setItem(KEY, this.quiet.checked ? "1" : "");
    } catch {
      // a browser that keeps nothing is asked again next time
    }
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}
