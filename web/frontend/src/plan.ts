// The workspace of a plan: puts its parts together and nothing else.
import { startPlanPage } from "./plan/page.ts";
import type { PlanSettings } from "./plan/settings.ts";

startPlanPage(JSON.parse(document.getElementById("plan-settings")?.textContent ?? "{}") as PlanSettings);
