// What else there is to say: typed, or spoken where the browser listens.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { Draft } from "./draft.ts";
import { canListen, listen } from "./voice.ts";

const LONGEST = 2000;

export class Words {
  readonly element = make("section", { class: "report-part" });
  private readonly box = make("textarea", { id: "report-text", rows: 3, maxlength: LONGEST });
  private stop: (() => void) | null = null;

  constructor(private readonly change: (change: Partial<Draft>) => void) {
    this.box.addEventListener("input", () => this.changed());
    const label = make("label", { for: "report-text" }, t("说明"), " ", make("span", { class: "hint" }, t("选填")));
    this.element.append(make("h2", {}, label), this.box);
    if (canListen()) this.element.append(this.microphone());
  }

  show(text: string): void {
    this.box.value = text;
  }

  close(): void {
    this.stop?.();
  }

  private changed(): void {
    this.change({ text: this.box.value });
  }

  private microphone(): HTMLElement {
    const button = make("button", { class: "button", type: "button", "aria-pressed": "false" }, t("语音输入"));
    const note = make("p", { class: "hint" }, t("语音由手机或浏览器厂商识别，可能会传到他们的服务器；不要说出他人的姓名和证件号。"));
    const ended = (failed: boolean) => {
      this.stop = null;
      button.setAttribute("aria-pressed", "false");
      button.textContent = t("语音输入");
      if (failed) note.textContent = t("没有听到，或手机不允许使用麦克风。请再试，或直接输入文字。");
    };
    button.addEventListener("click", () => {
      if (this.stop) return this.stop();
      this.stop = listen((words) => this.append(words), ended);
      button.setAttribute("aria-pressed", "true");
      button.textContent = t("正在听，点一下结束");
    });
    return make("div", { class: "report-voice" }, button, note);
  }

  private append(words: string): void {
    const before = this.box.value;
    this.box.value = `${before}${before && !/[，。；\s]$/.test(before) ? "，" : ""}${words}`.slice(0, LONGEST);
    this.changed();
  }
}
