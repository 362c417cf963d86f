/** The ways to other pages: as many as one line holds, the last of them under "more". Where one is always shows. */
export function fitNavigation(): void {
  for (const nav of document.querySelectorAll<HTMLElement>(".site-nav[data-more]")) {
    const fitting = new Fitting(nav);
    new ResizeObserver(() => fitting.fit()).observe(nav);
    void document.fonts.ready.then(() => fitting.fit());
  }
}

class Fitting {
  private readonly list: HTMLUListElement;
  private readonly ways: HTMLLIElement[];
  private readonly more = document.createElement("li");
  private readonly menu = document.createElement("ul");

  constructor(private readonly nav: HTMLElement) {
    this.list = nav.querySelector("ul") as HTMLUListElement;
    this.ways = [...this.list.querySelectorAll("li")];
    const opener = document.createElement("summary");
    opener.textContent = nav.dataset.more ?? "";
    const details = document.createElement("details");
    details.className = "user-menu";
    this.menu.className = "menu";
    details.append(opener, this.menu);
    this.more.append(details);
    nav.classList.add("fitted");
  }

  fit(): void {
    this.list.append(...this.ways);
    this.more.remove();
    if (this.fits()) return;
    this.list.append(this.more);
    const movable = this.ways.filter((way) => !way.querySelector("[aria-current]"));
    for (let way = movable.pop(); way && !this.fits(); way = movable.pop()) this.menu.prepend(way);
  }

  private fits(): boolean {
    return this.list.offsetWidth <= this.nav.clientWidth;
  }
}
