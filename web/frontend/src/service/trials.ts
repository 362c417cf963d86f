// Tried sites: every change is a step that can be undone, and the figures follow, also while a site is dragged.
import { askJson } from "../request.ts";
import type { Store } from "../store.ts";
import { announce } from "../ui/dom.ts";
import { t } from "../words.ts";
import { queryOf, sayPositions, type Best, type Effect, type Position, type ServiceSettings, type ServiceState, type Site } from "./settings.ts";

interface Wishes {
  /** Something changed that is not in the store. */
  changed(): void;
  failed(error: unknown, retry: () => void): void;
}

const MOST_STEPS = 50;

export class Trials {
  /** Whether the solver is at work. */
  finding = false;
  /** Milliseconds the last figures took to follow. */
  tookMs = 0;
  private past: Site[][] = [];
  /** The sites as they were when one was taken in hand. */
  private held: Site[] | null = null;
  private asking = false;
  private askAgain = false;

  constructor(
    private readonly store: Store<ServiceState>,
    private readonly settings: ServiceSettings,
    private readonly wishes: Wishes,
  ) {}

  get busy(): boolean {
    return this.asking || this.finding;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  set(sites: Site[], best: Best | null = null): void {
    this.remember(this.store.now.sites);
    this.store.set({ sites, best, effect: best?.effect ?? null, tab: "sites" });
    if (!best) void this.follow();
  }

  undo(): void {
    const sites = this.past.pop();
    if (!sites) return;
    this.store.set({ sites, best: null, effect: null });
    this.wishes.changed();
    announce(t("已撤销。"));
    void this.follow();
  }

  /** A site on its way; the step to undo is the whole way. */
  move(index: number, at: Position, done: boolean): void {
    const { sites } = this.store.now;
    this.held ??= sites;
    this.store.set({ sites: sites.map((site, i) => (i === index ? { at, name: "" } : site)), best: null });
    if (done) {
      this.remember(this.held);
      this.held = null;
      this.wishes.changed();
    }
    void this.follow();
  }

  remove(index: number): void {
    this.set(this.store.now.sites.filter((_, i) => i !== index));
  }

  private remember(sites: Site[]): void {
    this.past = [...this.past.slice(1 - MOST_STEPS), sites];
  }

  /** The figures of the sites as they are now. One request at a time; what changed meanwhile is asked next. */
  async follow(): Promise<void> {
    const { sites, open } = this.store.now;
    if (!open || !sites.length || !this.settings.mayCount) return;
    if (this.asking) return void (this.askAgain = true);
    this.asking = true;
    this.askAgain = false;
    const started = performance.now();
    try {
      const query = queryOf(this.store.now, { at: sayPositions(sites) });
      const { effect } = await askJson<{ effect: Effect }>(`${this.settings.urls.try}?${query}`);
      this.tookMs = performance.now() - started;
      if (effect?.each.length === this.store.now.sites.length) this.store.set({ effect });
    } catch (error) {
      this.askAgain = false;
      this.wishes.failed(error, () => void this.follow());
    }
    this.asking = false;
    if (this.askAgain) void this.follow();
  }

  /** `fromMine`: only the sites put down are candidates. */
  async find(k: number, aim: string, fromMine: boolean): Promise<void> {
    this.finding = true;
    this.wishes.changed();
    try {
      const given = fromMine ? { at: sayPositions(this.store.now.sites) } : undefined;
      const query = queryOf(this.store.now, { k: String(k), aim, ...given });
      const best = await askJson<Best>(`${this.settings.urls.best}?${query}`);
      this.finding = false;
      this.set(best.sites, best);
      announce(t("找到 {n} 处", { n: best.sites.length }));
    } catch (error) {
      this.wishes.failed(error, () => void this.find(k, aim, fromMine));
    }
    this.finding = false;
    this.wishes.changed();
  }
}
