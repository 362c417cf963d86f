/** What a mark says, beside the pointer or the focus at once: a browser shows a `<title>` only after a second. */
export function showTips(): void {
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);

  const show = (target: EventTarget | null): void => {
    const mark = target instanceof Element ? target.closest<SVGElement>(".mark, .matrix rect") : null;
    const words = mark && wordsOf(mark);
    tip.hidden = !words;
    if (!mark || !words) return;
    tip.textContent = words;
    place(tip, (mark.querySelector("circle") ?? mark).getBoundingClientRect());
  };
  document.addEventListener("pointerover", (event) => show(event.target));
  document.addEventListener("focusin", (event) => show(event.target));
  document.addEventListener("focusout", () => (tip.hidden = true));
  // Whoever walks by keys scrolls by it: what has the focus keeps its words, at its new place.
  document.addEventListener("scroll", () => tip.hidden || show(document.activeElement), { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });
}

/** The words of a mark; its `<title>` becomes its label, or the browser would show it a second time. */
function wordsOf(mark: SVGElement): string {
  const title = mark.querySelector(":scope > title");
  if (title) {
    mark.setAttribute("aria-label", title.textContent ?? "");
    title.remove();
  }
  return mark.getAttribute("aria-label") ?? "";
}

function place(tip: HTMLElement, at: DOMRect): void {
  const width = tip.offsetWidth;
  const left = Math.min(Math.max(4, at.left + at.width / 2 - width / 2), innerWidth - width - 4);
  const above = at.top - tip.offsetHeight - 8;
  tip.style.transform = `translate(${left}px, ${above > 4 ? above : at.bottom + 8}px)`;
}
