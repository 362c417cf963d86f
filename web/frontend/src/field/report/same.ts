// "Is it the same?": what is open nearby, asked again whenever place, category or words have changed.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { CategoryPart } from "../parts.ts";
import type { App } from "../view.ts";
import type { Draft } from "./draft.ts";
import { findSimilar, type Similar } from "./similar.ts";

const WAIT_MS = 350;
/** Whoever taps "send" before the answer waits for it, but not longer than this. */
const PATIENCE_MS = 2000;

export class SimilarOnes {
  readonly element = make("section", { class: "report-part", "aria-live": "polite", hidden: true });
  private asked = "";
  private timer = 0;
  private stop: AbortController | null = null;
  private asking: Promise<void> = Promise.resolve();
  private answered: () => void = () => undefined;

  constructor(
    private readonly app: App,
    private readonly change: (change: Partial<Draft>) => void,
  ) {}

  look(draft: Draft, category: CategoryPart | null): void {
    const { at, text, sameAs, component } = draft;
    if (!at || (!category && !sameAs)) return void (this.element.hidden = true);
    const question = JSON.stringify([at, category?.id, text.trim(), component]);
    if (question === this.asked) return;
    this.asked = question;
    clearTimeout(this.timer);
    this.asking = new Promise((done) => (this.answered = done));
    this.timer = window.setTimeout(() => void this.ask(draft, category).finally(this.answered), WAIT_MS);
  }

  /** Whether something alike turns up only now, so that nobody could have looked at it. */
  async turnsUp(): Promise<boolean> {
    const before = this.element.hidden;
    await Promise.race([this.asking, new Promise((done) => setTimeout(done, PATIENCE_MS))]);
    return before && !this.element.hidden;
  }

  close(): void {
    clearTimeout(this.timer);
    this.stop?.abort();
  }

  private async ask({ at, text, sameAs, component }: Draft, category: CategoryPart | null): Promise<void> {
    this.stop?.abort();
    const { signal } = (this.stop = new AbortController());
    try {
      const found = at ? await findSimilar(this.app, { at, category, component, text: text.trim() }, signal) : [];
      if (!signal.aborted) this.show(found, sameAs);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private show(found: Similar[], sameAs: string): void {
    const known = found.some(({ number }) => number === sameAs);
    if (sameAs && !known) this.change({ sameAs: "" }); // what it was added to is no longer offered
    this.element.hidden = !found.length;
    const chosen = known ? sameAs : "";
    const choices = found.map((one) => this.choice(one.number, one.number === chosen, ...words(one)));
    const none = this.choice("", !chosen, make("span", {}, t("都不是，另开一件")));
    const legend = make("legend", {}, t("附近已有类似的，是同一件事吗？"));
    const typing = document.activeElement?.tagName === "TEXTAREA";
    if (found.length && !typing) requestAnimationFrame(() => this.element.scrollIntoView({ block: "center" }));
    this.element.replaceChildren(make("fieldset", { class: "similar" }, legend, ...choices, none));
  }

  private choice(number: string, checked: boolean, ...said: HTMLElement[]): HTMLElement {
    const button = make("input", { type: "radio", name: "same", value: number, checked });
    button.addEventListener("change", () => this.change({ sameAs: number }));
    return make("label", { class: "choice" }, button, make("span", {}, ...said));
  }
}

function words({ name, place, text, state, reasons }: Similar): HTMLElement[] {
  const facts = [place, ...reasons, state].filter(Boolean).join(" · ");
  return [make("b", {}, name), make("span", { class: "hint" }, ` ${facts}`), make("span", {}, text ? ` ${text}` : "")];
}
