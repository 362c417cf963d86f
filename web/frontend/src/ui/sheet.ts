// The side panel: folded and unfolded on a desk; on a phone a sheet that is pulled up and down.
import { t } from "../words.ts";
import { byId } from "./dom.ts";

const STEPS = ["low", "half", "full"] as const;
export type Step = (typeof STEPS)[number];

/** `rest` puts it to a step; where it is not low it is unfolded too. `words` are read aloud for the handle. */
export function mountSheet(words = { open: t("展开图例和排名"), close: t("收起图例和排名") }): { rest(step: Step): void } {
  const side = byId("side");
  const handle = byId("side-handle");
  const fold = byId("side-fold");
  handle.dataset.open = words.open;
  handle.dataset.close = words.close;
  put(side, handle, "low");
  const setFolded = (folded: boolean) => {
    side.classList.toggle("folded", folded);
    fold.setAttribute("aria-expanded", String(!folded));
  };
  fold.addEventListener("click", () => setFolded(!side.classList.contains("folded")));
  handle.addEventListener("click", () => put(side, handle, next(side)));
  bindDrag(side, handle);
  const rest = (step: Step) => {
    put(side, handle, step);
    if (step !== "low") setFolded(false);
  };
  return { rest };
}

function next(side: HTMLElement): Step {
  return side.dataset.step === "low" ? "half" : side.dataset.step === "half" ? "full" : "low";
}

function put(side: HTMLElement, handle: HTMLElement, step: Step): void {
  side.dataset.step = step;
  side.style.removeProperty("--pulled");
  handle.setAttribute("aria-expanded", String(step !== "low"));
  handle.setAttribute("aria-label", (step === "full" ? handle.dataset.close : handle.dataset.open) ?? "");
}

/** Follow the finger, then rest at the nearest step. */
function bindDrag(side: HTMLElement, handle: HTMLElement): void {
  let start: { y: number; height: number } | null = null;
  let moved = false;
  handle.addEventListener("pointerdown", (event) => {
    start = { y: event.clientY, height: side.getBoundingClientRect().height };
    moved = false;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (!start) return;
    const pulled = start.height + start.y - event.clientY;
    moved ||= Math.abs(event.clientY - start.y) > 6;
    if (moved) side.style.setProperty("--pulled", `${Math.max(96, pulled)}px`);
  });
  const end = () => {
    if (start && moved) put(side, handle, nearest(side));
    start = null;
  };
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
  handle.addEventListener("click", (event) => moved && event.stopImmediatePropagation(), true);
}

function nearest(side: HTMLElement): Step {
  const whole = (side.parentElement as HTMLElement).getBoundingClientRect().height;
  const share = side.getBoundingClientRect().height / whole;
  return share < 0.32 ? "low" : share < 0.72 ? "half" : "full";
}
