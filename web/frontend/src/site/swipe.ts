// Two drawings over the same ground: a slider says how much of the first is seen; buttons bring a cell close.

/** Bring every comparison of the page to life. */
export function enlivenSwipe(): void {
  for (const figure of document.querySelectorAll<HTMLElement>("[data-swipe]")) enliven(figure);
}

function enliven(figure: HTMLElement): void {
  const slider = figure.querySelector<HTMLInputElement>("input[type=range]");
  const stage = figure.querySelector<HTMLElement>(".swipe-stage");
  if (!slider || !stage) return;
  const show = (): void => stage.style.setProperty("--at", `${slider.value}%`);
  slider.addEventListener("input", show);
  show();
  const follow = (event: PointerEvent): void => {
    if (!event.buttons) return;
    const box = stage.getBoundingClientRect();
    slider.value = String(shareOf(event.clientX, box.left, box.width));
    show();
  };
  stage.addEventListener("pointerdown", follow);
  stage.addEventListener("pointermove", follow);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-window]");
    if (button?.dataset.window) zoom(figure, button.dataset.window);
  });
}

/** Where a pointer is between left and right, in whole percent. */
export function shareOf(x: number, left: number, width: number): number {
  return Math.round(Math.min(Math.max((x - left) / Math.max(width, 1), 0), 1) * 100);
}

function zoom(figure: HTMLElement, view: string): void {
  for (const drawing of figure.querySelectorAll("svg")) drawing.setAttribute("viewBox", view);
  figure.scrollIntoView({ block: "nearest" });
}
