// Sites kept under a name: one's own, and those that came by a link.
import { askJson, sendJson } from "../request.ts";
import type { Store } from "../store.ts";
import type { Proposal, ServiceSettings, ServiceState } from "./settings.ts";

type Answer = { proposals: Proposal[] };

export class Proposals {
  constructor(
    private readonly store: Store<ServiceState>,
    private readonly settings: ServiceSettings,
  ) {}

  /** One's own; and the one the page's address names, once. */
  async load(): Promise<Proposal | null> {
    const { urls, proposal: asked } = this.settings;
    this.store.set({ proposals: (await askJson<Answer>(urls.proposals)).proposals });
    if (!asked) return null;
    this.settings.proposal = null;
    return (await askJson<Answer>(`${urls.proposals}?uuid=${asked}`)).proposals[0];
  }

  async save(name: string): Promise<void> {
    const { kind, minutes, sites, area } = this.store.now;
    await this.send({ name, kind, minutes: Math.round(minutes), area, sites: sites.map(({ at }) => at) });
  }

  async forget({ uuid }: Proposal): Promise<void> {
    await this.send({ delete: uuid });
  }

  private async send(content: object): Promise<void> {
    this.store.set({ proposals: (await sendJson<Answer>(this.settings.urls.proposals, content)).proposals });
  }

  linkTo({ uuid }: Proposal): string {
    return new URL(`${this.settings.urls.map}?proposal=${uuid}`, location.href).href;
  }
}
