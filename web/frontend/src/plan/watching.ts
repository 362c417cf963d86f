// What others do in the same plan: heard by the live feed as it happens, and asked for where there is none.
import { openFeed } from "../live/feed.ts";
import { RequestTrouble } from "../request.ts";
import type { Editor } from "./editor.ts";
import type { PlanSettings } from "./settings.ts";

const OFTEN_MS = 4_000;
const SELDOM_MS = 20_000;

/** `heard` is told that something about the plan is other: somebody came, drew or wrote. */
export function watchOthers(editor: Editor, { live, plan }: Pick<PlanSettings, "live" | "plan">, heard: () => void): void {
  let pause = OFTEN_MS;
  let isLive = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      pause = (await editor.catchUp()) ? OFTEN_MS : Math.min(SELDOM_MS, pause * 1.3);
    } catch (error) {
      if (!(error instanceof RequestTrouble)) throw error;
      pause = SELDOM_MS; // what one does oneself says what is wrong
    }
    clearTimeout(timer);
    timer = setTimeout(() => void look(), isLive ? SELDOM_MS : pause);
  };
  timer = setTimeout(() => void look(), pause);
  document.addEventListener("visibilitychange", () => {
    pause = OFTEN_MS;
    void look();
  });
  if (!live) return;
  const feed = openFeed(live);
  feed.onState(({ kind }) => (isLive = kind === "live"));
  feed.onNews(({ plans }) => {
    if (plans !== "all" && !plans.includes(plan)) return;
    heard();
    void look();
  });
}
