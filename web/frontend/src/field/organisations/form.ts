// The two forms of a unit: that it was found, and that it was looked at.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { chosenIn, complain, field, input } from "../doors/inputs.ts";
import type { Problem, WholeItem } from "../outbox.ts";
import type { OrganisationsPart } from "../parts.ts";

type Body = Record<string, unknown>;
type Pair = readonly [string, string];

/** A unit that is not written down yet. `save` is given what to send. */
export function newForm(part: OrganisationsPart, item: WholeItem | null, save: (body: Body) => void): HTMLFormElement {
  const old = (item?.body ?? {}) as Record<string, string>;
  const name = input("text", "name", old.name ?? "", { maxlength: 100, required: true });
  const kind = choice("kind", [["", t("请选择")], ...part.kinds], old.kind);
  const rest: [string, HTMLInputElement, string?][] = [
    [t("单元（没有可不填）"), input("text", "unit", old.unit ?? "", { maxlength: 10 })],
    [t("房号或位置"), input("text", "room", old.room ?? "", { maxlength: 40 })],
    [t("统一社会信用代码（可不填）"), input("text", "credit_code", old.credit_code ?? "", { maxlength: 30, autocapitalize: "characters" }), t("在营业执照上，18 位。")],
    [t("负责人"), input("text", "person", old.person ?? "", { maxlength: 60 })],
    [t("电话"), input("tel", "phone", old.phone ?? "", { maxlength: 30 })],
    [t("从业人数"), input("text", "staff", old.staff ?? "", { maxlength: 6, inputmode: "numeric" })],
  ];
  const fields = rest.map(([label, control, hint]) => field(label, control, hint));
  const form = frame(t("登记新单位"), item?.problem, [field(t("单位名称"), name), field(t("类别"), kind), ...fields]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    complain(name, name.value.trim() ? "" : t("请填写单位名称。"));
    complain(kind, kind.value ? "" : t("请选择类别。"));
    const wrong = form.querySelector<HTMLElement>("[aria-invalid=true]");
    if (!name.value.trim() || !kind.value) return wrong?.focus();
    const told = [name, kind, ...rest.map(([, control]) => control)].map((control) => [control.name, control.value.trim()]);
    save(Object.fromEntries(told.filter(([, value]) => value)));
  });
  return form;
}

/** A check that was made just now. */
export function checkForm(part: OrganisationsPart, item: WholeItem | null, save: (body: Body) => void): HTMLFormElement {
  const old = item?.body ?? {};
  const ways = part.outcomes.map(([code, words]) => box("radio", "outcome", code, words, code === old.outcome));
  const outcomes = make("fieldset", { class: "life-along" }, make("legend", { class: "label" }, t("结果")), ...ways);
  const before = new Set((old.findings as string[] | undefined) ?? []);
  const boxes = part.hazards.map(([code, words]) => box("checkbox", "findings", code, words, before.has(code)));
  const hazards = make("fieldset", { class: "life-along" }, make("legend", { class: "label" }, t("发现的隐患")), ...boxes);
  const report = box("checkbox", "report", "1", t("把发现的隐患上报为事件"), old.report === true);
  const note = input("text", "note", String(old.note ?? ""), { maxlength: 200 });
  const said = make("p", { class: "field-error", role: "alert", hidden: true });
  const form = frame(t("登记检查"), item?.problem, [outcomes, hazards, report, field(t("备注（可不填）"), note), said]);
  const renew = () => void (hazards.hidden = report.hidden = chosenIn(form, "outcome") !== "found");
  outcomes.addEventListener("change", renew);
  renew();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const outcome = chosenIn(form, "outcome");
    const findings = outcome === "found" ? [...hazards.querySelectorAll<HTMLInputElement>("input:checked")].map(({ value }) => value) : [];
    const why = !outcome ? t("请选择检查结果。") : outcome === "found" && !findings.length ? t("请勾选发现的隐患。") : "";
    said.textContent = why;
    said.hidden = !why;
    if (why) return;
    const reports = outcome === "found" && (report.querySelector<HTMLInputElement>("input")?.checked ?? false);
    save({ outcome, findings, note: note.value.trim(), report: reports });
  });
  return form;
}

function frame(title: string, problem: Problem | undefined, parts: HTMLElement[]): HTMLFormElement {
  const saving = make("div", { class: "door-save" }, make("button", { class: "button primary" }, t("保存")));
  const form = make("form", { class: "life-form stack", novalidate: true }, make("h2", {}, title), ...trouble(problem), ...parts, saving);
  for (const [name, why] of Object.entries(problem?.fields ?? {})) {
    const control = form.querySelector<HTMLElement>(`input[name="${name}"], select[name="${name}"]`);
    if (control?.getAttribute("aria-describedby")) requestAnimationFrame(() => complain(control, why));
  }
  return form;
}

function trouble(problem: Problem | undefined): HTMLElement[] {
  if (!problem) return [];
  const whys = Object.values(problem.fields ?? {}).map((why) => make("li", {}, why));
  return [make("div", { class: "notice error", role: "alert", tabindex: -1 }, make("p", {}, `${problem.error} ${problem.fix}`), make("ul", {}, ...whys))];
}

function box(type: string, name: string, value: string, words: string, checked: boolean): HTMLElement {
  return make("label", { class: "choice" }, make("input", { type, name, value, checked }), make("span", {}, words));
}

function choice(name: string, pairs: readonly Pair[], chosen = ""): HTMLSelectElement {
  return make("select", { name }, ...pairs.map(([code, words]) => make("option", { value: code, selected: code === chosen }, words)));
}
