import { concernsIncidents } from "../live/news.ts";
import { atMostEvery } from "../live/pace.ts";
import { RequestTrouble } from "../request.ts";
import { byId } from "../ui/dom.ts";
import { clearNotice, showTrouble } from "../ui/notices.ts";
import type { Workspace } from "../workspace.ts";
import { scaleOf } from "./scale.ts";
import { askFigures, type Addresses } from "./values.ts";

const RENEWED_MS = 2000;

/** Keep the workspace's figures those of its indicator and level. The old ones stay until the new are there. */
export function keepFigures(workspace: Workspace, addresses: Addresses): void {
  let asking: AbortController | null = null;

  async function load(how?: "quietly"): Promise<void> {
    asking?.abort();
    const { indicator, level } = workspace.now;
    if (!indicator) return void workspace.set({ figures: null, scale: null });
    const mine = (asking = new AbortController());
    if (!how) byId("workspace").setAttribute("aria-busy", "true");
    try {
      const figures = await askFigures(addresses, level, { indicator }, mine.signal);
      workspace.set({ figures, scale: scaleOf(figures) });
      clearNotice("figures");
    } catch (error) {
      if (!(error instanceof RequestTrouble)) return; // another indicator was chosen meanwhile
      if (how && error.kind !== "signed-out") return; // it was right a moment ago, and more news will come
      workspace.set({ figures: null, scale: null }); // other figures under this name would be worse than none
      showTrouble("figures", error, () => void load());
    } finally {
      if (asking === mine) byId("workspace").removeAttribute("aria-busy");
    }
  }

  workspace.on(["indicator", "level"], () => void load());
  // What was committed recolours the map; nothing blinks meanwhile.
  const renew = atMostEvery(RENEWED_MS, () => void load("quietly"));
  workspace.on(["news"], ({ news }) => news && (news.figures || news.tiles.length || concernsIncidents(news)) && renew());
  void load();
}
