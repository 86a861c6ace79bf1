import type { Position, TopicMessage } from "./topicStream";

/** What a reader of a topic is told. */
export interface ProgressEvents {
  /** Each message once, in order. */
  message(message: TopicMessage): void;
  /** Messages may be missing between those before and those to come. */
  gap(): void;
}

/** How far a topic was read: tells messages from doubles by their numbers, and where some may be missing. */
export class TopicProgress {
  readonly #events: ProgressEvents;
  #position: Position | null;

  /** The reader was cut off without a message to go on from: what came meanwhile cannot even be counted. */
  #mayHaveMissed: boolean;

  /**
   * @param after Where an earlier reader has stopped, or null for the messages to come.
   * @param isReturning Whether there was an earlier one.
   */
  constructor(after: Position | null, isReturning: boolean, events: ProgressEvents) {
    this.#position = after;
    this.#mayHaveMissed = isReturning && after === null;
    this.#events = events;
  }

  /** The last message. */
  get position(): Position | null {
    return this.#position;
  }

  /** Nothing comes for a while. */
  cutOff(): void {
    this.#mayHaveMissed ||= this.#position === null;
  }

  /** Messages come again. */
  resume(): void {
    if (this.#mayHaveMissed) this.#events.gap();
    this.#mayHaveMissed = false;
  }

  take(message: TopicMessage): void {
    const last = this.#position;
    if (last?.page === message.page && message.sequence <= last.sequence) return;
    const follows = last === null || (last.page === message.page && message.sequence === last.sequence + 1);
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
