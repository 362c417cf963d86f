import { concernsIncidents } from "../live/news.ts";
import { atMostEvery } from "../live/pace.ts";
import { RequestTrouble } from "../request.ts";
import { byId } from "../ui/dom.ts";
import { clearNotice, showTrouble } from "../ui/notices.ts";
import type { Settings, Workspace } from "../workspace.ts";
import { questionOf } from "./question.ts";
import { scaleOf } from "./scale.ts";
import { askFigures, compared, type Figures } from "./values.ts";

const RENEWED_MS = 2000;

/** Keep the workspace's figures those of its indicator and level. The old ones stay until the new are there. */
export function keepFigures(workspace: Workspace, { urls, indicators }: Settings): void {
  let asking: AbortController | null = null;

  async function load(how?: "quietly"): Promise<void> {
    asking?.abort();
    const { indicator, level } = workspace.now;
    if (!indicator) return void workspace.set({ figures: null, scale: null, lit: null });
    const mine = (asking = new AbortController());
    const known = indicators.find((one) => one.code === indicator);
    if (!how) byId("workspace").setAttribute("aria-busy", "true");
    try {
      put(await askFigures(urls, level, questionOf(workspace.now, known), mine.signal));
      clearNotice("figures");
    } catch (error) {
      if (!(error instanceof RequestTrouble)) return; // another indicator was chosen meanwhile
      if (how && error.kind !== "signed-out") return; // it was right a moment ago, and more news will come
      workspace.set({ figures: null, scale: null, lit: null }); // other figures under this name would be worse than none
      showTrouble("figures", error, () => void load());
    } finally {
      if (asking === mine) byId("workspace").removeAttribute("aria-busy");
    }
  }

  /** The change is formed here, so that numbers and per cent are one answer of the server. */
  function put(raw: Figures): void {
    const figures = compared(raw, workspace.now.compare);
    const scale = scaleOf(figures, workspace.now.style);
    const { figures: before, lit } = workspace.now;
    const same = before?.indicator === figures.indicator && before.layer === figures.layer && before.compare === figures.compare;
    workspace.set({ figures, scale, lit: same && lit !== null && lit < scale.classes.length ? lit : null });
  }

  workspace.on(["indicator", "level", "days", "kind", "compare", "edition"], () => {
    const { figures, indicator, level, compare } = workspace.now;
    const onlyCompare = figures?.previous && compare && figures.compare && compare !== figures.compare;
    if (onlyCompare && figures.indicator === indicator && figures.layer === level) put(figures);
    else void load();
  });
  workspace.on(["style"], ({ figures, style }) => figures && workspace.set({ scale: scaleOf(figures, style) }));
  // What was committed recolours the map; nothing blinks meanwhile.
  const renew = atMostEvery(RENEWED_MS, () => void load("quietly"));
  workspace.on(["news"], ({ news }) => news && (news.figures || news.tiles.length || concernsIncidents(news)) && renew());
  void load();
}
