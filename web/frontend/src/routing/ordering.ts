// Rules put in order by dragging their number, with the finger, the mouse or the pen, or with Alt and the arrow keys.
// The buttons beside each rule do the same without a script.
import { t } from "../words.ts";

export function enlivenRules(): void {
  const list = document.querySelector<HTMLOListElement>("[data-routing-rules]");
  const form = document.querySelector<HTMLFormElement>("#routing-order");
  if (!list || !form || list.children.length < 2) return;
  for (const rule of list.children) new Handle(rule as HTMLElement, list, form);
}

/** The number of a rule as what it is moved by. */
class Handle {
  private before = "";

  constructor(
    private readonly rule: HTMLElement,
    private readonly list: HTMLElement,
    private readonly form: HTMLFormElement,
  ) {
    const number = rule.querySelector<HTMLElement>(".routing-number");
    if (!number) return;
    number.classList.add("handle");
    number.title = t("拖动以调整次序（键盘：Alt 加上下键）");
    number.addEventListener("pointerdown", (event) => this.take(event));
    rule.addEventListener("keydown", (event) => this.step(event));
  }

  private take(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.before = keysOf(this.list);
    this.rule.classList.add("moving");
    // By the list: an element that is put elsewhere in the page loses the pointer.
    this.list.setPointerCapture(event.pointerId);
    const follow = (moved: PointerEvent) => this.put(moved.clientY);
    const end = (ended: PointerEvent) => {
      this.list.removeEventListener("pointermove", follow);
      this.list.removeEventListener("pointerup", end);
      this.list.removeEventListener("pointercancel", end);
      this.rule.classList.remove("moving");
      if (ended.type === "pointerup") this.send();
    };
    this.list.addEventListener("pointermove", follow);
    this.list.addEventListener("pointerup", end);
    this.list.addEventListener("pointercancel", end);
  }

  /** Lay the rule before the first one whose middle lies below the pointer. */
  private put(y: number): void {
    const others = [...this.list.children].filter((one) => one !== this.rule);
    const next = others.find((one) => {
      const box = one.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    if ((next ?? null) !== this.rule.nextElementSibling) this.list.insertBefore(this.rule, next ?? null);
  }

  private step(event: KeyboardEvent): void {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const up = event.key === "ArrowUp";
    const other = up ? this.rule.previousElementSibling : this.rule.nextElementSibling;
    event.preventDefault();
    if (!other) return;
    this.before = keysOf(this.list);
    this.list.insertBefore(this.rule, up ? other : other.nextElementSibling);
    this.send();
  }

  private send(): void {
    const order = keysOf(this.list);
    if (order === this.before) return;
    set(this.form, "order", order);
    set(this.form, "key", this.rule.dataset.key ?? "");
    this.form.requestSubmit();
  }
}

function keysOf(list: HTMLElement): string {
  return [...list.children].map((one) => (one as HTMLElement).dataset.key).join(",");
}

function set(form: HTMLFormElement, name: string, value: string): void {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = value;
}
