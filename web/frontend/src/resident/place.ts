// Where it is: the device's position when it is asked for, a tap on the map, or a public place by its name.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { askWithForm } from "./asking.ts";
import { field, part } from "./fields.ts";
import type { ResidentMap } from "./map.ts";

export interface Place {
  title: string;
  near: string;
  building: number | null;
  lat: number;
  lon: number;
}

const [WAIT_MS, AGAIN_MS] = [300, 2000];
/** An error of the device above which one had better look at the map, metres. */
const WIDE = 50;
const REASONS: Record<number, string> = {
  1: t("没有获得定位许可。请在浏览器设置中允许，或在地图上点位置。"),
  2: t("暂时无法定位，请在地图上点位置。"),
  3: t("定位用时太长，请再试一次，或在地图上点位置。"),
};

export function enlivenPlace(form: HTMLFormElement, changed: () => void): void {
  new PlaceChoice(form, changed).start();
}

class PlaceChoice {
  private readonly said: HTMLElement;
  private readonly host = document.getElementById("resident-map") as HTMLElement;
  private readonly opener: HTMLButtonElement;
  private map: Promise<ResidentMap> | null = null;
  private waiting = 0;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly changed: () => void,
  ) {
    this.said = part(form, "place-said");
    this.opener = part<HTMLButtonElement>(form, "open-map");
  }

  start(): void {
    const mine = part<HTMLButtonElement>(this.form, "locate");
    part(this.form, "place-ways").hidden = false;
    mine.hidden = !("geolocation" in navigator) || !isSecureContext;
    mine.addEventListener("click", () => this.locate(mine));
    this.opener.addEventListener("click", () => this.toggleMap());
    this.enlivenSearch();
    if (field(this.form, "lat").value || field(this.form, "building").value) this.changed();
  }

  private take(place: Place, error: number | null, name: string): void {
    field(this.form, "lat").value = place.lat.toFixed(6);
    field(this.form, "lon").value = place.lon.toFixed(6);
    field(this.form, "building").value = String(place.building ?? "");
    field(this.form, "error").value = error === null ? "" : String(Math.round(error));
    this.said.textContent = name;
    part(this.form, "found").replaceChildren();
    void this.map?.then((map) => map.showPin(place.lat, place.lon));
    this.changed();
  }

  private locate(button: HTMLButtonElement): void {
    button.setAttribute("aria-busy", "true");
    this.said.textContent = t("正在定位…");
    const done = () => button.removeAttribute("aria-busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        done();
        this.located(coords);
      },
      ({ code }) => (done(), (this.said.textContent = REASONS[code] ?? REASONS[2])),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    );
  }

  private located({ latitude: lat, longitude: lon, accuracy }: GeolocationCoordinates): void {
    const wide = accuracy > WIDE;
    const said = wide ? t("定位误差约 {n} 米，请在地图上核对", { n: Math.round(accuracy) }) : t("已用您现在的位置");
    this.take({ title: "", near: "", building: null, lat, lon }, accuracy, said);
    if (wide && this.host.hidden) this.toggleMap();
  }

  private toggleMap(): void {
    this.host.hidden = !this.host.hidden;
    this.opener.setAttribute("aria-expanded", String(!this.host.hidden));
    if (this.host.hidden) return;
    this.map ??= this.makeMap();
    void this.map.then((map) => map.show(Number(field(this.form, "lat").value), Number(field(this.form, "lon").value)));
  }

  private async makeMap(): Promise<ResidentMap> {
    const { map, mapLook, ground, start } = this.form.dataset;
    const look = make("link", { rel: "stylesheet", href: mapLook });
    const styled = new Promise((done) => look.addEventListener("load", done));
    document.head.append(look);
    const [{ ResidentMap }] = await Promise.all([import(map ?? "") as Promise<typeof import("./map.ts")>, styled]);
    const made = new ResidentMap(this.host, ground ?? "", start ?? "");
    made.onPick(({ lat, lon, building, label }) => {
      const said = label ? (building ? label : t("{place}附近", { place: label })) : t("已选地图上的位置");
      this.take({ title: "", near: "", building, lat, lon }, null, said);
    });
    return made;
  }

  private enlivenSearch(): void {
    const box = field(this.form, "q");
    const button = this.form.querySelector<HTMLButtonElement>("button[name=find]");
    button?.addEventListener("click", (event) => {
      event.preventDefault();
      void this.search(box.value);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      void this.search(box.value);
    });
    box.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => box.value.trim().length > 1 && void this.search(box.value), WAIT_MS);
    });
  }

  private async search(typed: string): Promise<void> {
    clearTimeout(this.waiting);
    const found = part(this.form, "found");
    const answer = await askWithForm(this.form.dataset.places ?? "", new URLSearchParams({ q: typed }));
    if (!answer) {
      found.replaceChildren(t("现在查不到，请稍后再试，或在地图上点。"));
      return;
    }
    const { places, trouble, again } = (await answer.json()) as { places: Place[]; trouble: string; again?: boolean };
    // The server has just started and is reading the addresses: ask again by ourselves.
    if (again) this.waiting = window.setTimeout(() => void this.search(typed), AGAIN_MS);
    found.replaceChildren(...(places.length ? places.map((place) => this.offer(place)) : [trouble]));
  }

  private offer(place: Place): HTMLElement {
    const near = make("span", { class: "soft" }, place.near);
    const button = make("button", { class: "place-choice", type: "button" }, make("b", {}, place.title), " ", near);
    button.addEventListener("click", () => {
      this.take(place, null, place.title);
      if (!place.building && this.host.hidden) this.toggleMap();
      else void this.map?.then((map) => map.show(place.lat, place.lon));
    });
    return button;
  }
}
