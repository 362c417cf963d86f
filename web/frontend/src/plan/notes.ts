// What is said about the plan: comments beside the drawing, each with its cell or its place, answered and settled there.
import { askJson, RequestTrouble, sendForm } from "../request.ts";
import { announce, byId, make } from "../ui/dom.ts";
import { showTrouble } from "../ui/notices.ts";
import type { Step } from "../ui/sheet.ts";
import { t } from "./words.ts";
import type { Board } from "./board.ts";
import type { Plan } from "./model.ts";
import type { NotePins } from "./note_pins.ts";
import type { PlanSettings } from "./settings.ts";

interface Note {
  id: number;
  kind: string;
  word: string;
  who: string;
  at: string;
  text: string;
  cell: number | null;
  /** Latitude, longitude. */
  place: [number, number] | null;
  about: number | null;
  revision: number;
  settled: boolean;
  /** Whether one may say that it is settled. */
  may: boolean;
}

const LONGEST = 500;

export function mountNotes(root: HTMLElement, settings: PlanSettings, plan: Plan, board: Board, pins: NotePins, rest: (step: Step) => void): { renew(): void } {
  const summary = make("summary");
  const list = make("ol", { class: "talk", "aria-live": "off" });
  const all = make("input", { type: "checkbox", id: "talk-all" });
  const allWord = make("span");
  const allLine = make("label", { class: "check talk-all" }, all, allWord);
  const wrong = make("p", { class: "field-error", role: "alert" });
  const when = new Intl.DateTimeFormat(settings.language.startsWith("zh") ? "zh-CN" : settings.language, { dateStyle: "short", timeStyle: "short" });
  let notes: Note[] = [];
  let place: [number, number] | null = null;
  const form = newForm();
  const box = make("details", { class: "plan-fold", id: "talk" }, summary, list, allLine, wrong, form.element);
  let wanted = Number(new URLSearchParams(location.search).get("note")) || null;
  root.append(box);
  box.addEventListener("toggle", () => box.open && void renew());
  all.addEventListener("change", render);
  board.on(["chosen"], () => form.sayAbout());
  pins.hear((at) => setPlace(at), (id) => choose(id));
  void renew();

  async function renew(): Promise<void> {
    try {
      take(await askJson<{ notes: Note[] }>(`${settings.urls.notes}${box.open ? "?read=1" : ""}`));
    } catch (error) {
      if (!(error instanceof RequestTrouble)) throw error;
      if (box.open) showTrouble("talk", error, () => void renew());
    }
  }

  /** Whether it was taken. It is not sent again by itself: it might be said twice. */
  async function send(address: string, content: Record<string, string>): Promise<boolean> {
    wrong.textContent = "";
    try {
      take(await sendForm<{ notes: Note[] }>(address, content));
      return true;
    } catch (error) {
      if (!(error instanceof RequestTrouble)) throw error;
      wrong.textContent = `${error.message} ${error.fix}`;
      return false;
    }
  }

  function take(told: { notes: Note[] }): void {
    const before = threads().length;
    notes = told.notes;
    render();
    if (wanted !== null) choose(wanted);
    wanted = null;
    if (box.open && before && threads().length > before) announce(t("有新留言"));
  }

  function threads(): Note[] {
    return notes.filter(({ kind, about }) => kind === "comment" && about === null);
  }

  function render(): void {
    const every = threads();
    const open = every.filter(({ settled }) => !settled);
    const shown = all.checked ? every : open;
    summary.replaceChildren(t("留言"), ...(open.length ? [" ", make("span", { class: "badge warn" }, t("{count} 条未处理", { count: open.length }))] : []));
    allLine.hidden = open.length === every.length;
    allWord.textContent = t("也显示已处理的 {count} 条", { count: every.length - open.length });
    const writing = keptAnswer();
    list.replaceChildren(...shown.map((one) => thread(one, every.indexOf(one) + 1)));
    if (!shown.length) list.replaceChildren(make("li", { class: "empty" }, every.length ? t("没有未处理的留言。") : t("还没有留言。选一个网格，或在地图上指一个位置，写下意见。")));
    writing();
    pins.show(shown.flatMap((one) => (one.place ? [{ id: one.id, place: one.place, label: String(every.indexOf(one) + 1), title: `${one.who}: ${one.text}` }] : [])));
  }

  function thread(note: Note, number: number): HTMLLIElement {
    const answers = notes.filter(({ about }) => about === note.id);
    const item = make("li", { class: note.settled ? "settled" : "", id: `talk-${note.id}`, tabindex: -1 }, said(note, number), ...answers.map((one) => said(one)), acts(note));
    return item;
  }

  function said(note: Note, number = 0): HTMLElement {
    const head = make("p", { class: "talk-head" }, ...(number ? [make("b", { class: "talk-number" }, String(number))] : []), make("b", {}, note.who), make("small", {}, when.format(new Date(note.at))));
    if (note.kind !== "comment") head.append(make("span", { class: `badge ${note.kind === "settle" ? "good" : "warn"}` }, note.word));
    else if (note.settled) head.append(make("span", { class: "badge good" }, t("已处理")));
    return make("div", { class: note.about ? "talk-answer" : "" }, head, ...(note.text ? [make("p", { class: "talk-text" }, note.text)] : []));
  }

  function acts(note: Note): HTMLElement {
    const line = make("p", { class: "talk-acts" });
    if (note.place) line.append(button(t("看位置"), () => choose(note.id)));
    if (note.cell && plan.cells.has(note.cell)) line.append(button(`${note.cell} ${plan.name(note.cell)}`, () => board.set({ chosen: note.cell })));
    line.append(button(t("回复"), () => answer(note)));
    if (note.may) line.append(button(note.settled ? t("重新打开") : t("已处理"), () => void send(settings.urls["note-settle"], { about: String(note.id), settled: note.settled ? "0" : "1" })));
    return line;
  }

  function answer(note: Note): void {
    const item = byId(`talk-${note.id}`);
    if (item.querySelector("form")) return item.querySelector("textarea")?.focus();
    const text = make("textarea", { rows: 2, maxlength: LONGEST, required: true, "aria-label": t("回复") });
    const element = make("form", { class: "stack" }, text, make("p", { class: "actions" }, make("button", { class: "button primary" }, t("回复"))));
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      element.dataset.sent = ""; // so that it is not kept as being written
      void send(settings.urls.notes, { text: text.value, about: String(note.id) }).then((done) => done || delete element.dataset.sent);
    });
    item.append(element);
    text.focus();
  }

  /** An answer that is being written outlives that others write meanwhile. */
  function keptAnswer(): () => void {
    const field = list.querySelector<HTMLTextAreaElement>("form:not([data-sent]) textarea");
    const [id, words, here] = [Number(field?.closest("li")?.id.slice(5)), field?.value ?? "", field === document.activeElement];
    return () => {
      const note = threads().find((one) => one.id === id);
      if (!field || !note || !list.querySelector(`#talk-${id}`)) return;
      answer(note);
      const again = list.querySelector<HTMLTextAreaElement>("form textarea");
      if (again) again.value = words;
      if (!here) again?.blur();
    };
  }

  function choose(id: number): void {
    const note = threads().find((one) => one.id === id);
    if (!note) return;
    if (note.settled && !all.checked) {
      all.checked = true;
      render();
    }
    open();
    list.querySelectorAll("li").forEach((item) => item.classList.toggle("chosen", item.id === `talk-${id}`));
    byId(`talk-${id}`).scrollIntoView({ block: "nearest" });
    if (note.place) pins.reveal(id);
  }

  function open(): void {
    box.open = true;
    rest("half");
  }

  function setPlace(at: [number, number] | null): void {
    place = at;
    pins.setDraft(at);
    form.sayAbout();
    if (!at) return;
    open();
    form.focus();
  }

  function takeTool(): void {
    rest("low"); // or it would cover the map of a phone
    board.set({ tool: "note" });
  }

  function newForm(): { element: HTMLFormElement; sayAbout(): void; focus(): void } {
    const text = make("textarea", { id: "talk-new", rows: 3, maxlength: LONGEST, required: true });
    const about = make("p", { class: "talk-about" });
    const point = button(t("在地图上指一个位置"), takeTool);
    const drop = button(t("不指位置"), () => setPlace(null));
    const element = make("form", { class: "stack talk-form" }, make("div", { class: "field" }, make("label", { for: "talk-new" }, t("写留言")), text), about, make("p", { class: "actions" }, make("button", { class: "button primary" }, t("留言")), point, drop));
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      void submit();
    });

    async function submit(): Promise<void> {
      const { chosen } = board.now;
      const content: Record<string, string> = { text: text.value };
      if (chosen) content.cell = String(chosen);
      if (place) [content.lat, content.lon] = place.map(String);
      if (!(await send(settings.urls.notes, content))) return;
      text.value = "";
      setPlace(null);
    }

    function sayAbout(): void {
      const { chosen } = board.now;
      const parts = [chosen ? t("关于 {cell}", { cell: `${chosen} ${plan.name(chosen)}` }) : t("关于整个方案"), ...(place ? [t("位置已指出")] : [])];
      about.textContent = parts.join(" · ");
      point.hidden = place !== null;
      drop.hidden = place === null;
    }

    sayAbout();
    return { element, sayAbout, focus: () => text.focus() };
  }

  return { renew: () => void renew() };
}

function button(word: string, hear: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", class: "button" }, word);
  made.addEventListener("click", hear);
  return made;
}
