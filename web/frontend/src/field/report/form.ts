// 上报: where, what, send. Everything else is optional, and nothing is lost before the server has it.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { NoRoom } from "../outbox.ts";
import type { BuildingPart, CategoryPart, CellPart, ComponentsPart, GroundPart } from "../parts.ts";
import type { App } from "../view.ts";
import { used } from "./categories.ts";
import { CategoryChoice } from "./choosing.ts";
import { dropDraft, EMPTY, keepDraft, readDraft, type Draft } from "./draft.ts";
import type { Position } from "./exif.ts";
import { metresBetween, middleOf } from "./lie.ts";
import { Photos } from "./photos.ts";
import { PlaceChoice } from "./placing.ts";
import { PartChoice } from "./pointing.ts";
import { showSent } from "./sent.ts";
import { SimilarOnes } from "./same.ts";
import { Words } from "./saying.ts";

/** What the phone knows of the ground when the form opens. */
export interface Known {
  readonly cells: CellPart[];
  readonly ground: GroundPart;
  readonly categories: CategoryPart[];
  /** Null in a pack made before there were any. */
  readonly components: ComponentsPart | null;
}

const KEEP_AFTER_MS = 400;
const LABELS = () => ({
  category: t("类别"), text: t("说明"), place: t("位置"), lat: t("位置"), lon: t("位置"), building: t("位置"),
  component: t("部件"), same_as: t("同一件事"), error: t("定位误差"), photos: t("照片"), at: t("时间"),
  "photo-1": t("第 {n} 张照片", { n: 1 }), "photo-2": t("第 {n} 张照片", { n: 2 }),
  "photo-3": t("第 {n} 张照片", { n: 3 }), "photo-4": t("第 {n} 张照片", { n: 4 }),
});

export class ReportForm {
  private draft: Draft = { ...EMPTY };
  /** Whose report this is, whoever signs in meanwhile in another tab. */
  private readonly holder: string;
  private readonly place: PlaceChoice;
  private readonly category: CategoryChoice;
  private readonly part: PartChoice;
  private readonly photos: Photos;
  private readonly words: Words;
  private readonly same: SimilarOnes;
  private readonly trouble = make("div", { class: "notice error", role: "alert", hidden: true });
  private readonly send = make("button", { class: "button primary wide report-send", type: "submit" }, t("上报"));
  private readonly form = make("form", { class: "report", novalidate: true });
  private keeping = 0;
  private kept: Promise<unknown> = Promise.resolve();
  private sending = false;
  /** Before the phone puts the page away. */
  private readonly away = () => void (document.hidden && this.keep());

  /** `item`: the UUID of a waiting item that is edited. */
  constructor(
    private readonly root: HTMLElement,
    private readonly app: App,
    private readonly known: Known,
    private readonly item: string,
  ) {
    const changed = (change: Partial<Draft>) => this.change(change);
    this.holder = app.holder?.holder ?? "";
    this.place = new PlaceChoice(app, known, changed);
    this.category = new CategoryChoice(app, known.categories, changed);
    this.part = new PartChoice(app, known, changed);
    this.photos = new Photos((offered) => this.photosChanged(offered));
    this.words = new Words(changed);
    this.same = new SimilarOnes(app, changed);
  }

  /** Show the form, with what was being written or the item that is edited. */
  async open(building: string): Promise<void> {
    this.lay();
    document.addEventListener("visibilitychange", this.away);
    const before = this.item ? await this.itemToEdit() : await this.begun();
    if (before) await this.take(before);
    const from = this.known.ground.buildings.find(({ id }) => String(id) === building);
    if (from) this.change(placeOfBuilding(from));
    else if (building && !this.draft.at) this.change({ building: Number(building), placeName: t("来自楼栋页面") });
    this.refresh();
  }

  close(): void {
    clearTimeout(this.keeping);
    document.removeEventListener("visibilitychange", this.away);
    this.place.close();
    this.same.close();
    this.words.close();
    if (!this.sending) void this.keep();
  }

  private lay(): void {
    const { form } = this;
    const foot = make("div", { class: "report-foot" }, this.send);
    const steps = [this.place, this.part, this.category, this.same, this.photos, this.words];
    form.append(this.trouble, ...steps.map(({ element }) => element), foot);
    form.addEventListener("submit", (event) => (event.preventDefault(), void this.submit()));
    this.root.append(make("h1", {}, this.item ? t("修改上报") : t("上报")), form);
  }

  private async begun(): Promise<{ draft: Draft; photos: Blob[] } | null> {
    return readDraft(this.holder);
  }

  private async itemToEdit(): Promise<{ draft: Draft; photos: Blob[] } | null> {
    const item = await this.app.outbox.get(this.item).catch(() => null);
    if (!item) return void this.complain(t("这一条已经发送或删除。")), null;
    if (item.problem) this.complain(`${item.problem.error} ${item.problem.fix}`);
    const { lat, lon, category, text, building, component, error, same_as } = item.body as Record<string, never>;
    const at = typeof lat === "number" ? { lat, lon } : null;
    const draft = { at, error: error ?? null, building: building ?? null, category: category ?? null, component: component ?? null, text: text ?? "" };
    return { draft: { ...EMPTY, ...draft, placeName: "", sameAs: same_as ?? "" }, photos: item.pictures };
  }

  private async take({ draft, photos }: { draft: Draft; photos: Blob[] }): Promise<void> {
    this.draft = draft;
    this.photos.take(photos);
    this.words.show(draft.text);
  }

  private change(change: Partial<Draft>): void {
    this.draft = this.part.within({ ...this.draft, ...change });
    this.refresh();
    this.keepSoon();
  }

  private photosChanged(offered: Position | null): void {
    if (offered) this.place.offer(offered, this.draft.at ? metresBetween(offered, this.draft.at) : null);
    this.refresh();
    this.keepSoon();
  }

  private refresh(): void {
    const { draft } = this;
    const category = this.known.categories.find(({ id }) => id === draft.category) ?? null;
    this.place.show(draft);
    this.part.show(draft, category);
    this.category.show(category);
    this.same.look(draft, category);
    const missing = this.missing(category);
    this.send.textContent = missing || (draft.sameAs ? t("并入并上报") : t("上报"));
    this.send.setAttribute("aria-disabled", String(Boolean(missing)));
  }

  /** What is still to be done before it can be sent; "" where nothing is. */
  private missing(category: CategoryPart | null): string {
    const { draft } = this;
    if (this.photos.busy) return t("正在处理照片…");
    if (!draft.at && draft.building === null) return t("① 先选位置");
    if (!category && !draft.sameAs) return t("② 再选类别");
    if (category?.wordy && !draft.text.trim() && !this.photos.blobs.length) return t("“其他”请写一句说明或拍照");
    return "";
  }

  private async submit(): Promise<void> {
    const category = this.known.categories.find(({ id }) => id === this.draft.category) ?? null;
    const missing = this.missing(category);
    if (missing || this.sending) return this.app.say(missing);
    if (this.app.holder?.holder !== this.holder) return this.complain(t("现在登录的是另一位用户。草稿已保留，由本人登录后发送。"));
    this.sending = true;
    this.send.setAttribute("aria-busy", "true");
    if (await this.same.turnsUp()) return this.waitForLook();
    try {
      const uuid = await this.put(category);
      if (category) await used(this.holder, category.id);
      await this.kept; // a draft that is still being written would come back
      if (!this.item) await dropDraft(this.holder);
      this.close();
      showSent(this.root, this.app, uuid, this.title(category));
    } catch (error) {
      this.sending = false;
      this.send.removeAttribute("aria-busy");
      if (!(error instanceof NoRoom)) throw error;
      this.complain(error.message);
    }
  }

  private waitForLook(): void {
    this.sending = false;
    this.send.removeAttribute("aria-busy");
    this.app.say(t("附近有类似的，请先看看是不是同一件。"));
  }

  private async put(category: CategoryPart | null): Promise<string> {
    const { at, error, building, component, text, sameAs } = this.draft;
    const body = { category: category?.id ?? null, lat: at?.lat ?? null, lon: at?.lon ?? null, building, component, error, text: text.trim(), same_as: sameAs };
    const telling = { title: this.title(category), edit: "#report", labels: LABELS() };
    if (!this.item) return this.app.outbox.add("report", body, this.photos.blobs, telling);
    await this.app.outbox.rewrite(this.item, body, this.photos.blobs, telling);
    return this.item;
  }

  /** What it is called where it waits and once it is sent. */
  private title(category: CategoryPart | null): string {
    return [category?.name ?? t("又有人上报"), this.part.nameOf(this.draft)].filter(Boolean).join(" · ");
  }

  private complain(message: string): void {
    this.trouble.textContent = message;
    this.trouble.hidden = false;
    this.trouble.scrollIntoView({ block: "center" });
  }

  private keepSoon(): void {
    clearTimeout(this.keeping);
    this.form.dataset.kept = "no";
    if (!this.item) this.keeping = window.setTimeout(() => void this.keep(), KEEP_AFTER_MS);
  }

  private async keep(): Promise<void> {
    if (this.item || this.sending) return;
    const { draft } = this;
    this.kept = keepDraft(this.holder, draft, this.photos.blobs).then(
      () => draft === this.draft && (this.form.dataset.kept = "yes"),
      () => this.app.say(t("手机存储已满，草稿没有保存。")),
    );
    await this.kept;
  }
}

function placeOfBuilding(building: BuildingPart): Partial<Draft> {
  return { building: building.id, at: middleOf(building.rings), error: null, placeName: building.label };
}
