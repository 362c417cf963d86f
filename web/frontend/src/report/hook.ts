// Puts the export of the view on the map page: a button among the tools, a box that orders and follows one report.
import type { L } from "../map/leaflet.ts";
import { RequestTrouble } from "../request.ts";
import { announce, byId, make } from "../ui/dom.ts";
import { t } from "../words.ts";
import type { Settings, Workspace } from "../workspace.ts";
import { cancel, follow, isAtWork, order, type Report, type ReportSettings, type View } from "./order.ts";
import { viewOf } from "./view.ts";

export function mountReportOn(map: L.Map, workspace: Workspace, settings: Settings): void {
  const box = new ReportBox(settings.report, (within) => viewOf(map, workspace, within));
  byId("home").before(box.button, box.root);
}

class ReportBox {
  readonly button = makeButton();
  readonly root = make("div", { id: "report", class: "layers report-box", role: "group", "aria-label": t("导出"), hidden: true });
  private readonly within = make("input", { type: "checkbox" });
  private readonly said = make("div", { class: "report-said" });
  private following: AbortController | null = null;

  constructor(
    private readonly settings: ReportSettings,
    private readonly view: (within: boolean) => View,
  ) {
    const usual = settings.kinds.filter((kind) => kind.usual).map((kind) => this.makeKind(kind));
    const others = settings.kinds.filter((kind) => !kind.usual).map((kind) => this.makeKind(kind));
    const more = make("details", { class: "report-more" }, make("summary", {}, t("其他格式")), ...others);
    const all = make("a", { href: settings.url, class: "quiet" }, t("我的全部报表"));
    this.root.append(make("h2", {}, t("导出当前视图")), make("label", { class: "choice" }, this.within, t("只要屏幕上的范围")), ...usual, more, this.said, all);
    this.button.addEventListener("click", () => this.show(Boolean(this.root.hidden)));
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.root.contains(target as Node) && !this.button.contains(target as Node)) this.show(false);
    });
    this.root.addEventListener("keydown", (event) => this.hearKey(event));
  }

  private makeKind({ code, name, note }: ReportSettings["kinds"][number]): HTMLElement {
    const button = make("button", { type: "button", class: "report-kind" }, make("strong", {}, name), make("span", {}, note));
    button.addEventListener("click", () => void this.order(code));
    return button;
  }

  private hearKey(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.show(false);
    this.button.focus();
  }

  private show(open: boolean): void {
    this.root.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  private async order(kind: string): Promise<void> {
    this.following?.abort();
    const mine = (this.following = new AbortController());
    this.say(make("p", {}, t("正在申请…")));
    try {
      const report = await order(this.settings.url, kind, this.view(this.within.checked));
      this.tell(report);
      await follow(report, (now) => this.tell(now), mine.signal);
    } catch (error) {
      if (!mine.signal.aborted) this.say(makeTrouble(error));
    }
  }

  private tell(report: Report): void {
    if (isAtWork(report)) return this.tellProgress(report);
    if (report.stage !== "done") return this.say(make("p", {}, make("strong", {}, report.stageName), ` ${report.trouble} ${report.fix}`));
    const link = make("a", { class: "button primary wide", href: report.urls.take, download: true }, t("下载 {kind}", { kind: report.kind }));
    this.say(make("p", {}, report.title), link);
    announce(t("报表已完成，可以下载"));
  }

  private tellProgress(report: Report): void {
    const stop = make("button", { type: "button", class: "button" }, t("取消"));
    stop.addEventListener("click", () => void cancel(report).catch((error: unknown) => this.say(makeTrouble(error))));
    const bar = make("progress", { max: 100, value: report.percent, "aria-label": t("进度") });
    this.say(make("p", {}, `${report.title} · ${report.stageName}`), bar, stop);
  }

  private say(...parts: HTMLElement[]): void {
    this.said.replaceChildren(...parts);
    this.said.scrollIntoView({ block: "nearest" });
  }
}

function makeTrouble(error: unknown): HTMLElement {
  const known = error instanceof RequestTrouble ? error : new RequestTrouble("broken", t("服务器出错。"), t("请稍后重试。"));
  return make("p", { role: "alert" }, make("strong", {}, known.message), ` ${known.fix}`);
}

function makeButton(): HTMLButtonElement {
  const name = t("导出");
  const button = make("button", { id: "report-button", type: "button", class: "tool", "aria-expanded": "false", "aria-controls": "report", "aria-label": name, title: name });
  const icon = byId("home").querySelector("svg")?.cloneNode(false) as SVGElement;
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15");
  icon.append(path);
  button.append(icon);
  return button;
}
