// Who lives beyond the walk: by age, by need, by place; and the way to the list of their buildings.
import type { NumberFormat } from "../figures/format.ts";
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { queryOf, type Beyond, type Figure, type ServiceSettings, type ServiceState } from "./settings.ts";
import { bar } from "./sheet.ts";

interface Wishes {
  format: NumberFormat;
  settings: ServiceSettings;
  goTo(code: string): void;
}

export function showWho(place: HTMLElement, state: ServiceState, wishes: Wishes): void {
  const { answer } = state;
  if (!answer?.points.length) return place.replaceChildren();
  if (!answer.beyond) return place.replaceChildren(make("p", {}, t("您的角色只看步行时间，不看人口数字。")), listLink(state, wishes));
  const { places, ages, needs } = answer.beyond;
  place.replaceChildren(
    listLink(state, wishes),
    table(t("按地方"), worstFirst(places), wishes, (figure) => placeButton(figure, wishes)),
    table(t("按年龄"), ages, wishes, (figure) => (figure.served ? make("strong", {}, figure.name) : figure.name)),
    needs.length ? table(t("按服务需求"), needs, wishes, (figure) => figure.name) : "",
    make("p", { class: "soft" }, notes(answer.beyond)),
  );
}

function notes({ places, ages, needs, rounded }: Beyond): string {
  const withheld = [...places, ...ages, ...needs].some(({ people }) => people === null);
  const parts = [t("加粗的是这类设施服务的年龄。"), withheld && t("“–”是人数少，不显示。"), rounded && t("超时的人数按 5 取整，以免推出一户的人数。")];
  return parts.filter(Boolean).join(" ");
}

function worstFirst(figures: Figure[]): Figure[] {
  return [...figures].sort((a, b) => (b.beyond ?? -1) - (a.beyond ?? -1) || a.code.localeCompare(b.code));
}

function placeButton({ code, name }: Figure, { goTo }: Wishes): HTMLElement {
  const button = make("button", { type: "button", class: "service-link" }, name);
  button.addEventListener("click", () => goTo(code));
  return button;
}

function table(title: string, figures: Figure[], { format }: Wishes, name: (figure: Figure) => Node | string): HTMLElement {
  const say = (value: number | null) => (value === null ? "–" : format.say(value));
  const rows = figures.map((figure) =>
    make(
      "tr", {},
      make("th", { scope: "row" }, name(figure)),
      make("td", { class: "number" }, say(figure.people)),
      make("td", { class: "number" }, say(figure.beyond)),
      make("td", { class: "number" }, figure.share === null ? "–" : format.withUnit(figure.share, "%"), bar(figure.share ?? 0)),
    ),
  );
  const head = [title, t("人数"), t("超时"), t("占比")].map((text, i) => make("th", { scope: "col", class: i ? "number" : "" }, text));
  return make("table", { class: "table service-table" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}

function listLink(state: ServiceState, { settings }: Wishes): HTMLElement {
  const query = queryOf(state, { beyond: state.kind });
  query.delete("kind");
  return make("p", {}, make("a", { href: `${settings.urls.buildings}?${query}` }, t("列出超时的楼栋")));
}
