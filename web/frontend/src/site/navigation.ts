/** On a phone the navigation is longer than the screen: where one is stands in its middle. */
export function showWhereOneIs(): void {
  const here = document.querySelector<HTMLElement>(".site-nav [aria-current]");
  const nav = here?.closest<HTMLElement>(".site-nav");
  if (here && nav) nav.scrollLeft += middle(here) - middle(nav);
}

function middle(element: HTMLElement): number {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}
