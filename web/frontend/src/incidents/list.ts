// The list beside the map: the incidents of a window, a page at a time; the way to them without pointing at the map.
import type { Panel } from "../ui/panel.ts";
import { writeBox, type Box } from "./clusters.ts";

export interface HereList {
  show(box: Box): void;
}

export function makeHereList(body: HTMLElement, panel: Panel, address: (box: string) => string, choose: (number: string) => void): HereList {
  let box = "";
  const show = (page: string): void => void panel.showPart(`${address(box)}&page=${page}`);
  body.addEventListener("click", (event) => {
    const target = event.target as Element;
    const page = target.closest<HTMLElement>("[data-page]")?.dataset.page;
    const number = target.closest<HTMLElement>("[data-incident]")?.dataset.incident;
    if (page) show(page);
    else if (number && !(event as MouseEvent).ctrlKey && !(event as MouseEvent).metaKey) choose(number);
    else return;
    event.preventDefault();
  });
  return {
    show(asked) {
      box = writeBox(asked);
      show("1");
    },
  };
}
