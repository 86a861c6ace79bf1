import type { ChatApi, Message, MessagePage, Room, LogEvent } from "../api/chatApi";
import { ApiProblem, isLasting } from "../api/problem";
import { backoff, notBefore } from "../momento/retry";

/** What a sync calls. After {@link RoomSync.stop}, nothing. */
export interface SyncEvents {
  /** A message as it is now. */
  message(message: Message): void;
  /** @param isWhole The newest page, in place of all that came before. */
  page(page: MessagePage, isWhole: boolean): void;
  /** {@link RoomSync.state} is another one. */
  change(): void;
  /** It has stopped; the text is for a person. */
  stopped(reason: string): void;
}

/** An event that is missing among others is given so long to come, in milliseconds, before its message is read. */
export const holePatience = 2_000;

/** After so long without a sign of the room it is looked at, in milliseconds: nothing that is published is sure to arrive. */
export const lookInterval = 60_000;

/** The same for a public room in which nothing has happened for {@link quietTime}. Its topic never changes. */
const quietLookInterval = 300_000;
const quietTime = 600_000;

/**
 * Keeps up with a room's log: takes its events, and reads what they have not brought. How far it has come is a position in the log,
 * up to which nothing is missing.
 */
export class RoomSync {
  readonly #api: Pick<ChatApi, "listMessages" | "getMessage">;
  readonly #room: Pick<Room, "chatId" | "visibility">;
  readonly #events: SyncEvents;
  #seq: number | null;

  /** Events beyond the position. */
  readonly #ahead = new Set<number>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #heardAt = Date.now();
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #isLookDue = false;
  #state: "reading" | "read" | "failing" = "reading";
  #failures = 0;
  #isBehind = false;
  #isReading = false;
  #isAwaitingHole = false;
  #isStopped = false;
  #wake: () => void = () => {};

  /** @param seq How far an earlier one has come, or null to begin with the newest page. */
  constructor(
    api: Pick<ChatApi, "listMessages" | "getMessage">,
    room: Pick<Room, "chatId" | "visibility">,
    seq: number | null,
    events: SyncEvents,
  ) {
    this.#api = api;
    this.#room = room;
    this.#seq = seq;
    this.#events = events;
    this.#awaitLook();
  }

  /** The position; null before the first page. */
  get seq(): number | null {
    return this.#seq;
  }

  /** Whether all was read when it was last asked for. */
  get state(): "reading" | "read" | "failing" {
    return this.#state;
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
      this.#later(spreadOf(event), () => this.readOn());
      return;
    }
    this.#heardAt = Date.now();
    this.#awaitLook();
    if (this.#seq === null) this.#ahead.add(event.seq);
    else if (event.type === "sync") this.#later(spreadOf(event), () => event.seq > this.#seq! && this.readOn());
    else if ("fetch" in event) this.#later(spreadOf(event), () => void this.#fetch(event));
    else {
      this.#events.message(event.message);
      this.#count(event);
    }
  }

  /** The network may be back, or the page is seen again: does at once what it would have done later. */
  wake(): void {
    this.#wake();
    if (this.#isLookDue && isSeen()) this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    clearTimeout(this.#lookTimer);
    this.#isLookDue = false;
    this.#wake();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    // Each read covers what was asked for before it began; what is asked for meanwhile has another one made.
    while (this.#isBehind && !this.#isStopped) {
      this.#isBehind = false;
      try {
        const page = await this.#api.listMessages(this.#room.chatId, this.#seq);
        if (this.#isStopped) return;
        this.#takePage(page);
        this.#failures = 0;
        this.#become("read");
      } catch (error) {
        await this.#recover(error);
      }
    }
    this.#isReading = false;
  }

  #takePage(page: MessagePage): void {
    const isWhole = this.#seq === null || page.reset === true;
    // An event that came while the page was being read may tell more than the page.
    if (isWhole) this.#isBehind ||= Math.max(this.#seq ?? 0, ...this.#ahead) > page.seq;
    this.#seq = isWhole ? page.seq : Math.max(this.#seq!, page.seq);
    for (const seq of this.#ahead) if (isWhole || seq <= this.#seq) this.#ahead.delete(seq);
    this.#advance();
    this.#events.page(page, isWhole);
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#isStopped) return;
    if (isLasting(error)) {
      this.stop();
      return this.#events.stopped((error as Error).message);
    }
    this.#isBehind = true;
    this.#failures++;
    this.#become("failing");
    const retryAfter = error instanceof ApiProblem ? error.retryAfter : undefined;
    await this.#pause(retryAfter === undefined ? backoff(this.#failures) : notBefore(retryAfter), retryAfter === undefined);
  }

  /** Reads the message of an event that is too long. Until it is here the event counts as missing. */
  async #fetch(event: Extract<LogEvent, { fetch: true }>): Promise<void> {
    try {
      const message = await this.#api.getMessage(this.#room.chatId, event.id);
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
    this.#later(holePatience + spreadOf(event), () => {
      this.#isAwaitingHole = false;
      if (this.#ahead.size > 0) this.readOn();
    });
  }

  #awaitLook(): void {
    clearTimeout(this.#lookTimer);
    const isQuiet = this.#room.visibility === "public" && Date.now() - this.#heardAt >= quietTime;
    this.#lookTimer = setTimeout(() => this.#look(), isQuiet ? quietLookInterval : lookInterval);
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

  #become(state: "read" | "failing"): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#events.change();
  }

  #later(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, milliseconds);
    this.#timers.add(timer);
  }

  async #pause(milliseconds: number, canBeWoken: boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const timeout = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        if (!canBeWoken && !this.#isStopped) return;
        clearTimeout(timeout);
        resolve();
      };
    });
  }
}

function isSeen(): boolean {
  return document.visibilityState !== "hidden";
}

/** Not all who hear an event ask the API at once. In milliseconds. */
function spreadOf(event: LogEvent): number {
  return Math.random() * event.spread * 1000;
}
