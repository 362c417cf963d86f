// A view opened before the phone has anything (a link in a message, a new phone) is filled when the pack has come.
import type { App } from "./view.ts";

/** Fill `root` now, and anew with each pack until there is a form in it. `contents` is told nothing and may wait. */
export function fillAsItComes(root: HTMLElement, app: App, contents: () => Promise<HTMLElement[]>): () => void {
  let turn = 0;
  const fill = async () => {
    const mine = ++turn;
    const parts = await contents();
    if (mine !== turn) return;
    root.replaceChildren(...parts);
    if (root.querySelector("form")) scrollTo(0, 0);
  };
  void fill();
  const stop = app.on("pack", () => void (root.querySelector("form") || fill()));
  return () => {
    turn++;
    stop();
  };
}
