import { isLasting, retryAfterOf } from "../api/problem.ts";
import type { PartOfMessages } from "../api/chatApi.ts";
import { backoff, notBefore } from "../api/retry.ts";
import type { Message, MessagePage } from "../api/types.ts";
import { isSeen } from "../environment.ts";
import type { Limits } from "../limits.ts";
import { Pause, Timers } from "../timing.ts";
import type { LogEvent } from "../api/roomEvent.ts";

/** What a sync reads. */
export interface RoomLog {
  page(part: PartOfMessages): Promise<MessagePage>;
  message(id: string): Promise<Message>;

  /** Whether the room's topic never changes; not known at first. */
  isPublic(): boolean;
}

/**
 * `changes`: what has changed since the position. `newest`: the newest page, in place of all that came before. `another`: the same, of
 * another room, which was made again under the name of the one before.
 */
export type PageKind = "changes" | "newest" | "another";

/** What a sync calls. After {@link RoomSync.stop}, nothing. */
export interface SyncEvents {
  /** A message as it is now. */
  message(message: Message): void;
  page(page: MessagePage, kind: PageKind): void;
  /** {@link RoomSync.state} is another one. */
  change(): void;
  /** It has stopped. */
  stopped(error: Error): void;
}

/** After so many looks that have found nothing, a public room is looked at less often. */
const quietAfterLooks = 10;

/**
 * Keeps up with a room's log: takes its events, and reads what they have not brought. How far it has come is a position in the log,
 * up to which nothing is missing.
 */
export class RoomSync {
  readonly #log: RoomLog;
  readonly #limits: Pick<Limits, "holePatience" | "look" | "quietLook">;
  readonly #events: SyncEvents;
  #seq: number | null;
  #topic: string | null;
  #isAnother = false;

  /** Events beyond the position. */
  readonly #ahead = new Set<number>();
  readonly #timers = new Timers();
  #heardAt = Date.now();
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #isLookDue = false;
  #state: "reading" | "read" | "failing" = "reading";
  #error: Error | null = null;
  #failures = 0;
  #isBehind = false;
  #isReading = false;
  #isAwaitingHole = false;
  #isStopped = false;
  readonly #pause = new Pause();

  /** @param start Where an earlier one has stopped, or null to begin with the newest page. */
  constructor(log: RoomLog, start: RoomSync | null, limits: Pick<Limits, "holePatience" | "look" | "quietLook">, events: SyncEvents) {
    this.#log = log;
    this.#limits = limits;
    this.#seq = start?.seq ?? null;
    this.#topic = start?.topic ?? null;
    this.#events = events;
    this.#awaitLook();
  }

  /** The position; null before the first page. */
  get seq(): number | null {
    return this.#seq;
  }

  /** The topic of the newest page. */
  get topic(): string | null {
    return this.#topic;
  }

  /** Whether all is here that was asked for. */
  get state(): "reading" | "read" | "failing" {
    return this.#state;
  }

  /** Why the last read has failed, while none has succeeded since. */
  get error(): Error | null {
    return this.#error;
  }

  /** Something is likely to be missing: until it is here, this is reading. */
  catchUp(): void {
    if (this.#isStopped) return;
    this.#become("reading");
    this.readOn();
  }

  /** Something may be missing. */
  readOn(): void {
    this.#isBehind = true;
    if (!this.#isReading) void this.#read();
  }

  take(event: LogEvent): void {
    if (this.#isStopped) return;
    if (event.type === "moved" || event.type === "deleted") {
      // The page that is read names the topic on which the room goes on, and of a room that is gone there is none.
      this.#timers.after(spreadOf(event), () => this.readOn());
      return;
    }
    this.#heardAt = Date.now();
    this.#awaitLook();
    if (this.#seq === null) this.#ahead.add(event.seq);
    else if (event.type === "sync") this.#timers.after(spreadOf(event), () => event.seq > this.#seq! && this.readOn());
    else if ("fetch" in event) this.#timers.after(spreadOf(event), () => void this.#fetch(event));
    else {
      this.#events.message(event.message);
      this.#count(event);
    }
  }

  /** The room was looked at by other means: its log stands at this position. */
  looked(seq: number): void {
    if (this.#isStopped) return;
    this.#awaitLook();
    if (this.#seq !== null && seq > this.#seq) this.readOn();
  }

  /** The network may be back, or the page is seen again: does at once what it would have done later. */
  wake(): void {
    this.#pause.wake();
    if (this.#isLookDue && isSeen()) this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timers.clear();
    clearTimeout(this.#lookTimer);
    this.#isLookDue = false;
    this.#pause.cancel();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    // Each read covers what was asked for before it began; what is asked for meanwhile has another one made.
    while (this.#isBehind && !this.#isStopped) {
      this.#isBehind = false;
      try {
        const asked = this.#seq;
        const page = await this.#log.page({ after: asked });
        if (this.#isStopped) return;
        this.#takePage(page, asked);
        this.#failures = 0;
        this.#error = null;
        if (!this.#isBehind) this.#become("read");
      } catch (error) {
        await this.#recover(error);
      }
    }
    this.#isReading = false;
  }

  /** @param asked The position when the page was asked for. */
  #takePage(page: MessagePage, asked: number | null): void {
    const isWhole = asked === null || page.reset === true;
    // A log never goes back, and a public room keeps its topic.
    const hasGoneBack = asked !== null && page.reset === true && page.seq < asked;
    const hasMoved = this.#topic !== null && page.eventsTopicName !== this.#topic;
    this.#isAnother ||= hasGoneBack || (hasMoved && this.#log.isPublic());
    this.#topic = page.eventsTopicName;
    if (this.#isAnother && !isWhole) {
      this.#seq = null;
      this.#ahead.clear();
      this.#isBehind = true;
      return;
    }
    // An event that came while the page was being read may tell more than the page.
    if (isWhole && !this.#isAnother) this.#isBehind ||= Math.max(this.#seq ?? 0, ...this.#ahead) > page.seq;
    this.#seq = isWhole ? page.seq : Math.max(this.#seq!, page.seq);
    for (const seq of this.#ahead) if (isWhole || seq <= this.#seq) this.#ahead.delete(seq);
    this.#advance();
    this.#events.page(page, isWhole ? (this.#isAnother ? "another" : "newest") : "changes");
    if (isWhole) this.#isAnother = false;
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#isStopped) return;
    if (isLasting(error)) {
      this.stop();
      return this.#events.stopped(error as Error);
    }
    this.#isBehind = true;
    this.#failures++;
    this.#error = error as Error;
    this.#become("failing");
    const retryAfter = retryAfterOf(error);
    await this.#pause.wait(retryAfter === undefined ? backoff(this.#failures) : notBefore(retryAfter), retryAfter === undefined);
  }

  /** Reads the message of an event that is too long. Until it is here the event counts as missing. */
  async #fetch(event: Extract<LogEvent, { fetch: true }>): Promise<void> {
    try {
      const message = await this.#log.message(event.id);
      if (this.#isStopped) return;
      this.#events.message(message);
      this.#count(event);
    } catch {
      if (!this.#isStopped) this.readOn();
    }
  }

  #count(event: Exclude<LogEvent, { type: "moved" | "deleted" }>): void {
    if (event.seq <= this.#seq!) return;
    this.#ahead.add(event.seq);
    this.#advance();
    if (this.#ahead.size === 0 || this.#isAwaitingHole) return;
    this.#isAwaitingHole = true;
    this.#timers.after(this.#limits.holePatience + spreadOf(event), () => {
      this.#isAwaitingHole = false;
      if (this.#ahead.size > 0) this.readOn();
    });
  }

  #awaitLook(): void {
    clearTimeout(this.#lookTimer);
    const { look, quietLook } = this.#limits;
    const isQuiet = this.#log.isPublic() && Date.now() - this.#heardAt >= quietAfterLooks * look;
    this.#lookTimer = setTimeout(() => this.#look(), isQuiet ? quietLook : look);
  }

  /** A page that nobody sees waits until somebody does. */
  #look(): void {
    this.#isLookDue = !isSeen();
    if (this.#isLookDue) return;
    this.readOn();
    this.#awaitLook();
  }

  #advance(): void {
    while (this.#ahead.delete(this.#seq! + 1)) this.#seq!++;
  }

  #become(state: "reading" | "read" | "failing"): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#events.change();
  }
}

/** Not all who hear an event ask the API at once. In milliseconds. */
function spreadOf(event: LogEvent): number {
  return Math.random() * (event.spread ?? 1) * 1000;
}
