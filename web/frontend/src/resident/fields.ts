/** A field of the form by its name. */
export function field(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

/** A part of the form that a script fills. */
export function part<T extends HTMLElement = HTMLElement>(form: HTMLFormElement, mark: string): T {
  const found = form.querySelector<T>(`[data-${mark}]`);
  if (!found) throw new Error(`data-${mark} is missing from the form`);
  return found;
}
