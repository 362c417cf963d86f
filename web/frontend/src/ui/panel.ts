// The panel of the selected place: a drawer on a desk, a sheet on a phone. Its content is made by the server.
import { writePlace, type Place } from "../address.ts";
import { askFragment, RequestTrouble } from "../request.ts";
import { t } from "../words.ts";
import { byId, make } from "./dom.ts";
import { signInLink } from "./notices.ts";

export interface Panel {
  show(place: Place | null): Promise<void>;
  /** A part made by the server that is no place, such as a list. */
  showPart(address: string): Promise<void>;
  readonly open: boolean;
}

export function mountPanel(address: string, close: () => void): Panel {
  const drawer = byId("panel");
  const body = byId("panel-body");
  let asking: AbortController | null = null;
  let before: Element | null = null;
  byId("panel-close").addEventListener("click", close);

  const show = async (place: Place | null): Promise<void> => {
    if (!place) return (asking?.abort(), hide());
    await open(`${address}${place.kind}/${encodeURIComponent(place.key)}/`, writePlace(place));
  };

  async function open(address: string, name: string): Promise<void> {
    asking?.abort();
    if (drawer.hidden) before = document.activeElement;
    drawer.hidden = false;
    document.body.classList.add("panel-open");
    body.setAttribute("aria-busy", "true");
    if (!body.childElementCount) body.replaceChildren(skeleton());
    asking = new AbortController();
    await fill(address, name, asking.signal);
  }

  async function fill(address: string, name: string, signal: AbortSignal): Promise<void> {
    try {
      const fragment = await askFragment(address, signal);
      body.innerHTML = fragment; // our own template, which escapes
      window.htmx?.process(body);
    } catch (error) {
      if (!(error instanceof RequestTrouble)) return; // another place was chosen meanwhile
      body.replaceChildren(trouble(error, () => void open(address, name)));
    }
    body.removeAttribute("aria-busy");
    body.dataset.place = name;
    drawer.scrollTop = 0;
    drawer.dispatchEvent(new Event("panel:shown"));
  }

  function hide(): void {
    if (drawer.hidden) return;
    const inside = drawer.contains(document.activeElement);
    drawer.hidden = true;
    body.replaceChildren();
    delete body.dataset.place;
    document.body.classList.remove("panel-open");
    drawer.dispatchEvent(new Event("panel:shown"));
    if (inside) ((before as HTMLElement | null) ?? byId("map")).focus({ preventScroll: true });
  }

  return {
    show,
    showPart: (part) => open(part, ""),
    get open() {
      return !drawer.hidden;
    },
  };
}

function skeleton(): HTMLElement {
  const bars = [60, 35, 90, 80, 95].map((width) => {
    const bar = make("span", { class: "skeleton" });
    bar.style.width = `${width}%`;
    return bar;
  });
  return make(
    "div",
    { class: "skeletons" },
    make("p", { class: "visually-hidden" }, t("正在载入…")),
    ...bars,
  );
}

function trouble({ kind, message, fix }: RequestTrouble, retry: () => void): HTMLElement {
  const again = make("button", { type: "button", class: "button" }, t("重试"));
  again.addEventListener("click", retry);
  const cure =
    kind === "signed-out" ? [signInLink()] : kind === "offline" || kind === "broken" ? [again] : [];
  return make(
    "div",
    { class: "panel-trouble", role: "alert" },
    make("h2", {}, message),
    make("p", {}, fix),
    ...cure,
  );
}
