// The sliders of one's own weights: slider and number follow each other, htmx sends them, and a change can be taken
// back. One set of listeners for every page, because the form also comes as a part of the map.
import { t } from "../words.ts";
import { make } from "../ui/dom.ts";

export const FORM = ".risk-form";

export function mountRiskForm(): void {
  document.addEventListener("input", (event) => follow(event.target as HTMLInputElement));
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("button");
    const form = button?.closest<HTMLFormElement>(FORM);
    if (!form) return;
    if (button?.hasAttribute("data-risk-reset")) fill(form, new Map());
    if (button?.hasAttribute("data-risk-undo")) fill(form, new Map(new URLSearchParams(form.dataset.before)));
  });
  document.addEventListener("htmx:validation:halted", (event) => {
    const { elt } = (event as CustomEvent<{ elt: HTMLElement }>).detail;
    if (elt instanceof HTMLFormElement && elt.matches(FORM)) elt.reportValidity();
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { elt, xhr } = (event as CustomEvent<{ elt: Element; xhr: XMLHttpRequest }>).detail;
    if (elt.matches(FORM)) say(xhr);
  });
}

function follow(input: HTMLInputElement): void {
  if (!input.closest(FORM)) return;
  const other = input.dataset.for
    ? document.getElementById(input.dataset.for)
    : document.querySelector(`[data-for="${input.id}"]`);
  if (other instanceof HTMLInputElement && input.value !== "") other.value = input.value;
}

/** The district's weights, those of `own` in their place. */
function fill(form: HTMLFormElement, own: Map<string, string>): void {
  for (const input of form.querySelectorAll<HTMLInputElement>("input[name][data-default]")) {
    input.value = own.get(input.name) ?? input.dataset.default ?? "";
    follow(input);
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function say(xhr: XMLHttpRequest): void {
  let said = { error: t("没有保存。"), fix: t("请稍后重试。") };
  try {
    said = { ...said, ...(JSON.parse(xhr.responseText) as Partial<typeof said>) };
  } catch {
    // not from us: the plain sentence has to do
  }
  document.getElementById("risk-result")?.prepend(make("p", { class: "notice warn", role: "alert" }, `${said.error} ${said.fix}`));
}
