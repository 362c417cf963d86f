// What became of a report: its number once the server has it, where it waits until then, why it was not taken.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { App } from "../view.ts";

/** Show the state of an item in place of the form, and follow it while the view is open. `title`: what was reported. */
export function showSent(root: HTMLElement, app: App, uuid: string, title: string): void {
  const card = make("div", { class: "card report-sent", role: "status", tabindex: -1 });
  const again = make("a", { class: "button", href: "#report" }, t("再报一件"));
  again.addEventListener("click", (event) => {
    event.preventDefault();
    stops.forEach((stop) => stop());
    app.go(`#report?new=${Date.now()}`);
  });
  root.replaceChildren(make("h1", {}, t("上报")), make("p", { class: "report-said" }, title), card, make("p", { class: "actions" }, again, make("a", { class: "button", href: "#waiting" }, t("待发送"))));
  const refresh = () => void fill(card, app, uuid);
  const stops = [app.on("outbox", refresh), app.on("contact", refresh)];
  refresh();
  card.focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function fill(card: HTMLElement, app: App, uuid: string): Promise<void> {
  const item = await app.outbox.get(uuid).catch(() => null);
  if (!item) card.replaceChildren(...stored(app, uuid));
  else if (item.state === "waiting") card.replaceChildren(...waiting(app));
  else card.replaceChildren(...troubled(uuid, item.problem?.error ?? "", item.problem?.fix ?? ""));
  card.dataset.state = item?.state ?? "stored";
}

function stored(app: App, uuid: string): HTMLElement[] {
  const outcome = app.outbox.outcomes.get(uuid) as { number?: string; url?: string; joined?: boolean } | undefined;
  if (!outcome?.number) return [make("p", { class: "report-big" }, t("已上报。"))];
  const said = outcome.joined ? t("已并入") : t("已上报，编号");
  return [make("p", { class: "report-big" }, `✓ ${said} `, make("a", { href: outcome.url ?? "#" }, outcome.number))];
}

function waiting(app: App): HTMLElement[] {
  const said = app.online ? t("已保存在手机，正在上报…") : t("已保存在手机，联网后自动上报。");
  return [make("p", { class: "report-big" }, `${app.online ? "↑" : "◌"} ${said}`), make("p", { class: "hint" }, t("可以关掉页面，不会丢失。"))];
}

function troubled(uuid: string, error: string, fix: string): HTMLElement[] {
  const edit = make("a", { class: "button primary", href: `#report?item=${uuid}` }, t("修改"));
  return [make("p", { class: "report-big" }, `✕ ${t("没有被接受")}`), make("p", {}, make("b", {}, error), ` ${fix}`), edit];
}
