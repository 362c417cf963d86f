// Photos of a report: taken or chosen, made small one after the other, shown, and taken away again.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { Position } from "./exif.ts";
import { NoPhoto, shrink } from "./shrinking.ts";

const MOST = 4;

export class Photos {
  readonly element = make("section", { class: "report-part", "aria-labelledby": "report-photos" });
  private readonly list = make("ul", { class: "report-photos" });
  private readonly said = make("div", { role: "status" });
  private kept: Blob[] = [];
  private working = 0;

  /** `changed` gets the position a photo brought along, null where none did. */
  constructor(private readonly changed: (offered: Position | null) => void) {
    const camera = chooser(t("拍照"), { capture: "environment" });
    const album = chooser(t("从相册选"), { multiple: true });
    for (const { input } of [camera, album]) input.addEventListener("change", () => void this.add(input));
    const heading = make("h2", { id: "report-photos" }, t("照片"), " ", make("span", { class: "hint" }, t("选填，最多 {n} 张", { n: MOST })));
    this.element.append(heading, this.list, make("div", { class: "actions" }, camera.label, album.label), this.said);
  }

  get blobs(): Blob[] {
    return this.kept;
  }

  get busy(): boolean {
    return this.working > 0;
  }

  take(photos: Blob[]): void {
    this.kept = photos;
    this.draw();
  }

  private async add(input: HTMLInputElement): Promise<void> {
    const files = [...(input.files ?? [])];
    input.value = ""; // the same file may be chosen again
    this.said.replaceChildren();
    const room = MOST - this.kept.length - this.working;
    if (files.length > room) this.complain(t("最多 {n} 张照片，多出的没有加入。", { n: MOST }));
    await Promise.all(files.slice(0, Math.max(0, room)).map((file) => this.addOne(file)));
  }

  private async addOne(file: File): Promise<void> {
    let offered: Position | null = null;
    this.working += 1;
    this.changed(null);
    try {
      const { blob, position } = await shrink(file);
      offered = position;
      this.kept = [...this.kept, blob];
    } catch (error) {
      if (!(error instanceof NoPhoto)) throw error;
      this.complain(error.message);
    } finally {
      this.working -= 1;
      this.draw();
      this.changed(offered);
    }
  }

  private complain(message: string): void {
    this.said.append(make("p", { class: "notice error" }, message));
  }

  private draw(): void {
    for (const image of this.list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.list.replaceChildren(...this.kept.map((blob, n) => this.thumbnail(blob, n)));
  }

  private thumbnail(blob: Blob, n: number): HTMLElement {
    const picture = make("img", { src: URL.createObjectURL(blob), alt: t("第 {n} 张照片", { n: n + 1 }) });
    const drop = make("button", { class: "button", type: "button", "aria-label": t("去掉第 {n} 张照片", { n: n + 1 }) }, t("去掉"));
    drop.addEventListener("click", () => {
      this.kept = this.kept.filter((one) => one !== blob);
      this.draw();
      this.changed(null);
    });
    return make("li", {}, picture, drop);
  }
}

/** A file input under a label that looks like a button. */
function chooser(title: string, options: Record<string, string | boolean>): { label: HTMLElement; input: HTMLInputElement } {
  const input = make("input", { type: "file", accept: "image/*", class: "visually-hidden", ...options });
  return { label: make("label", { class: "button report-file" }, input, title), input };
}
