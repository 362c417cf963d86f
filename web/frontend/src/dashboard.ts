// The dashboard page. Everything on it is there without this script; it adds a tooltip, arrow keys over the marks of a
// chart, the print button, figures that follow what happens, and on a wall the turning of the views.
import { moveAmongMarks } from "./dashboard/marks.ts";
import { offerPrinting } from "./dashboard/printing.ts";
import { Figures } from "./dashboard/refreshing.ts";
import { Screen } from "./dashboard/screen.ts";
import { showTips } from "./dashboard/tips.ts";

showTips();
moveAmongMarks();
offerPrinting();
const body = document.getElementById("dashboard")!;
const wall = body.matches(".screen-body") ? new Screen(body) : null;
new Figures(
  {
    body,
    state: document.getElementById("dashboard-state"),
    renewed() {
      moveAmongMarks(body);
      wall?.show();
    },
  },
  JSON.parse(document.getElementById("live-settings")?.textContent ?? "null"),
);
