// The page of a case: its forms are sent without leaving it, so that a refusal costs nobody a word or a photo.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { nameOnPaper, printWhole } from "./paper.ts";
import { send, type NotDone } from "./sending.ts";
import { say } from "./toast.ts";

export function enlivenCase(): void {
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-print]")) void printWhole();
  });
  const shown = document.querySelector<HTMLElement>("[data-case]");
  if (!shown) return;
  nameOnPaper(shown.dataset["case"] ?? "");
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("form[data-move], form.undo")) return;
    event.preventDefault();
    void submit(form);
  });
  document.addEventListener("toggle", focusFirst, true);
}

async function submit(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>("button.button");
  if (button?.disabled) return;
  if (button) button.disabled = true;
  const outcome = await send(form.action, new FormData(form));
  if (button) button.disabled = false;
  if ("done" in outcome) await settled(outcome.done.said, outcome.done.undo);
  else show(form, outcome.notDone);
}

async function settled(said: string, undo: string): Promise<void> {
  await renew();
  say(said, undo ? () => void takeBack(undo) : undefined);
}

async function takeBack(address: string): Promise<void> {
  const outcome = await send(address, new FormData());
  if ("done" in outcome) await settled(outcome.done.said, "");
  else say(`${outcome.notDone.error} ${outcome.notDone.fix}`);
}

/** The page as it is now in place of what is shown; what is being written elsewhere on it stays. */
async function renew(): Promise<void> {
  const response = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) return location.reload();
  const written = new Map(
    [...document.querySelectorAll<HTMLTextAreaElement>(".word textarea")].map((one) => [one.id, one.value]),
  );
  const sent = document.activeElement?.closest("form")?.querySelector("textarea")?.id;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
  if (!fresh) return location.reload();
  document.getElementById("main")?.replaceWith(fresh);
  for (const [id, text] of written) {
    const field = document.getElementById(id);
    if (id !== sent && field instanceof HTMLTextAreaElement) field.value = text;
  }
  fresh.focus({ preventScroll: true });
}

/** Say beside the form what is wrong with it; after a conflict the next press decides on the case as it is now. */
function show(form: HTMLFormElement, trouble: NotDone): void {
  form.querySelectorAll(".notice, .field-error").forEach((old) => old.remove());
  form.querySelectorAll("[aria-invalid]").forEach((old) => old.removeAttribute("aria-invalid"));
  const notice = make("div", { class: "notice error", role: "alert", tabindex: "-1" });
  notice.append(make("p", {}, make("b", {}, trouble.error), ` ${trouble.fix}`));
  if (trouble.theirs) {
    const steps = trouble.theirs.steps.map((step) =>
      make("li", {}, make("b", {}, step.act), ` ${step.who} → ${step.after}${step.note ? `：${step.note}` : ""}`),
    );
    notice.append(make("ul", { class: "theirs" }, ...steps));
    notice.append(make("p", {}, t("看过之后仍要办，再按一次。")));
    const seen = form.querySelector<HTMLInputElement>("input[name=seen]");
    if (seen) seen.value = String(trouble.theirs.revision);
  }
  form.prepend(notice);
  for (const [name, said] of Object.entries(trouble.fields ?? {})) mark(form, name, said);
  notice.focus();
}

function mark(form: HTMLFormElement, name: string, said: string): void {
  const field = form.querySelector<HTMLElement>(`[name="${CSS.escape(name.replace(/s$/, ""))}"]`);
  const wrong = make("p", { class: "field-error", id: `${form.id || form.dataset["move"]}-${name}-wrong` }, said);
  field?.setAttribute("aria-invalid", "true");
  field?.setAttribute("aria-describedby", wrong.id);
  field?.closest(".field")?.append(wrong);
}

/** A form that was opened is about to be written in. */
function focusFirst(event: Event): void {
  const opened = event.target as HTMLDetailsElement;
  if (opened.matches(".move[open]")) opened.querySelector<HTMLElement>("select, input:not([type=hidden]), textarea")?.focus();
}
