// What others do in the same plan: asked for while somebody looks, less often while nothing happens.
import { RequestTrouble } from "../request.ts";
import type { Editor } from "./editor.ts";

const OFTEN_MS = 4_000;
const SELDOM_MS = 20_000;

export function watchOthers(editor: Editor): void {
  let pause = OFTEN_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      pause = (await editor.catchUp()) ? OFTEN_MS : Math.min(SELDOM_MS, pause * 1.3);
    } catch (error) {
      if (!(error instanceof RequestTrouble)) throw error;
      pause = SELDOM_MS; // what one does oneself says what is wrong
    }
    timer = setTimeout(() => void look(), pause);
  };
  timer = setTimeout(() => void look(), pause);
  document.addEventListener("visibilitychange", () => {
    pause = OFTEN_MS;
    void look();
  });
}
