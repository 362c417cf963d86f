// Trying out sites: find the best, put some down, see the figures follow, keep them under a name and share them.
import type { NumberFormat } from "../figures/format.ts";
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import type { Best, Effect, Gain, Proposal, ServiceSettings, ServiceState } from "./settings.ts";
import { choose, field } from "./sheet.ts";

export interface SiteWishes {
  format: NumberFormat;
  settings: ServiceSettings;
  find(k: number, aim: string, fromMine: boolean): void;
  arm(): void;
  undo(): void;
  clear(): void;
  remove(index: number): void;
  focus(index: number): void;
  save(name: string): void;
  open(proposal: Proposal): void;
  forget(proposal: Proposal): void;
  copyLink(proposal: Proposal): void;
}

/** Controls are made once, so that a figure that follows a drag takes no focus away. */
export class SitesPane {
  private readonly state = make("div", { class: "service-effect", "aria-live": "polite" });
  private readonly list = make("ol", { class: "service-sites" });
  private readonly saved = make("div");
  private readonly arm: HTMLButtonElement;
  private readonly back: HTMLButtonElement;
  private readonly clear: HTMLButtonElement;
  private readonly find: HTMLButtonElement;
  private readonly keep: HTMLElement;
  private readonly count: HTMLSelectElement;
  private readonly aim: HTMLSelectElement;
  private readonly from: HTMLSelectElement;

  constructor(place: HTMLElement, private readonly wishes: SiteWishes) {
    const numbers = Array.from({ length: wishes.settings.mostSites }, (_, i) => ({ code: String(i + 1), name: t("{n} 处", { n: i + 1 }) }));
    this.count = choose(numbers);
    this.aim = choose([{ code: "cover", name: t("让最多人走得到") }, { code: "median", name: t("让大家总共少走") }]);
    this.from = choose([{ code: "", name: t("自动找") }, { code: "mine", name: t("只在已放的位置中选") }]);
    this.find = button(t("找最佳位置"), () => wishes.find(Number(this.count.value), this.aim.value, Boolean(this.from.value)), "primary");
    this.arm = button(t("在地图上放一处"), () => wishes.arm());
    this.back = button(t("撤销"), () => wishes.undo());
    this.clear = button(t("全部清除"), () => wishes.clear());
    this.keep = this.keepForm();
    this.from.addEventListener("change", () => (this.find.disabled = !wishes.settings.mayCount || (Boolean(this.from.value) && !this.list.childElementCount)));
    place.append(
      make("div", { class: "service-asked two" }, field(t("再建几处"), this.count), field(t("目标"), this.aim), field(t("候选位置"), this.from)),
      make("div", { class: "actions" }, this.find, this.arm, this.back, this.clear),
      this.state, this.list, this.keep, this.saved,
    );
  }

  show(state: ServiceState, canUndo: boolean, busy: boolean): void {
    const { sites, effect, best, arming } = state;
    this.find.disabled = busy || !this.wishes.settings.mayCount || (Boolean(this.from.value) && !sites.length);
    this.find.textContent = busy ? t("正在计算…") : t("找最佳位置");
    this.arm.textContent = arming === "site" ? t("请在地图上点选位置…") : t("在地图上放一处");
    this.arm.disabled = sites.length >= this.wishes.settings.mostSites;
    this.back.disabled = !canUndo;
    this.clear.disabled = !sites.length;
    this.keep.hidden = !sites.length;
    this.state.replaceChildren(...(sites.length ? this.effect(effect) : this.empty()), ...this.certainty(best, sites.length));
    this.list.replaceChildren(...sites.map((site, index) => this.row(index, site.name, effect?.each[index])));
    this.saved.replaceChildren(...this.proposals(state.proposals));
  }

  private empty(): Node[] {
    return [make("p", { class: "soft" }, t("让电脑找最佳位置，或自己放一处；放下后可在地图上拖动，数字跟着变。"))];
  }

  private effect(effect: Effect | null): Node[] {
    if (!this.wishes.settings.mayCount) return [make("p", {}, t("您的角色只看步行时间，不看人口数字。"))];
    if (!effect) return [make("p", {}, t("正在计算…"))];
    const { format } = this.wishes;
    const before = effect.beyond + effect.together.people;
    const line = (name: string, value: number, share: number) =>
      make("tr", {}, make("th", { scope: "row" }, name), make("td", { class: "number" }, format.say(value)), make("td", { class: "number" }, format.withUnit(effect.people ? (100 * share) / effect.people : 0, "%")));
    const gained = make("p", {}, make("strong", {}, t("多覆盖 {n} 人", { n: format.say(effect.together.people) })), ages(effect.together, format));
    const rows = [line(t("现在超时"), before, before), line(t("建成后超时"), effect.beyond, effect.beyond)];
    const rounded = effect.rounded ? [make("p", { class: "soft" }, t("试放的人数按 5 取整，以免推出一户的人数。"))] : [];
    return [gained, make("table", { class: "table service-table" }, make("tbody", {}, ...rows)), ...rounded];
  }

  private certainty(best: Best | null, placed: number): Node[] {
    if (!best) return [];
    const found = best.sites.length;
    if (!found) return [make("p", {}, t("所有人都已走得到，不需要再建。"))];
    const fewer = found < Number(this.count.value) && placed ? [make("p", {}, t("{n} 处就够了，再多也不会多覆盖一个人。", { n: found }))] : [];
    const sure =
      best.how === "exact"
        ? t("在 {n} 个候选位置中，这是最好的。", { n: best.candidates })
        : best.gap === null
          ? t("在 {n} 个候选位置中，这是找到的最好的，未证明没有更好的。", { n: best.candidates })
          : t("在 {n} 个候选位置中，离最好的不超过 {gap}%。", { n: best.candidates, gap: best.gap });
    return [...fewer, make("p", { class: "soft" }, sure)];
  }

  private row(index: number, name: string, gain: Gain | undefined): HTMLElement {
    const label = name || t("第 {n} 处", { n: index + 1 });
    const go = make("button", { type: "button", class: "service-link" }, label);
    go.addEventListener("click", () => this.wishes.focus(index));
    const drop = make("button", { type: "button", class: "icon-button", "aria-label": t("删除第 {n} 处", { n: index + 1 }) }, "×");
    drop.addEventListener("click", () => this.wishes.remove(index));
    const { format } = this.wishes;
    const text = gain ? make("span", { class: "service-gain" }, t("+{n} 人", { n: format.say(gain.people) }), ages(gain, format)) : "";
    return make("li", {}, make("div", {}, go, text), drop);
  }

  private keepForm(): HTMLElement {
    const name = make("input", { type: "text", maxlength: 60, required: true, placeholder: t("如 第二食堂选址") });
    const form = make("form", { class: "service-keep" }, field(t("方案名称"), name), make("button", { class: "button" }, t("保存方案")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.wishes.save(name.value);
    });
    return form;
  }

  private proposals(proposals: Proposal[]): Node[] {
    if (!proposals.length) return [];
    const rows = proposals.map((proposal) => {
      const open = make("button", { type: "button", class: "service-link" }, proposal.name);
      open.addEventListener("click", () => this.wishes.open(proposal));
      const kind = this.wishes.settings.kinds.find(({ code }) => code === proposal.kind)?.name ?? proposal.kind;
      const about = make("span", { class: "soft" }, t("{kind}，{n} 处", { kind, n: proposal.sites.length }));
      const own = proposal.mine ? [button(t("删除"), () => this.wishes.forget(proposal), "", "quiet")] : [];
      return make("li", {}, make("div", {}, open, about), button(t("复制链接"), () => this.wishes.copyLink(proposal), "", "quiet"), ...own);
    });
    return [make("h3", {}, t("保存的方案")), make("ul", { class: "service-sites" }, ...rows)];
  }
}

/** The people by age, where they are of more than one. */
function ages({ ages }: Gain, format: NumberFormat): Node | string {
  const told = ages.filter(({ people }) => people > 0).map(({ name, people }) => t("{age} {n} 人", { age: name, n: format.say(people) }));
  return told.length > 1 ? make("span", { class: "service-ages" }, told.join(" · ")) : "";
}

function button(name: string, act: () => void, tone = "", kind = "button"): HTMLButtonElement {
  const made = make("button", { type: "button", class: `${kind} ${tone}`.trim() }, name);
  made.addEventListener("click", act);
  return made;
}
