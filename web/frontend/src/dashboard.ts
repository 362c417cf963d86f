// The dashboard page. Everything on it is there without this script; it adds a tooltip, arrow keys over the marks of a
// chart, the print button, and on a wall the turning of the views.
import { moveAmongMarks } from "./dashboard/marks.ts";
import { offerPrinting } from "./dashboard/printing.ts";
import { Screen } from "./dashboard/screen.ts";
import { showTips } from "./dashboard/tips.ts";

showTips();
moveAmongMarks();
offerPrinting();
const wall = document.querySelector<HTMLElement>(".screen-body");
if (wall) new Screen(wall);
