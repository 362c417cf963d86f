// "Is it one of these?": asked as soon as place or kind are known, and never in the way of sending.
import { askWithForm } from "./asking.ts";
import { part } from "./fields.ts";

const WAIT_MS = 400;

/** What to call whenever place or kind changed. */
export function offerSimilar(form: HTMLFormElement): () => void {
  const here = part(form, "similar-here");
  let waiting = 0;
  let asked: AbortController | null = null;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form))
      if (typeof value === "string" && ["lat", "lon", "building", "category", "text"].includes(name)) fields.set(name, value);
    const answer = await askWithForm(form.dataset.similar ?? "", fields, asked.signal);
    if (answer) here.innerHTML = await answer.text(); // a template of ours, which escapes what people wrote
  };
  return () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), WAIT_MS);
  };
}
