// Labelled inputs of the door's forms.
import { make } from "../../ui/dom.ts";

let made = 0;

type Attributes = Record<string, string | number | boolean | null | undefined>;

export function input(type: string, name: string, value: string | number = "", more: Attributes = {}): HTMLInputElement {
  const element = make("input", { type, name, autocomplete: "off", ...more });
  element.value = String(value);
  return element;
}

export function select(name: string, choices: Record<string, string>, chosen = ""): HTMLSelectElement {
  const options = Object.entries(choices).map(([value, words]) => make("option", { value, selected: value === chosen }, words));
  return make("select", { name }, ...options);
}

/** A control under its label; `hint` is read out with it. */
export function field(label: string, control: HTMLInputElement | HTMLSelectElement, hint = ""): HTMLElement {
  const id = `door-field-${++made}`;
  control.id = id;
  const said = make("p", { class: "hint", id: `${id}-hint`, hidden: !hint }, hint);
  control.setAttribute("aria-describedby", said.id);
  return make("div", { class: "field" }, make("label", { for: id }, label), control, said);
}

/** Say what is wrong under a control, or nothing: then its hint stands there again. */
export function complain(control: HTMLElement, why: string): void {
  if (why) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
  const said = document.getElementById(control.getAttribute("aria-describedby") ?? "");
  if (!said) return;
  said.dataset.hint ??= said.textContent ?? "";
  said.className = why ? "field-error" : "hint";
  said.textContent = why || said.dataset.hint;
  said.hidden = !said.textContent;
}

/** Radio buttons side by side; `chosen` "" chooses none. */
export function segments(name: string, label: string, choices: Record<string, string>, chosen: string): HTMLFieldSetElement {
  const buttons = Object.entries(choices).map(([value, words]) =>
    make("label", {}, make("input", { type: "radio", name, value, checked: value === chosen }), words),
  );
  const legend = make("legend", { class: "label" }, label);
  return make("fieldset", { class: "door-choice" }, legend, make("div", { class: "segments" }, ...buttons));
}

export function chosenIn(form: HTMLElement, name: string): string {
  return form.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? "";
}
