import type { Position, TopicMessage } from "./topicStream.ts";

/** What a reader of a topic is told. */
export interface ProgressEvents {
  /** Each message once, in order. */
  message(message: TopicMessage): void;
  /** Messages are missing between those before and those to come. */
  gap(): void;
}

/** How far a topic was read: tells messages from doubles by their numbers, and where some are missing. */
export class TopicProgress {
  readonly #events: ProgressEvents;
  #position: Position | null = null;

  constructor(events: ProgressEvents) {
    this.#events = events;
  }

  /** The last message. */
  get position(): Position | null {
    return this.#position;
  }

  take(message: TopicMessage): void {
    const last = this.#position;
    if (last?.page === message.page && message.sequence <= last.sequence) return;
    const follows = last === null || (last.page === message.page && message.sequence === last.sequence + 1n);
    this.#position = { page: message.page, sequence: message.sequence };
    if (!follows) this.#events.gap();
    this.#events.message(message);
  }

  /** The messages up to this position will not come. */
  jump(to: Position): void {
    const last = this.#position;
    if (last?.page === to.page && to.sequence <= last.sequence) return;
    this.#position = to;
    if (last) this.#events.gap();
  }
}
