// Black boxes drawn over a photo by mouse, finger or keys. The form's text field holds them, one a line in percent, and
// is what is sent; without a script it is filled in by hand.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";

/** Left, top, width and height in percent of the photo. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const LEAST = 0.8; // percent: smaller is a slip of the hand

export function readBoxes(text: string): Box[] {
  const lines = text.split("\n").map((line) => line.trim().split(/[\s,]+/).map(Number));
  return lines
    .filter((parts) => parts.length === 4 && parts.every(Number.isFinite))
    .map(([left, top, width, height]) => ({ left: left!, top: top!, width: width!, height: height! }));
}

export function writeBoxes(boxes: Box[]): string {
  const short = (value: number) => String(Math.round(value * 100) / 100);
  return boxes.map(({ left, top, width, height }) => [left, top, width, height].map(short).join(" ")).join("\n");
}

/** The box between two corners, whichever way it was drawn, inside the photo. */
export function between(x: number, y: number, toX: number, toY: number): Box {
  const clamp = (value: number) => Math.min(100, Math.max(0, value));
  const [left, right] = [clamp(Math.min(x, toX)), clamp(Math.max(x, toX))];
  const [top, bottom] = [clamp(Math.min(y, toY)), clamp(Math.max(y, toY))];
  return { left, top, width: right - left, height: bottom - top };
}

export function moved(box: Box, byX: number, byY: number): Box {
  const left = Math.min(100 - box.width, Math.max(0, box.left + byX));
  const top = Math.min(100 - box.height, Math.max(0, box.top + byY));
  return { ...box, left, top };
}

export function resized(box: Box, byX: number, byY: number): Box {
  const width = Math.min(100 - box.left, Math.max(LEAST, box.width + byX));
  const height = Math.min(100 - box.top, Math.max(LEAST, box.height + byY));
  return { ...box, width, height };
}

export function mountRedaction(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-redaction]");
  if (form) new Redaction(form).start();
}

class Redaction {
  private readonly stage: HTMLElement;
  private readonly field: HTMLTextAreaElement;
  private readonly said: HTMLElement;
  private boxes: Box[];
  private readonly form: HTMLFormElement;

  constructor(form: HTMLFormElement) {
    this.form = form;
    this.stage = this.one("[data-stage]");
    this.field = this.one("textarea[name=boxes]");
    this.said = this.one("[data-said]");
    this.boxes = readBoxes(this.field.value);
  }

  start(): void {
    this.one("[data-plain]").hidden = true;
    for (const tool of this.form.querySelectorAll<HTMLElement>("[data-tools]")) tool.hidden = false;
    this.one("[data-add]").addEventListener("click", () => this.add({ left: 40, top: 40, width: 20, height: 20 }));
    this.one("[data-remove]").addEventListener("click", () => this.remove(this.chosen()));
    this.one<HTMLInputElement>("[data-see-through]").addEventListener("change", () => this.draw());
    this.stage.addEventListener("pointerdown", (event) => this.press(event));
    this.stage.addEventListener("keydown", (event) => this.type(event));
    this.stage.addEventListener("focusin", (event) => this.choose(event.target as HTMLElement));
    this.draw();
  }

  private one<T extends HTMLElement = HTMLElement>(selector: string): T {
    const found = this.form.querySelector<T>(selector);
    if (!found) throw new Error(`${selector} is missing from the page`);
    return found;
  }

  private last = -1;

  private choose(target: HTMLElement): void {
    const number = Number(target.dataset.box ?? -1);
    if (number >= 0) this.last = number;
  }

  private chosen(): number {
    return this.last >= 0 && this.last < this.boxes.length ? this.last : this.boxes.length - 1;
  }

  private add(box: Box): void {
    this.boxes.push(box);
    this.draw(this.boxes.length - 1);
    this.say(t("已加黑框，共 {number} 个。", { number: this.boxes.length }));
  }

  private remove(number: number): void {
    if (number < 0) return;
    this.boxes.splice(number, 1);
    this.draw(Math.min(number, this.boxes.length - 1));
    this.say(t("已删除黑框，还有 {number} 个。", { number: this.boxes.length }));
  }

  private say(words: string): void {
    this.said.textContent = words;
  }

  private draw(focused = -1): void {
    const clear = this.one<HTMLInputElement>("[data-see-through]").checked;
    for (const old of this.stage.querySelectorAll(".black-box")) old.remove();
    this.boxes.forEach((box, number) => {
      const label = t("黑框 {number}", { number: number + 1 });
      const drawn = make("button", { type: "button", class: "black-box", "data-box": number, "aria-label": label });
      drawn.classList.toggle("see-through", clear);
      drawn.append(make("span", { class: "corner", "data-corner": true }));
      place(drawn, box);
      this.stage.append(drawn);
      if (number === focused) drawn.focus();
    });
    this.field.value = writeBoxes(this.boxes);
  }

  private percent(event: PointerEvent): [number, number] {
    const frame = this.stage.getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * 100, ((event.clientY - frame.top) / frame.height) * 100];
  }

  /** A press on a box moves it, on its corner resizes it, beside all boxes draws a new one. */
  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    const target = event.target as HTMLElement;
    const held = target.closest<HTMLElement>(".black-box");
    const [x, y] = this.percent(event);
    const number = held ? Number(held.dataset.box) : this.boxes.length;
    const from = this.boxes[number];
    const change = (toX: number, toY: number): Box =>
      from === undefined
        ? between(x, y, toX, toY)
        : target.dataset.corner === undefined
          ? moved(from, toX - x, toY - y)
          : resized(from, toX - x, toY - y);
    event.preventDefault();
    this.follow(event, number, change);
  }

  private follow(press: PointerEvent, number: number, change: (x: number, y: number) => Box): void {
    this.stage.setPointerCapture(press.pointerId);
    const move = (event: PointerEvent) => {
      this.boxes[number] = change(...this.percent(event));
      this.draw(number);
    };
    const end = (event: PointerEvent) => {
      this.stage.removeEventListener("pointermove", move);
      this.stage.removeEventListener("pointerup", end);
      this.stage.removeEventListener("pointercancel", end);
      const box = this.boxes[number];
      if (box && (box.width < LEAST || box.height < LEAST)) this.boxes.splice(number, 1);
      this.last = number;
      this.draw(event.type === "pointercancel" ? -1 : number);
    };
    this.stage.addEventListener("pointermove", move);
    this.stage.addEventListener("pointerup", end);
    this.stage.addEventListener("pointercancel", end);
    this.last = number;
    this.stage.querySelector<HTMLElement>(`[data-box="${number}"]`)?.focus();
  }

  private type(event: KeyboardEvent): void {
    const held = (event.target as HTMLElement).closest<HTMLElement>(".black-box");
    const number = held ? Number(held.dataset.box) : -1;
    const box = this.boxes[number];
    if (!box) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.remove(number);
      return;
    }
    const way = WAYS[event.key];
    if (!way) return;
    event.preventDefault();
    const [byX, byY] = event.ctrlKey ? [way[0] * 0.2, way[1] * 0.2] : way;
    this.boxes[number] = event.shiftKey ? resized(box, byX, byY) : moved(box, byX, byY);
    this.draw(number);
  }
}

const WAYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function place(element: HTMLElement, box: Box): void {
  element.style.left = `${box.left}%`;
  element.style.top = `${box.top}%`;
  element.style.width = `${box.width}%`;
  element.style.height = `${box.height}%`;
}
