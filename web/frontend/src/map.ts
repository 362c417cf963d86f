// The map page: puts its parts together and nothing else.
import { startMapPage } from "./page.ts";
import { readSettings } from "./workspace.ts";

startMapPage(readSettings());
