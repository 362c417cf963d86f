// The bar's menus, made by the server as links: one open at a time, and days chosen by dragging over the chart.
import { withDays } from "./filter.ts";

/** Take the links' filters instead of following them. `choose` gets a query string. */
export function takeChoices(root: HTMLElement, choose: (query: string) => void): void {
  root.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<Element>("a[data-filter]");
    if (!link || (event as MouseEvent).ctrlKey || (event as MouseEvent).metaKey) return;
    event.preventDefault();
    choose(link.getAttribute("data-filter") ?? "");
  });
}

export function keepOneOpen(root: HTMLElement): void {
  const open = () => [...root.querySelectorAll<HTMLDetailsElement>("details.facet[open]")];
  root.addEventListener(
    "toggle", // does not bubble
    (event) => {
      const opened = event.target as HTMLDetailsElement;
      if (opened.matches?.("details.facet[open]")) for (const one of open()) if (one !== opened) one.open = false;
    },
    true,
  );
  document.addEventListener("pointerdown", (event) => {
    for (const one of open()) if (!one.contains(event.target as Node)) one.open = false;
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const [opened] = open();
    if (!opened) return;
    event.stopPropagation();
    opened.open = false;
    opened.querySelector("summary")?.focus();
  });
}

/** Drag over the chart of when: the days of the bars between. A click takes one bar, as its link says. */
export function brushDays(root: HTMLElement, choose: (query: string) => void): void {
  let from: Element | null = null;
  const barAt = (event: PointerEvent): Element | null =>
    document.elementFromPoint(event.clientX, event.clientY)?.closest(".facet-bars a") ?? null;
  root.addEventListener("pointerdown", (event) => {
    from = barAt(event);
    if (from) event.preventDefault(); // a link would be dragged away
  });
  root.addEventListener("pointermove", (event) => {
    const to = from && barAt(event);
    if (from && to) mark(from, to);
  });
  root.addEventListener("pointerup", (event) => {
    const to = barAt(event);
    const [start, end] = from && to ? inOrder(from, to) : [null, null];
    if (start && end && start !== end) {
      root.addEventListener("click", (click) => (click.preventDefault(), click.stopImmediatePropagation()), { capture: true, once: true });
      choose(withDays(start.getAttribute("data-filter") ?? "", start.getAttribute("data-first") ?? "", end.getAttribute("data-last") ?? ""));
    }
    from = null;
  });
}

function inOrder(a: Element, b: Element): [Element, Element] {
  return a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_PRECEDING ? [b, a] : [a, b];
}

function mark(from: Element, to: Element): void {
  const [start, end] = inOrder(from, to);
  let inside = false;
  for (const bar of start.parentElement?.children ?? []) {
    inside ||= bar === start;
    bar.classList.toggle("brushed", inside);
    if (bar === end) inside = false;
  }
}
