// The pointer on the map: with a tool in hand it draws; with two fingers, the middle button or the space bar it still
// moves the map.
import type { L } from "../map/leaflet.ts";
import type { Board } from "./board.ts";
import type { Point } from "./gathering.ts";
import type { PlanLayer } from "./layer.ts";

/** What a tool does with the pointer; places are metres from the origin. */
export interface Hand {
  /** Whether the tool that is chosen is one of its own. */
  readonly on: boolean;
  /** The pointer is down; whether something begins. */
  begin(at: Point, event: PointerEvent): boolean;
  /** It went on; `far` is how far from where it began, px. */
  follow(places: Point[], far: number): void;
  /** It was let go. */
  end(at: Point, far: number): void;
  /** Forget what this press has begun. */
  forget(): void;
  /** Where the pointer is, drawing or not; null when it has left. */
  hover(at: Point | null): void;
}

export class Pointing {
  private readonly fingers = new Set<number>();
  private pointer: number | null = null;
  private held: Hand | null = null;
  private from: [number, number] = [0, 0];
  private far = 0;
  /** The space bar is down: the pointer moves the map. */
  private moving = false;

  constructor(
    private readonly map: L.Map,
    private readonly layer: PlanLayer,
    private readonly board: Board,
    private readonly hands: Hand[],
  ) {
    const host = map.getContainer();
    // Before Leaflet hears of it: a stroke is no drag of the map.
    host.addEventListener("pointerdown", (event) => this.down(event), true);
    host.addEventListener("pointermove", (event) => this.move(event));
    host.addEventListener("pointerup", (event) => this.up(event));
    host.addEventListener("pointercancel", (event) => this.cancel(event));
    host.addEventListener("pointerleave", () => this.hand?.hover(null));
    document.addEventListener("keydown", (event) => event.key === " " && this.setMoving(true, event));
    document.addEventListener("keyup", (event) => event.key === " " && this.setMoving(false, event));
    board.on(["tool"], () => this.sync());
    this.sync();
  }

  private get hand(): Hand | undefined {
    return this.hands.find((one) => one.on);
  }

  private sync(): void {
    const free = !this.hand || this.moving;
    this.map.dragging[free ? "enable" : "disable"]();
    this.map.boxZoom[free ? "enable" : "disable"]();
    this.map.doubleClickZoom[free ? "enable" : "disable"]();
    this.map.getContainer().classList.toggle("drawing", !free);
  }

  private setMoving(moving: boolean, event: KeyboardEvent): void {
    if ((event.target as Element).closest?.("input, textarea, select, button, a, summary")) return;
    if (this.hand && event.target === this.map.getContainer()) event.preventDefault();
    if (moving === this.moving) return;
    this.moving = moving;
    this.sync();
  }

  private down(event: PointerEvent): void {
    if ((event.target as Element).closest(".leaflet-control")) return;
    this.fingers.add(event.pointerId);
    const { hand } = this;
    if (!hand || this.moving) return;
    if (this.fingers.size > 1) return this.release()?.forget(); // two fingers move the map
    if (event.button === 1) return this.dragWithButton(event);
    if (event.button !== 0 || this.board.now.pending?.phase === "sent") return;
    this.map.getContainer().focus({ preventScroll: true });
    this.from = [event.clientX, event.clientY];
    this.far = 0;
    if (!hand.begin(this.place(event), event)) return;
    [this.pointer, this.held] = [event.pointerId, hand];
    this.map.getContainer().setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const at = this.place(event);
    if (this.pointer === event.pointerId) {
      this.far = Math.max(this.far, Math.hypot(event.clientX - this.from[0], event.clientY - this.from[1]));
      const between = event.getCoalescedEvents?.() ?? [];
      this.held?.follow(between.length ? between.map((one) => this.place(one)) : [at], this.far);
    }
    this.hand?.hover(at);
  }

  private up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    if (this.pointer !== event.pointerId) return;
    // Of a finger that goes a few pixels some phones tell no move, only where it was lifted.
    this.far = Math.max(this.far, Math.hypot(event.clientX - this.from[0], event.clientY - this.from[1]));
    this.release()?.end(this.place(event), this.far);
  }

  private cancel(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    if (this.pointer === event.pointerId) this.release()?.forget();
  }

  private release(): Hand | null {
    const { held } = this;
    [this.pointer, this.held] = [null, null];
    return held;
  }

  private place(event: PointerEvent): Point {
    return this.layer.toMetres(this.map.mouseEventToLatLng(event));
  }

  private dragWithButton(event: PointerEvent): void {
    event.preventDefault();
    const host = this.map.getContainer();
    let [x, y] = [event.clientX, event.clientY];
    const move = (next: PointerEvent) => {
      this.map.panBy([x - next.clientX, y - next.clientY], { animate: false });
      [x, y] = [next.clientX, next.clientY];
    };
    host.addEventListener("pointermove", move);
    host.addEventListener("pointerup", () => host.removeEventListener("pointermove", move), { once: true });
  }
}
