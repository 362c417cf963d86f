// The people behind a door in its form: each confirmed, moved out or given another phone; newcomers written down.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { readIdentity } from "./identity.ts";
import { chosenIn, complain, field, input, segments, select } from "./inputs.ts";
import { dayOf, type Building, type Person, type PersonChange } from "./model.ts";
import type { CodesPart } from "../parts.ts";
import { factsOf, POPULATION, SEX } from "./words.ts";

/** A part of the form that says what it changes; `fault` is "" or what is wrong with it. */
export interface PersonPart {
  readonly element: HTMLElement;
  change(): PersonChange | null;
  fault(): string;
}

const CITIZEN = "111";

/** `life`: where what happened to the person is told. */
export function personCard(person: Person, written: PersonChange | undefined, life: string): PersonPart {
  const name = `person ${person.stay}`;
  const stays = written?.left || person.left ? "left" : written?.confirmed ? "stays" : "";
  const choice = segments(name, t("还住在这里吗"), { stays: t("仍住"), left: t("已迁出"), "": t("未问") }, stays);
  const left = input("date", "left", written?.left ?? person.left ?? dayOf(new Date()), { max: dayOf(new Date()) });
  const happening = person.kind === "living" && !person.left ? [make("p", {}, make("a", { class: "button", href: life }, t("登记变动")))] : [];
  const leftField = field(t("迁出日期"), left);
  const phone = input("tel", "phone", written?.phone ?? "", { placeholder: person.phone || t("没有电话"), maxlength: 20 });
  const number = person.asks?.includes("number") || written?.number ? input("text", "late-number", written?.number ?? "", { maxlength: 30, autocapitalize: "characters" }) : null;
  const correcting = make("details", { open: written?.phone !== undefined }, make("summary", {}, t("更正电话")), field(t("新的电话"), phone));
  const renew = () => (leftField.hidden = chosenIn(choice, name) !== "left");
  choice.addEventListener("change", renew);
  renew();
  return {
    element: make("article", { class: "card door-person" }, ...told(person), choice, leftField, ...(number ? [field(t("身份证号（孩子登记时还没有）"), number)] : []), correcting, ...happening),
    change: () => changeOf(person, chosenIn(choice, name), left.value, phone.value.trim(), number?.value.trim() ?? ""),
    fault: () => (chosenIn(choice, name) === "left" && !left.value ? t("请填写迁出日期。") : ""),
  };
}

export function told(person: Person): HTMLElement[] {
  const registered = person.kind === "registered" ? make("span", { class: "door-badge" }, t("户籍在此")) : "";
  const head = make("h3", {}, person.name, " ", registered);
  const seen = person.confirmed ? t("{day} 确认", { day: person.confirmed }) : "";
  const lines = [factsOf(person), [person.phone && t("电话 {phone}", { phone: person.phone }), seen].filter(Boolean).join(" · ")];
  const needs = person.needs.map((need) => make("li", { class: "door-badge is-need" }, need));
  if (person.due) needs.push(make("li", { class: "door-badge is-due" }, t("走访日 {day}", { day: person.due })));
  return [head, ...lines.filter(Boolean).map((line) => make("p", { class: "hint" }, line)), ...(needs.length ? [make("ul", { class: "door-badges" }, ...needs)] : [])];
}

function changeOf(person: Person, stays: string, left: string, phone: string, number: string): PersonChange | null {
  const change: PersonChange = { stay: person.stay };
  if (stays === "stays") change.confirmed = true;
  if (stays === "left") change.left = left;
  if (phone) Object.assign(change, { phone, was: person.phone.replace(/^\*+/, "") });
  if (number) change.number = number;
  return Object.keys(change).length > 1 ? change : null;
}

/** The form for somebody new; `remove` takes it away again. */
export function newcomerCard({ codes }: Pick<Building, "codes">, written: PersonChange | undefined, remove: () => void): PersonPart {
  const old = written?.add ?? {};
  const name = input("text", "name", old.name, { maxlength: 60, required: true });
  const document = select("document", shortened(codes.document), old.document ?? CITIZEN);
  const number = input("text", "number", old.number, { maxlength: 30, inputmode: "text", autocapitalize: "characters" });
  const sex = select("sex", { "0": SEX["0"], "1": SEX["1"], "2": SEX["2"] }, old.sex);
  const born = input("date", "born", old.born, { max: dayOf(new Date()) });
  const relation = select("relation", { "": t("请选择"), ...codes.relation }, old.relation);
  const population = select("population", POPULATION, old.population);
  const phone = input("tel", "phone", old.phone, { maxlength: 20 });
  const starts = input("date", "starts", old.starts ?? dayOf(new Date()), { max: dayOf(new Date()) });
  const hand = make("div", { class: "stack" }, field(t("性别"), sex), field(t("出生日期"), born));
  const numberField = field(t("证件号"), number, t("性别和出生日期由身份证号得出。可以不填。"));
  const renew = () => (hand.hidden = judge(number, document.value, codes, false) === "read");
  number.addEventListener("input", renew);
  number.addEventListener("blur", () => judge(number, document.value, codes, true));
  document.addEventListener("change", renew);
  const drop = make("button", { class: "button", type: "button" }, t("不登记此人"));
  drop.addEventListener("click", remove);
  const fields = [field(t("姓名"), name), field(t("与户主关系"), relation), field(t("证件"), document), numberField, hand];
  const rest = [field(t("人口类型"), population), field(t("电话"), phone), field(t("入住日期"), starts)];
  const element = make("article", { class: "card door-person stack" }, make("h3", {}, t("新住户")), ...fields, ...rest, drop);
  const controls = [name, document, number, sex, born, relation, population, phone, starts];
  return {
    element,
    change: () => ({ add: filled(controls, Boolean(hand.hidden)), ...(written?.another ? { another: true } : {}) }),
    fault: () => faultOf(name, number, document.value, codes),
  };
}

function shortened(names: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([code, name]) => [code, name.replace(/[（(].*$/, "")]));
}

/** What the number says, under it. "read": sex and birth are known from it. */
function judge(number: HTMLInputElement, document: string, codes: CodesPart, whole: boolean): "" | "read" | "wrong" {
  complain(number, "");
  const text = number.value.trim();
  if (!text || document !== CITIZEN) return "";
  const read = readIdentity(text, codes.invented);
  const said = saidOfNumber(read.problem);
  if (read.problem) {
    if (whole || text.length >= 18) complain(number, said);
    return "wrong";
  }
  const hint = globalThis.document.getElementById(number.getAttribute("aria-describedby") ?? "");
  if (hint) hint.textContent = t("{sex}，{born} 出生", { sex: SEX[read.sex], born: read.born });
  return "read";
}

function saidOfNumber(problem: string): string {
  const words: Record<string, string> = {
    shape: t("应为 17 位数字加 1 位数字或 X。"),
    birth: t("其中的出生日期不存在，请对照证件。"),
    check: t("最后一位校验码不对，请对照证件逐位核对。"),
  };
  return words[problem] ?? "";
}

function filled(controls: (HTMLInputElement | HTMLSelectElement)[], read: boolean): Record<string, string> {
  const wanted = controls.filter(({ name, value }) => value.trim() && !(read && (name === "sex" || name === "born")));
  return Object.fromEntries(wanted.map(({ name, value }) => [name, value.trim()]));
}

function faultOf(name: HTMLInputElement, number: HTMLInputElement, document: string, codes: CodesPart): string {
  complain(name, name.value.trim() ? "" : t("请填写姓名。"));
  const wrong = judge(number, document, codes, true) === "wrong";
  return !name.value.trim() || wrong ? t("新住户还没有填对，请看标出的内容。") : "";
}
