/**
 * One stop of the Tab key per chart; arrow keys, Home and End move among its marks. A chart of a year would otherwise
 * be 365 stops.
 */
export function moveAmongMarks(within: ParentNode = document): void {
  for (const chart of within.querySelectorAll<HTMLElement>("[data-marks]")) {
    const marks = [...chart.querySelectorAll<SVGAElement>("a.mark")];
    marks.forEach((mark, at) => mark.setAttribute("tabindex", at === marks.length - 1 ? "0" : "-1"));
    const rows = Number(chart.dataset.rows ?? 1);
    chart.classList.toggle("dense", marks.length > 70);
    chart.addEventListener("keydown", (event) => {
      const from = marks.indexOf((event.target as Element).closest("a.mark") as SVGAElement);
      const to = from < 0 ? -1 : next(event.key, from, marks.length, rows);
      if (to < 0) return;
      event.preventDefault();
      marks[from].setAttribute("tabindex", "-1");
      marks[to].setAttribute("tabindex", "0");
      marks[to].focus();
    });
  }
}

/** The mark a key leads to, −1 for none. Marks run down the columns of a chart with `rows` rows. */
export function next(key: string, from: number, number: number, rows: number): number {
  const steps: Record<string, number> = {
    ArrowLeft: -rows,
    ArrowRight: rows,
    ArrowUp: rows > 1 ? -1 : 0,
    ArrowDown: rows > 1 ? 1 : 0,
  };
  if (key === "Home") return 0;
  if (key === "End") return number - 1;
  const to = from + (steps[key] ?? 0);
  return steps[key] && to >= 0 && to < number ? to : -1;
}
