// What it is: a word finds the kind, whatever people call it; opened groups stay for those who would rather look.
import { t } from "../words.ts";
import { part } from "./fields.ts";

export function enlivenKinds(form: HTMLFormElement, changed: () => void): void {
  const finder = part(form, "kind-finder");
  const box = finder.querySelector("input");
  const [kinds, said] = [part(form, "kinds"), part(form, "kind-said")];
  if (!box) return;
  finder.hidden = false;
  box.addEventListener("input", () => (said.textContent = show(kinds, box.value)));
  // Enter in the box means "find", not "send".
  box.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  kinds.addEventListener("change", changed);
}

/** Show the kinds that hold everything typed; what to do where there is none. */
function show(kinds: HTMLElement, typed: string): string {
  const parts = typed.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of kinds.querySelectorAll("details")) {
    let here = 0;
    for (const label of group.querySelectorAll<HTMLElement>("label[data-keys]")) {
      const fits = parts.every((one) => label.dataset.keys?.includes(one));
      label.hidden = !fits;
      here += Number(fits);
    }
    group.hidden = here === 0;
    group.open = parts.length ? here > 0 : group.querySelector(":checked") !== null;
    found += here;
  }
  if (found || !parts.length) return "";
  for (const label of kinds.querySelectorAll<HTMLElement>("label, details")) label.hidden = false;
  return t("没有叫这个的。请从下面选，或选“其他事项”并写明情况。");
}
