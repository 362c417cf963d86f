// The big screen: one view at a time, each for some seconds; the arrow keys turn, the space bar holds.
import { t } from "../words.ts";

const SHOWN_MS = 20_000;
const STILL_MS = 8_000;

/** The views of a wall, turned by time or by hand. `slides()` is asked anew each time: the figures may be new ones. */
export class Screen {
  private at = 0;
  private held = false;
  private turning: ReturnType<typeof setTimeout> | undefined;
  private still: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly body: HTMLElement) {
    body.classList.add("turning");
    find(".screen-controls").hidden = false;
    find("#screen-before").addEventListener("click", () => this.turn(-1));
    find("#screen-after").addEventListener("click", () => this.turn(1));
    find("#screen-pause").addEventListener("click", () => this.hold(!this.held));
    find("#screen-full").addEventListener("click", () => void full());
    document.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["pointermove", "keydown", "focusin"]) document.addEventListener(name, () => this.wake());
    this.wake();
    this.show();
  }

  /** Show the view that is on, after the figures were replaced. */
  show(): void {
    const slides = this.slides();
    this.at = ((this.at % slides.length) + slides.length) % slides.length;
    slides.forEach((slide, at) => slide.classList.toggle("shown", at === this.at));
    const dots = slides.map((slide, at) => dot(slide.dataset.slide ?? "", at === this.at));
    find("#screen-dots").replaceChildren(...dots);
    clearTimeout(this.turning);
    if (!this.held) this.turning = setTimeout(() => this.turn(1), SHOWN_MS);
  }

  private slides(): HTMLElement[] {
    return [...this.body.querySelectorAll<HTMLElement>(".slide")];
  }

  private turn(by: number): void {
    this.at += by;
    this.show();
  }

  private hold(held: boolean): void {
    this.held = held;
    const button = find("#screen-pause");
    button.setAttribute("aria-pressed", String(held));
    button.textContent = held ? t("继续") : t("暂停");
    this.show();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const onButton = event.target instanceof HTMLButtonElement;
    if (event.key === "ArrowRight") this.turn(1);
    else if (event.key === "ArrowLeft") this.turn(-1);
    else if (event.key === " " && !onButton) this.hold(!this.held);
    else return;
    event.preventDefault();
  }

  /** The buttons hide while nobody touches anything. */
  private wake(): void {
    document.body.classList.remove("still");
    clearTimeout(this.still);
    this.still = setTimeout(() => document.body.classList.add("still"), STILL_MS);
  }
}

function dot(name: string, on: boolean): HTMLElement {
  const made = document.createElement("li");
  made.title = name;
  if (on) made.setAttribute("aria-current", "true");
  return made;
}

async function full(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen?.();
}

function find(selector: string): HTMLElement {
  return document.querySelector<HTMLElement>(selector)!;
}
