// Figures that follow what is committed, without a reload: the feed says that something changed, and the page is read
// again and its figures put in the place of the old ones. Nothing is asked for while nothing changes, but for the clock:
// what is late and which day it is change by themselves.
import { openFeed, type LiveSettings, type LiveState } from "../live/feed.ts";
import { concernsIncidents } from "../live/news.ts";
import { atMostEvery } from "../live/pace.ts";
import { sayState, sayTime } from "../live/saying.ts";
import { askFragment, RequestTrouble } from "../request.ts";
import { t } from "../words.ts";

const PACE_MS = 4_000;
const CLOCK_MS = 5 * 60_000;
const PAUSES_MS = [2_000, 5_000, 15_000, 30_000];
const ANSWER_MS = 30_000;

export interface FreshWishes {
  body: HTMLElement;
  state: HTMLElement | null;
  /** The figures were replaced. */
  renewed(): void;
}

export class Figures {
  private failures = 0;
  private asking = false;
  private again: ReturnType<typeof setTimeout> | undefined;
  private live: LiveState | null = null;
  /** When the figures on the page were counted. */
  private counted = Date.now();
  private trouble: RequestTrouble | null = null;
  private readonly renew = atMostEvery(PACE_MS, () => void this.ask());

  constructor(private readonly wishes: FreshWishes, settings: LiveSettings | null) {
    setInterval(() => this.renew(), CLOCK_MS);
    window.addEventListener("online", () => this.renew());
    if (!settings) return;
    const feed = openFeed(settings);
    feed.onNews((news) => {
      if (news.figures || concernsIncidents(news)) this.renew();
    });
    feed.onState((state) => {
      const back = state.kind === "live" && this.trouble !== null;
      this.live = state;
      this.say();
      if (back) this.renew();
    });
  }

  private async ask(): Promise<void> {
    if (this.asking) return this.renew();
    this.asking = true;
    clearTimeout(this.again);
    try {
      this.put(await askFragment(location.href, AbortSignal.timeout(ANSWER_MS)));
      this.counted = Date.now();
      this.failures = 0;
      this.trouble = null;
    } catch (error) {
      this.trouble = error instanceof RequestTrouble ? error : new RequestTrouble("offline", "", "");
      this.again = setTimeout(this.renew, PAUSES_MS[Math.min(this.failures++, PAUSES_MS.length - 1)]);
    }
    this.asking = false;
    this.say();
  }

  private put(text: string): void {
    const page = new DOMParser().parseFromString(text, "text/html");
    const body = page.getElementById(this.wishes.body.id);
    if (!body) return;
    const open = openOnes(this.wishes.body);
    const held = (document.activeElement as Element | null)?.closest(`#${body.id} a`)?.getAttribute("href");
    this.wishes.body.replaceChildren(...body.childNodes);
    for (const at of open) this.wishes.body.querySelectorAll("details")[at]?.setAttribute("open", "");
    for (const part of page.querySelectorAll<HTMLElement>("[data-part]"))
      document.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
    this.wishes.renewed();
    if (held) this.wishes.body.querySelector<HTMLElement>(`a[href="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  }

  /** Whether the figures are of now, and if not since when and what to do. */
  private say(): void {
    const place = this.wishes.state;
    if (!place) return;
    const language = document.documentElement.lang;
    const stale = this.trouble && t("数字停在 {at}，正在重试。", { at: sayTime(this.counted, language) });
    const ended = this.trouble?.kind === "signed-out" || this.live?.kind === "ended";
    const { short, long } = this.live ? sayState(this.live, language) : { short: "", long: "" };
    const well = !stale && (!this.live || this.live.kind === "live" || this.live.kind === "connecting");
    place.className = well ? "screen-state good" : "screen-state warn";
    place.replaceChildren(well ? short : [ended ? "" : stale, this.live?.kind === "live" ? "" : long].filter(Boolean).join(" "));
    if (ended) place.append(" ", signIn());
  }
}

function openOnes(within: Element): number[] {
  const all = [...within.querySelectorAll("details")];
  return all.flatMap((one, at) => (one.open ? [at] : []));
}

function signIn(): HTMLElement {
  const link = document.createElement("a");
  link.href = `/sign-in/?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = t("重新登录");
  return link;
}
