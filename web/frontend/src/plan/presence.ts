// Who else has the plan open, and what has been written meanwhile. A sign of life every 20 s while somebody looks.
import { cookie, RequestTrouble, sendForm } from "../request.ts";
import { byId, make } from "../ui/dom.ts";
import { t } from "./words.ts";

const LIFE_MS = 20_000;

interface Told {
  here: { name: string; draws: boolean }[];
  unread: number;
}

/** `written` is told that there is something new to read. */
export function mountPresence(root: HTMLElement, address: string, written: () => void): { renew(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let known = 0;

  async function renew(): Promise<void> {
    clearTimeout(timer);
    if (document.hidden || asking) return;
    asking = true;
    try {
      show(await sendForm<Told>(address, {}));
    } catch (error) {
      if (!(error instanceof RequestTrouble)) throw error;
      root.hidden = true; // nobody is known to be here
    } finally {
      asking = false;
    }
    timer = setTimeout(() => void renew(), LIFE_MS);
  }

  function show({ here, unread }: Told): void {
    root.hidden = here.length === 0;
    const said = here.length ? t("{names}也在看这个方案", { names: here.map(sayOne).join(t("、")) }) : "";
    if (root.textContent !== said) root.textContent = said; // said once to those who listen
    markUnread(unread);
    if (unread > known) written();
    known = unread;
  }

  void renew();
  document.addEventListener("visibilitychange", () => void renew());
  window.addEventListener("pagehide", () => leave(address));
  return { renew: () => void renew() };
}

function sayOne({ name, draws }: Told["here"][number]): string {
  return draws ? t("{name}（可修改）", { name }) : name;
}

/** The page is going: the request outlives it. */
function leave(address: string): void {
  const headers = { "X-CSRFToken": cookie("csrftoken") };
  void fetch(address, { method: "POST", keepalive: true, headers, body: new URLSearchParams({ leave: "1" }) }).catch(() => undefined);
}

/** On the way to the comments: how many one has not read. */
function markUnread(count: number): void {
  const link = byId("plan-body").querySelector("[data-unread]");
  const mark = link?.querySelector(".badge");
  if (!link) return;
  if (!count) return void mark?.remove();
  const said = t("{count} 条未读", { count });
  if (mark) mark.textContent = said;
  else link.append(" ", make("span", { class: "badge warn" }, said));
}
