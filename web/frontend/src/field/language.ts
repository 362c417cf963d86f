// Changing the language: told to the server, to the shelf, and back to where one was.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { sayHello } from "./contact.ts";
import type { View } from "./view.ts";

/** Post the choice as the form of every page does. */
export const view: View = {
  name: "language",
  title: "中文 / English",
  icon: "",
  show(root) {
    const said = make("p", { role: "status" }, t("正在连接"));
    root.append(said);
    void change().catch(() => said.replaceChildren(t("需要联网才能切换语言。")));
  },
};

async function change(): Promise<void> {
  const { csrf } = await sayHello();
  const language = document.documentElement.lang.startsWith("en") ? "zh-hans" : "en";
  const fields = { csrfmiddlewaretoken: csrf, language, next: "/field/#settings" };
  const form = make("form", { method: "post", action: "/i18n/setlang/", hidden: true });
  for (const [name, value] of Object.entries(fields)) form.append(make("input", { type: "hidden", name, value }));
  document.body.append(form);
  form.submit();
}
