import assert from "node:assert/strict";
import { test } from "node:test";
import { answersTo, askedLabels, furtherQuestions, optionsOf, questionsAt, shown } from "../src/field/day/asked.ts";
import type { AskedField, DoorPart, PersonPart, VisitsPart } from "../src/field/day/part.ts";

const PHONE: AskedField = { code: "phone", name: "电话", kind: "text", why: ["民政局: 助餐"], gap: "phone" };
const MEAL: AskedField = { code: "meal_help", name: "助餐", kind: "yes_no", why: ["民政局: 助餐"] };
const HEAT: AskedField = { code: "heating", name: "取暖", kind: "choice", why: ["消防: 检查"], options: [["电", "电"]] };

const OLD: PersonPart = {
  id: 7, name: "甲某", sex: "1", age: 80, phone: "", relation: "02", tags: [], due: "2026-11-20", met: null, tried: null,
  gaps: [{ field: "phone", was: "", tag: "" }],
};
const DOOR: DoorPart = { id: 5, building: 1, unit: "1", floor: 2, room: "201", label: "1单元201", state: "occupied", asksState: false, people: [OLD] };
const PART: VisitsPart = {
  named: true, writes: true, doors: [DOOR], tasks: [], done: [], unverified: [], buildings: {}, needs: {}, relations: {}, states: [], retryAfter: 2,
  forms: {
    fields: [PHONE, MEAL, HEAT],
    asks: { 5: [[0, "p7", ""], [1, "p7", "1"], [0, "p8", ""], [2, "d5", ""]] },
    counts: { 5: [2, 6, 2] },
    mates: { 5: [[8, "乙某", "子女"]] },
  },
};

function told(answers: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(answers)) form.set(name, value);
  return form;
}

test("what the visit asks anyway is not asked twice", () => {
  assert.equal(questionsAt(DOOR, PART).length, 4);
  assert.deepEqual(furtherQuestions(DOOR, PART).map(({ name }) => name), ["fact:meal_help:p7", "fact:phone:p8", "fact:heating:d5"]);
  assert.deepEqual(shown(DOOR, PART), { "fact:meal_help:p7": "1", "fact:phone:p8": "", "fact:heating:d5": "" });
});

test("who was not called on is not answered for, whoever else is at home is", () => {
  const form = told({ "fact:meal_help:p7": "0", "fact:phone:p8": " 13800138000 ", "fact:heating:d5": "", "fact:other:p9": "x" });
  assert.deepEqual(answersTo(form, DOOR, PART, [7]), { "fact:meal_help:p7": "0", "fact:phone:p8": "13800138000" });
  assert.deepEqual(answersTo(form, DOOR, PART, []), { "fact:phone:p8": "13800138000" });
});

test("a pack from before forms asks nothing", () => {
  const { forms: _forms, ...before } = PART;
  assert.deepEqual(questionsAt(DOOR, before), []);
  assert.deepEqual(answersTo(told({}), DOOR, before, [7]), {});
});

test("a question and its values have words, to be compared", () => {
  const labels = askedLabels(DOOR, PART);
  assert.equal(labels["fact:phone:p8"], "乙某: 电话");
  assert.equal(labels["fact:meal_help:p7=1"], "是");
  assert.deepEqual(optionsOf(HEAT), [["电", "电"]]);
});
