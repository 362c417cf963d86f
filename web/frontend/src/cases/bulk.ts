// One move for the cases that are ticked: sent a few at a time, with how far it is, a way to stop and a way back.
import { cookie } from "../request.ts";
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";

/** Cases of one request: few, so that the bar moves and stopping is prompt. */
const AT_ONCE = 5;

interface Result {
  number: string;
  step: number | null;
  error: string;
}

export function enlivenBulk(): void {
  const form = document.querySelector<HTMLFormElement>("#bulk");
  if (!form) return;
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches("[data-pick-all]")) for (const one of boxes()) one.checked = box.checked;
    if (box.matches("[data-pick-all], [name=case]")) count(form);
    if (box.matches("#bulk-act")) fit(form);
    if (box.matches("[name=helper], #bulk-department")) countHelpers(form);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run(form);
  });
  document.addEventListener("click", (event) => {
    const open = form.querySelector<HTMLDetailsElement>(".bulk-helpers[open]");
    if (open && !open.contains(event.target as Node)) open.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const open = form.querySelector<HTMLDetailsElement>(".bulk-helpers[open]");
    if (open && event.key === "Escape") {
      open.open = false;
      open.querySelector("summary")?.focus();
    }
  });
  count(form);
  fit(form);
  countHelpers(form);
}

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("[data-rows] input[name=case]")];
}

function count(form: HTMLFormElement): void {
  const picked = boxes().filter((box) => box.checked).length;
  for (const box of boxes()) box.closest("tr")?.toggleAttribute("data-picked", box.checked);
  const said = form.querySelector<HTMLElement>("[data-count]");
  if (said) said.textContent = picked ? t("已选 {n} 件", { n: picked }) : t("先勾选事件");
  form.classList.toggle("on", picked > 0);
  const send = form.querySelector<HTMLButtonElement>("button.primary");
  if (send) send.disabled = !picked;
}

/** Helpers are asked for once there is a lead; how many there are stands beside the word that opens them. */
function countHelpers(form: HTMLFormElement): void {
  const lead = form.querySelector<HTMLSelectElement>("#bulk-department")?.value ?? "";
  const part = form.querySelector<HTMLElement>(".bulk-helpers");
  if (!part) return;
  part.hidden = !lead;
  let chosen = 0;
  for (const box of part.querySelectorAll<HTMLInputElement>("[name=helper]")) {
    box.disabled = !lead || box.value === lead;
    const label = box.closest<HTMLElement>("label");
    if (label) label.hidden = box.value === lead;
    if (box.checked && !box.disabled) chosen += 1;
  }
  const said = part.querySelector<HTMLElement>("[data-helpers]");
  if (said) said.textContent = chosen ? ` ${chosen}` : "";
}

/** Only the fields that the chosen move asks for. */
function fit(form: HTMLFormElement): void {
  const act = form.querySelector<HTMLSelectElement>("#bulk-act")?.value ?? "";
  for (const part of form.querySelectorAll<HTMLElement>("[data-for]"))
    part.hidden = !named(part.dataset.for, act);
  const note = form.querySelector<HTMLInputElement>("[data-needed]");
  if (note) note.required = named(note.dataset.needed, act);
}

function named(acts: string | undefined, act: string): boolean {
  return (acts ?? "").split(" ").includes(act);
}

async function run(form: HTMLFormElement): Promise<void> {
  const picked = boxes().filter((box) => box.checked);
  const fields = new FormData(form);
  fields.delete("case");
  const dialog = new Progress(picked.length);
  const results = await inTurn(form.action, "case", picked.map((box) => box.value), fields, dialog);
  const steps = results.flatMap((one) => (one.step === null ? [] : [String(one.step)]));
  dialog.finish(results, steps.length ? () => void takeBack(form, steps) : null);
}

async function takeBack(form: HTMLFormElement, steps: string[]): Promise<void> {
  const dialog = new Progress(steps.length);
  dialog.finish(await inTurn(form.dataset.undo ?? "", "step", steps, new FormData(), dialog), null);
}

/** A few after a few; what was not sent when it was stopped, or could not be, is said as not done. */
async function inTurn(address: string, name: string, values: string[], fields: FormData, dialog: Progress): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < values.length; at += AT_ONCE) {
    const now = values.slice(at, at + AT_ONCE);
    results.push(...(dialog.stopped ? now.map((one) => undone(one, t("没有再办：已停下。"))) : await ask(address, name, now, fields)));
    dialog.show(results.length);
  }
  return results;
}

async function ask(address: string, name: string, values: string[], fields: FormData): Promise<Result[]> {
  const body = new FormData();
  for (const [key, value] of fields) body.append(key, value);
  for (const value of values) body.append(name, value);
  const headers = { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") };
  try {
    const response = await fetch(address, { method: "POST", body, headers });
    if (response.ok && !response.redirected) return ((await response.json()) as { results: Result[] }).results;
  } catch {
    // said below, as any other answer that is none
  }
  return values.map((one) => undone(one, t("没有送到，请看事件本身再决定。")));
}

function undone(value: string, error: string): Result {
  return { number: value.split(":")[0] ?? value, step: null, error };
}

/** The dialog that says how far it is, then what came of it. */
class Progress {
  stopped = false;
  private readonly dialog = make("dialog", { class: "bulk-dialog", "aria-label": t("批量办理") });
  private readonly bar: HTMLProgressElement;
  private readonly said = make("p", { role: "status" });
  private readonly total: number;

  constructor(total: number) {
    this.total = total;
    this.bar = make("progress", { max: total, value: 0 });
    const stop = make("button", { type: "button", class: "button" }, t("停下"));
    stop.addEventListener("click", () => (this.stopped = true));
    this.dialog.append(this.said, this.bar, make("p", { class: "actions" }, stop));
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.stopped = true;
    });
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.show(0);
  }

  show(done: number): void {
    this.bar.value = done;
    this.said.textContent = t("{done} / {total} 件", { done, total: this.total });
  }

  finish(results: Result[], undo: (() => void) | null): void {
    const failed = results.filter((one) => one.error);
    const head = t("办成 {made} 件，没办成 {failed} 件。", { made: results.length - failed.length, failed: failed.length });
    const close = make("button", { type: "button", class: "button primary" }, t("好"));
    close.addEventListener("click", () => location.reload());
    const buttons = make("p", { class: "actions" }, close);
    if (undo) {
      const back = make("button", { type: "button", class: "button" }, t("全部撤销"));
      back.addEventListener("click", () => {
        this.dialog.remove();
        undo();
      });
      buttons.append(back);
    }
    const rows = failed.map((one) =>
      make("li", {}, make("a", { href: `/incidents/${encodeURIComponent(one.number)}/` }, one.number), ` ${one.error}`),
    );
    this.dialog.replaceChildren(make("p", { role: "status" }, make("b", {}, head)), make("ul", { class: "bulk-failed" }, ...rows), buttons);
    this.dialog.addEventListener("cancel", () => location.reload());
    close.focus();
  }
}
