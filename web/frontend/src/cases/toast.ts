// What was just done, said for a while at the foot of the page, with the way back.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";

let said: HTMLElement | null = null;

/** Say something; `undo`, where given, is offered beside it. */
export function say(text: string, undo?: () => void): void {
  said?.remove();
  const close = make("button", { type: "button", class: "icon-button", "aria-label": t("关闭") }, "×");
  const toast = make("div", { class: "toast", role: "status" }, make("span", {}, text));
  said = toast;
  close.addEventListener("click", () => toast.remove());
  if (undo) {
    const back = make("button", { type: "button", class: "button", "data-key": "u" }, t("撤销"));
    back.addEventListener("click", () => {
      toast.remove();
      undo();
    });
    toast.append(back);
  }
  toast.append(close);
  document.body.append(toast);
}
