import { RequestTrouble } from "../request.ts";
import { byId } from "../ui/dom.ts";
import { clearNotice, showTrouble } from "../ui/notices.ts";
import type { Workspace } from "../workspace.ts";
import { scaleOf } from "./scale.ts";
import { askFigures, type Addresses } from "./values.ts";

/** Keep the workspace's figures those of its indicator and level. The old ones stay until the new are there. */
export function keepFigures(workspace: Workspace, addresses: Addresses): void {
  let asking: AbortController | null = null;

  async function load(): Promise<void> {
    asking?.abort();
    const { indicator, level } = workspace.now;
    if (!indicator) return void workspace.set({ figures: null, scale: null });
    const mine = (asking = new AbortController());
    byId("workspace").setAttribute("aria-busy", "true");
    try {
      const figures = await askFigures(addresses, level, { indicator }, mine.signal);
      workspace.set({ figures, scale: scaleOf(figures) });
      clearNotice("figures");
    } catch (error) {
      if (!(error instanceof RequestTrouble)) return; // another indicator was chosen meanwhile
      workspace.set({ figures: null, scale: null }); // other figures under this name would be worse than none
      showTrouble("figures", error, () => void load());
    } finally {
      if (asking === mine) byId("workspace").removeAttribute("aria-busy");
    }
  }

  workspace.on(["indicator", "level"], () => void load());
  void load();
}
