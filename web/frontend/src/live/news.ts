// What the feed tells, as the rest of the page hears it.

/** An incident in the reader's scope as it is now. `isNew`: reported since we last heard. */
export interface LiveIncident {
  id: number;
  number: string;
  area: string;
  community: string;
  state: string;
  category: string;
  major: string;
  lon: number;
  lat: number;
  reported: string;
  due: string | null;
  isNew: boolean;
}

/** One commit, or several that followed each other closely. */
export interface News {
  incidents: LiveIncident[];
  /** Ids of incidents that are no more, or no longer in scope. */
  gone: number[];
  /** More incidents changed than are told one by one: read again what is shown of them. */
  many: boolean;
  /** Figures of some area in scope have changed. */
  figures: boolean;
  /** Sets of tiles whose geometry has changed in scope; "all" when that is not known. */
  tiles: string[] | "all";
  /** Plans that were drawn in, commented on or opened by somebody; "all" when that is not known. */
  plans: string[] | "all";
}

/** What is told to who cannot catch up: read everything again. */
export const EVERYTHING: News = { incidents: [], gone: [], many: true, figures: true, tiles: "all", plans: "all" };

interface Wire extends Partial<Omit<News, "incidents">> {
  incidents?: (Omit<LiveIncident, "isNew"> & { new: boolean })[];
}

export function readNews(text: string): News {
  const { incidents = [], gone = [], many = false, figures = false, tiles = [], plans = [] } = JSON.parse(text) as Wire;
  return { incidents: incidents.map(({ new: isNew, ...rest }) => ({ ...rest, isNew })), gone, many, figures, tiles, plans };
}

/** Whether something shown of incidents may be different now. */
export function concernsIncidents({ incidents, gone, many }: News): boolean {
  return many || incidents.length > 0 || gone.length > 0;
}
