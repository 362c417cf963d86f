// Changing the plan: what is pending, what is on its way, and what happens when it does not arrive.
import { RequestTrouble } from "../request.ts";
import { announce } from "../ui/dom.ts";
import { clearNotice, showNote, showTrouble } from "../ui/notices.ts";
import { t } from "./words.ts";
import type { Board, Pending } from "./board.ts";
import { withCompounds } from "./gathering.ts";
import type { Plan } from "./model.ts";
import type { Outcome, Sending } from "./sending.ts";
import type { Answer, Wanted } from "./settings.ts";
import { saySteps } from "./saying.ts";

const TRY_AFTER_MS = 90;
const REFUSED = 422;

export class Editor {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private hearTaken: ((answer: Answer) => void)[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly board: Board,
    private readonly sending: Sending,
    readonly me: string,
  ) {}

  /** Hear of every step that has become part of the plan, ours and others'. */
  onTaken(hear: (answer: Answer) => void): void {
    this.hearTaken.push(hear);
  }

  // ── painting ──

  /** Show these tiles as about to go into the chosen cell. */
  offer(rows: number[]): void {
    const { erase, compound, chosen } = this.board.now;
    const target = erase ? 0 : chosen;
    if (target === null) return;
    const { ground } = this.plan;
    const wanted = compound ? withCompounds(ground, rows) : rows;
    const pending = this.paintable(wanted, target);
    this.board.set({ pending });
    if (pending.rows.length) this.tryOut();
  }

  /** The stroke is over: it becomes a step, or waits for a yes. */
  release(): void {
    const { pending, ask } = this.board.now;
    if (pending?.phase !== "stroke") return;
    if (!pending.rows.length) return this.nothing(pending);
    if (ask) this.board.set({ pending: { ...pending, phase: "ask" } });
    else void this.apply();
  }

  cancel(): void {
    this.sending.dropTrial();
    clearTimeout(this.timer);
    clearNotice("step");
    if (this.board.now.pending) this.board.set({ pending: null, theirs: [] });
  }

  /** Make the pending change a step. It is seen at once, and taken back where the server refuses. */
  async apply(): Promise<void> {
    const { pending } = this.board.now;
    if (!pending || pending.phase === "sent") return;
    clearTimeout(this.timer);
    clearNotice("step");
    this.sending.dropTrial();
    if (!pending.rows.length) return void (await this.sent(pending));
    const ids = this.plan.ground.idsOf(pending.rows);
    const before = this.plan.paint(pending.rows, pending.rows.map(() => pending.target));
    this.board.set({ pending: null, theirs: [] });
    const outcome = await this.sending.step(pending.wanted);
    if (outcome.kind === "done") return this.taken(outcome.answer, pending);
    if (outcome.kind === "conflict" && isDone(outcome.answer, ids, pending.target)) return this.taken(outcome.answer, pending);
    // What others have done since stays; only what we showed ahead of time goes.
    const unchanged = new Set(outcome.kind === "conflict" ? outcome.answer.tiles : []);
    const back = ids.map((id, k) => ({ row: this.plan.ground.rowOf(id), number: before[k], id }));
    const own = back.filter(({ row, id }) => row >= 0 && !unchanged.has(id));
    this.plan.paint(own.map((one) => one.row), own.map((one) => one.number));
    this.failed(outcome, { ...pending, rows: this.plan.ground.rowsOf(ids) });
  }

  /** Any step that paints no tile here: the server says what it changes. */
  async step(kind: string, args: Wanted["args"] = {}): Promise<Answer | null> {
    const pending = this.drawn(kind, args, "ask");
    this.board.set({ pending });
    return this.sent(pending);
  }

  /** Show what a step would change that is still being drawn, as soon as the hand rests. */
  outlook(kind: string, args: Wanted["args"]): void {
    this.board.set({ pending: this.drawn(kind, args, "stroke") });
    this.tryOut();
  }

  /** A step that is drawn: taken at once, or shown first where one wants to be asked. */
  async propose(kind: string, args: Wanted["args"]): Promise<Answer | null> {
    if (!this.board.now.ask) return this.step(kind, args);
    clearTimeout(this.timer);
    this.board.set({ pending: this.drawn(kind, args, "ask") });
    await this.tryNow();
    return null;
  }

  /** A step that paints no tile here; figures stay those tried last until there are newer ones. */
  private drawn(kind: string, args: Wanted["args"], phase: Pending["phase"]): Pending {
    const { trial = null, refused } = this.board.now.pending ?? {};
    return { rows: [], target: 0, wanted: { kind, args }, locked: 0, foreign: 0, trial, phase, ...(phase === "stroke" ? { refused } : {}) };
  }

  async again(which: "undo" | "redo"): Promise<void> {
    const { standing } = this.plan;
    if (!standing[which]) return announce(which === "undo" ? t("没有可撤销的操作。") : t("没有可重做的操作。"));
    this.cancel();
    const outcome = await this.sending.again(which);
    if (outcome.kind === "done") return this.taken(outcome.answer, null);
    if (outcome.kind === "conflict") {
      this.tellTaken(outcome.answer);
      showNote("step", t("刚才有人改动了方案：{what}。请看过以后再撤销。", { what: saySteps(outcome.answer.steps) }));
    } else showTrouble("step", outcome.trouble, () => void this.again(which));
  }

  /** Anything else that is posted and answered like a step. */
  async post(address: string, content: object): Promise<Answer | null> {
    const outcome = await this.sending.post(address, content);
    if (outcome.kind === "done") {
      this.taken(outcome.answer, null);
      return outcome.answer;
    }
    if (outcome.kind === "conflict") {
      this.tellTaken(outcome.answer);
      showNote("step", t("刚才有人改动了方案：{what}。请再试一次。", { what: saySteps(outcome.answer.steps) }));
    } else showTrouble("step", outcome.trouble, () => void this.post(address, content));
    return null;
  }

  /** Take over what others have done; whether there was anything. */
  async catchUp(): Promise<boolean> {
    const answer = await this.sending.since();
    if (!answer) return false;
    this.tellTaken(answer);
    const others = answer.steps.filter((one) => one.who !== this.me);
    if (others.length) this.showTheirs(answer);
    return true;
  }

  private async sent(pending: Pending): Promise<Answer | null> {
    clearTimeout(this.timer);
    this.sending.dropTrial();
    this.board.set({ pending: { ...pending, phase: "sent" }, theirs: [] });
    clearNotice("step");
    const outcome = await this.sending.step(pending.wanted);
    this.board.set({ pending: null });
    if (outcome.kind === "done") {
      this.taken(outcome.answer, pending);
      return outcome.answer;
    }
    this.failed(outcome, pending);
    return null;
  }

  private taken(answer: Answer, pending: Pending | null): void {
    clearNotice("step");
    this.tellTaken(answer);
    if (pending && (pending.locked || pending.foreign)) this.nothing(pending);
    const last = answer.steps.at(-1);
    if (last) announce(saySteps([last]));
  }

  private tellTaken(answer: Answer): void {
    for (const hear of this.hearTaken) hear(answer);
  }

  private failed(outcome: Outcome, pending: Pending): void {
    if (outcome.kind === "done") return;
    if (outcome.kind === "conflict") {
      this.tellTaken(outcome.answer);
      this.showTheirs(outcome.answer);
      const again = pending.rows.length ? this.paintable(pending.rows, pending.target) : pending;
      return this.board.set({ pending: { ...again, phase: "conflict", theirs: outcome.answer.steps } });
    }
    const { trouble } = outcome;
    if (trouble.kind === "offline" || trouble.status >= 500) {
      this.board.set({ pending: { ...pending, phase: "stuck" } });
      return showTrouble("step", trouble, () => void (pending.rows.length ? this.apply() : this.sent(pending)));
    }
    this.board.set({ pending: null });
    showTrouble("step", new RequestTrouble("refused", trouble.message, trouble.fix), () => undefined);
  }

  private showTheirs(answer: Answer): void {
    this.board.set({ theirs: this.plan.ground.rowsOf([...answer.tiles, ...answer.come.map((one) => one.id)]) });
    const others = answer.steps.filter((one) => one.who !== this.me);
    if (others.length) showNote("theirs", t("刚刚：{what}", { what: saySteps(others) }));
  }

  private paintable(rows: number[], target: number): Pending {
    const { ground, cells } = this.plan;
    const cell = cells.get(target);
    const free = rows.filter((row) => !cells.get(ground.cell[row])?.locked);
    const community = cell?.community || (free.length ? ground.communityOf(free[0]) : "");
    const own = target ? free.filter((row) => ground.communityOf(row) === community) : free;
    const moved = own.filter((row) => ground.cell[row] !== target);
    const args = target ? { tiles: ground.idsOf(moved), cell: target } : { tiles: ground.idsOf(moved) };
    const wanted = { kind: target ? "paint" : "erase", args };
    return { rows: moved, target, wanted, locked: rows.length - free.length, foreign: free.length - own.length, trial: null, phase: "stroke" };
  }

  private nothing({ locked, foreign, rows }: Pending): void {
    if (locked) showNote("left-out", t("{count} 个地块在已锁定的网格里，没有改动。", { count: locked }));
    else if (foreign) showNote("left-out", t("{count} 个地块属于别的社区，没有改动。", { count: foreign }));
    if (!rows.length) this.board.set({ pending: null });
  }

  private tryOut(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.tryNow(), TRY_AFTER_MS);
  }

  private async tryNow(): Promise<void> {
    const { pending } = this.board.now;
    if (!pending) return;
    let refused: string | undefined;
    const trial = await this.sending.try(pending.wanted).catch((error) => {
      if (error instanceof RequestTrouble && error.status === REFUSED) refused = `${error.message}${error.fix}`;
      return null; // figures come with the step as well
    });
    const now = this.board.now.pending;
    if (now?.wanted !== pending.wanted) return;
    if (refused && now.phase === "stroke") return this.board.set({ pending: { ...now, trial: null, refused } });
    if (!trial || trial.revision !== this.plan.standing.revision) return;
    this.board.set({ pending: { ...now, refused: undefined, trial: new Map(trial.figures.map((row) => [row.number, row])) } });
  }
}

/** Whether a step whose answer was lost is among what came since. */
function isDone({ tiles, cell }: Answer, ids: number[], target: number): boolean {
  const now = new Map(tiles.map((id, k) => [id, cell[k]]));
  return ids.length > 0 && ids.every((id) => now.get(id) === target);
}
