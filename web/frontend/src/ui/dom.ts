/** The element with this id; a page without it is a mistake of ours. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`#${id} is missing from the page`);
  return found as T;
}

type Attributes = Record<string, string | number | boolean | null | undefined>;

/** An element with attributes (`false`, null and undefined are left out) and children. Text is text, never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value === true ? "" : String(value));
  element.append(...children);
  return element;
}

/** Say something to those who listen to the page rather than see it. */
export function announce(text: string): void {
  const live = byId("map-live");
  live.textContent = "";
  requestAnimationFrame(() => (live.textContent = text)); // the same text twice is said twice
}
