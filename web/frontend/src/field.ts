// The field page: status line, one view at a time, the bar of views.
import { FieldApp } from "./field/app.ts";
import { database } from "./field/database.ts";
import { readLook, wear } from "./field/look.ts";
import { readHash } from "./field/router.ts";
import { keepPage } from "./field/shelf.ts";
import { showStanding } from "./field/status.ts";
import type { Entry } from "./field/view.ts";
import { VIEWS } from "./field/views.ts";
import { byId, make } from "./ui/dom.ts";
import { t } from "./words.ts";

wear(readLook());
const app = new FieldApp({ say, left: () => location.assign("/sign-in/?next=/field/") });
let leave: void | (() => void);
let opening = 0;
let opened = ""; // the view last asked for, shown or still on its way
let offeredTo = "";

function say(message: string): void {
  const line = byId("field-said");
  line.textContent = "";
  requestAnimationFrame(() => (line.textContent = message)); // the same sentence twice is said twice
}

function offered(): Entry[] {
  return VIEWS.filter((entry) => !entry.may || (app.holder && entry.may(app.holder)));
}

function asked(): Entry | undefined {
  const { name } = readHash(location.hash);
  return offered().find((one) => one.name === name) ?? offered().find((one) => one.tab);
}

async function openAddress(): Promise<void> {
  const { params, query } = readHash(location.hash);
  const entry = asked();
  if (!entry) return;
  const turn = ++opening;
  opened = entry.name;
  lightTab(entry);
  const loaded = await entry.load().catch(() => null);
  if (turn !== opening) return; // another view was asked for meanwhile
  leave?.();
  const root = byId("field-view");
  root.replaceChildren();
  if (loaded) leave = loaded.view.show(root, params, app, query);
  else leave = void root.append(make("p", { class: "notice error" }, t("这一页还没有下载到手机。请联网后再打开。")));
  if (root.dataset.view) root.focus({ preventScroll: true }); // a screen reader begins where the new view does
  root.dataset.view = entry.name;
  scrollTo(0, 0);
  document.title = `${entry.title} · 网格 Wangge`;
}

function lightTab(entry: Entry): void {
  const lit = entry.tab ? entry.name : entry.under;
  for (const link of byId("field-tabs").querySelectorAll("a"))
    if (link.dataset.name === lit) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
}

function makeTabs(): void {
  const tabs = offered().filter((entry) => entry.tab);
  byId("field-tabs").replaceChildren(...tabs.map(tab));
}

function tab({ name, title, icon }: Entry): HTMLElement {
  const link = make("a", { href: `#${name}`, "data-name": name }, "", make("span", {}, title));
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", icon);
  svg.append(path);
  link.prepend(svg);
  return link;
}

/** Who is here became known, or another came: offer what they may, and open what the address asks if it is that. */
function offerAnew(): void {
  const now = app.holder ? `${app.holder.holder} ${app.holder.able.join()}` : "";
  if (now === offeredTo) return;
  const another = offeredTo.split(" ")[0] !== "" && offeredTo.split(" ")[0] !== now.split(" ")[0];
  offeredTo = now;
  makeTabs();
  const entry = asked();
  if (entry && opened === entry.name && !another) lightTab(entry);
  else if (opened) void openAddress();
}

async function renewStatus(): Promise<void> {
  const { mine, troubled } = await app.outbox.count().catch(() => ({ mine: 0, troubled: 0 }));
  const age = await app.pack.age();
  const { contact, progress } = app;
  const standing = { contact, waiting: mine, troubled, age: age === null ? null : Date.now() - age, progress };
  showStanding(byId("field-standing"), standing);
  byId("field-choose").hidden = !app.pack.choices.length;
}

/** Fetch the other views while nothing else is to be done, so that they open at once, and without signal. */
function fetchViews(): void {
  const fetchAll = () => Promise.all(VIEWS.map((entry) => entry.load().catch(() => null)));
  const idle = typeof requestIdleCallback === "function" ? requestIdleCallback : (work: () => void) => setTimeout(work, 500);
  idle(() => void keepPage().catch(() => undefined).then(fetchAll));
}

async function start(): Promise<void> {
  addEventListener("hashchange", () => void openAddress());
  app.on("contact", offerAnew);
  for (const moment of ["contact", "outbox", "pack", "progress"] as const) app.on(moment, () => void renewStatus());
  makeTabs();
  const { name } = readHash(location.hash);
  void (VIEWS.find((one) => one.name === name) ?? VIEWS[0]).load().catch(() => null); // while the phone is read
  await app.start();
  offerAnew();
  await openAddress();
  await renewStatus();
  fetchViews();
}

/** What tests ask instead of waiting. */
(window as unknown as { wangge: object }).wangge = { app, database, settled: () => app.settled };

void start();
