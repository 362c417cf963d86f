// Which part of the city it is about (井盖, 路灯 …): the nearest of the pack, once there is a place.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { CategoryPart, ComponentRow, ComponentsPart } from "../parts.ts";
import type { App } from "../view.ts";
import type { Draft } from "./draft.ts";
import type { Position } from "./exif.ts";
import type { Known } from "./form.ts";
import { metresBetween } from "./lie.ts";

/** How far from the place what is meant may stand, metres (as gis/incidents/pointing.py), and how many are offered. */
const [NEAR, MOST] = [60, 5];
/** The end of a code that both standards count with: what tells two of a class apart. */
const NUMBER = 5;

export interface Nearby {
  readonly id: number;
  /** Class and running number. */
  readonly name: string;
  readonly code: string;
  /** The code of the category that suits a report about it, "" where none does. */
  readonly category: string;
  readonly metres: number;
}

/** The components nearest to a place; those that suit the category come first. */
export function nearestParts(all: ComponentsPart | null, at: Position, category: CategoryPart | null, most = MOST): Nearby[] {
  const near = all?.rows.filter((row) => metresBetween(at, placeOf(row)) <= NEAR) ?? [];
  const found = near.map((row) => ({ ...told(row, all), metres: metresBetween(at, placeOf(row)) }));
  const misfit = (one: Nearby) => Number(Boolean(category) && one.category !== category?.code);
  return found.sort((a, b) => misfit(a) - misfit(b) || a.metres - b.metres || a.id - b.id).slice(0, most);
}

function placeOf([, , , lon, lat]: ComponentRow): Position {
  return { lat, lon };
}

function told([id, code, kind]: ComponentRow, all: ComponentsPart | null): Omit<Nearby, "metres"> {
  const [name, category] = all?.classes[kind] ?? [t("部件"), ""];
  return { id, code, name: `${name} ${code.slice(-NUMBER)}`, category };
}

export class PartChoice {
  readonly element = make("section", { class: "report-part", "aria-labelledby": "report-component", hidden: true });
  private readonly said = make("p", { class: "report-said", role: "status", hidden: true });
  private readonly row = make("div", { class: "report-parts", role: "group", "aria-labelledby": "report-component" });
  private draft: Draft | null = null;
  private shown = "";
  /** The category that choosing a component has set, to be taken back with it. */
  private preset: number | null = null;

  constructor(
    private readonly app: App,
    private readonly known: Known,
    private readonly change: (change: Partial<Draft>) => void,
  ) {
    const heading = make("h2", { id: "report-component" }, t("指向部件？"), " ", make("span", { class: "hint" }, t("选填")));
    this.element.append(heading, this.said, this.row);
  }

  show(draft: Draft, category: CategoryPart | null): void {
    const { at, component } = draft;
    const moved = at?.lat !== this.draft?.at?.lat || at?.lon !== this.draft?.at?.lon;
    this.draft = draft; // the row stays as it is under the finger that has chosen from it
    if (component === null || moved || !this.buttonOf(component)) this.offer(at, category, component);
    for (const button of this.row.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset.part === String(component)));
    this.said.hidden = component === null;
    this.said.textContent = component === null ? "" : t("指向：{name}。再点一次取消。", { name: this.nameOf(draft) });
    this.element.classList.toggle("done", component !== null);
    this.element.hidden = !this.row.childElementCount;
  }

  /** The draft, without a component that is too far from the place it has now. */
  within(draft: Draft): Draft {
    const row = this.rowOf(draft.component);
    if (!row || !draft.at || metresBetween(draft.at, placeOf(row)) <= NEAR) return draft;
    this.app.say(t("位置变了，已取消所指的部件。"));
    return { ...draft, component: null };
  }

  /** What the component of a draft is called; "" where there is none. */
  nameOf({ component }: Draft): string {
    if (component === null) return "";
    const row = this.rowOf(component);
    return row ? told(row, this.known.components).name : t("手机上没有的部件");
  }

  private rowOf(component: number | null): ComponentRow | undefined {
    return component === null ? undefined : this.known.components?.rows.find(([id]) => id === component);
  }

  /** Lay the row anew, unless it would be the same: what has the focus keeps it. */
  private offer(at: Position | null, category: CategoryPart | null, component: number | null): void {
    const near = at ? nearestParts(this.known.components, at, category, Infinity) : [];
    const [chosen, rest] = [near.filter(({ id }) => id === component), near.slice(0, MOST).filter(({ id }) => id !== component)];
    const offered = [...chosen, ...rest].slice(0, MOST);
    const unknown = component !== null && !chosen.length;
    const shown = JSON.stringify([unknown && component, offered.map(({ id, metres }) => [id, Math.round(metres)])]);
    if (shown === this.shown) return;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.part;
    this.shown = shown;
    this.row.replaceChildren(...(unknown ? [this.leave(component)] : []), ...offered.map((one) => this.button(one)));
    if (focused) this.buttonOf(Number(focused))?.focus();
  }

  private buttonOf(component: number): HTMLButtonElement | null {
    return this.row.querySelector(`[data-part="${component}"]`);
  }

  private button(one: Nearby): HTMLElement {
    const away = make("span", { class: "hint" }, t("{n} 米", { n: Math.round(one.metres) }));
    const button = make("button", { class: "report-choice", type: "button", title: one.code, "data-part": one.id }, one.name, away);
    button.addEventListener("click", () => this.point(this.draft?.component === one.id ? null : one));
    return button;
  }

  /** One that is chosen and not on the phone, as where it is gone since: it can only be left. */
  private leave(component: number): HTMLElement {
    const button = make("button", { class: "report-choice", type: "button", "data-part": component }, t("手机上没有的部件"));
    button.addEventListener("click", () => this.point(null));
    return button;
  }

  /** Point at a component or at none; its category comes and goes with it, one chosen by hand stays. */
  private point(one: Nearby | null): void {
    const category = this.draft?.category ?? null;
    const suits = (one?.category && this.known.categories.find(({ code }) => code === one.category)?.id) || null;
    const free = category === null || category === this.preset;
    this.preset = free ? suits : null;
    this.change({ component: one?.id ?? null, ...(free ? { category: suits } : {}) });
  }
}
