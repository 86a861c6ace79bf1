import type { NewMessage } from "../api/chatApi.ts";
import { ApiProblem, ChatClosed, isLasting, retryAfterOf, SignInRequired } from "../api/problem.ts";
import { backoff, notBefore } from "../api/retry.ts";
import type { Message, Metadata } from "../api/types.ts";
import { Pause } from "../timing.ts";
import type { OutboxStorage, SendFailure, UnsentMessage } from "./outboxStorage.ts";

/** What goes with a text. */
export interface SendOptions {
  /** The id of the message that it answers. */
  readonly replyTo?: string;

  /** At most 512 bytes as JSON. */
  readonly metadata?: Metadata;
}

/** What an outbox calls. */
export interface OutboxEvents {
  /** {@link Outbox.messages} has changed. */
  change(): void;

  /** A message is kept, and is about to leave {@link Outbox.messages}. */
  sent(message: Message): void;
}

/** What has waited for longer is not sent before somebody says that it is still wanted, in milliseconds. */
export const longestUnasked = 24 * 3_600_000;

/** Whoever is told to wait for longer, as in slow mode, decides themselves when to send again, in milliseconds. */
const longestWait = 60_000;

/**
 * Sends one message at a time, in their order, each until it is known to be kept or refused: always with the same `clientId`, so that it
 * is kept once, whatever became of the answers. What is refused is in nobody's way.
 */
export class Outbox {
  readonly #send: (message: NewMessage) => Promise<Message>;
  readonly #events: OutboxEvents;
  readonly #pause = new Pause();
  readonly #waiting = new Map<string, () => void>();
  #messages: readonly UnsentMessage[] = [];
  #storage: OutboxStorage | null = null;
  #isSending = false;
  #isClosed = false;
  #failures = 0;

  constructor(send: (message: NewMessage) => Promise<Message>, events: OutboxEvents) {
    this.#send = send;
    this.#events = events;
  }

  /** What is not known to be kept. */
  get messages(): readonly UnsentMessage[] {
    return this.#messages;
  }

  /** Takes up what an earlier one has left, and begins to send. Until then everything waits: it is not known whose it is. */
  start(storage: OutboxStorage): void {
    this.#storage = storage;
    const added = this.#messages;
    const left = storage.load().filter(({ clientId }) => !added.some((each) => each.clientId === clientId));
    for (const message of added) storage.put(message);
    this.#become([...left, ...added]);
    void this.#run();
  }

  /** @returns When it is not being sent any more: it is kept, has failed, or is discarded. */
  async add(text: string, { replyTo, metadata }: SendOptions, clientId: string): Promise<void> {
    const message = { clientId, text, wantedAt: Date.now(), ...(replyTo && { replyTo }), ...(metadata && { metadata }) };
    this.#storage?.put(message);
    const done = new Promise<void>((resolve) => this.#waiting.set(clientId, resolve));
    this.#become([...this.#messages, message]);
    void this.#run();
    await done;
  }

  /** Sends one again that has failed, after those that are waiting. */
  async retry(clientId: string): Promise<void> {
    const failed = this.#messages.find((each) => each.clientId === clientId && each.failure);
    if (!failed) return;
    const { failure: _, ...message } = { ...failed, wantedAt: Date.now() };
    this.#storage?.put(message);
    const done = new Promise<void>((resolve) => this.#waiting.set(clientId, resolve));
    this.#become([...this.#messages.filter((each) => each !== failed), message]);
    void this.#run();
    await done;
  }

  /** Forgets one. If it is under way it may be kept all the same, and comes then as all messages do. */
  discard(clientId: string): void {
    if (!this.#messages.some((each) => each.clientId === clientId)) return;
    this.#storage?.remove(clientId);
    this.#become(this.#messages.filter((each) => each.clientId !== clientId));
    this.#finish(clientId);
  }

  /** The network may be back. */
  wake(): void {
    this.#pause.wake();
  }

  /** What is not sent stays in the storage. */
  close(): void {
    this.#isClosed = true;
    this.#pause.cancel();
    for (const clientId of [...this.#waiting.keys()]) this.#finish(clientId);
  }

  async #run(): Promise<void> {
    if (this.#isSending || !this.#storage) return;
    this.#isSending = true;
    for (let next = this.#next(); next && !this.#isClosed; next = this.#next()) await this.#try(next);
    this.#isSending = false;
  }

  #next(): UnsentMessage | undefined {
    return this.#messages.find(({ failure }) => !failure);
  }

  async #try(unsent: UnsentMessage): Promise<void> {
    if (Date.now() - unsent.wantedAt > longestUnasked) {
      return this.#fail(unsent, { type: "old", reason: "This was written more than a day ago." }, true);
    }
    const { clientId, text, replyTo, metadata } = unsent;
    try {
      const message = await this.#send({ clientId, text, ...(replyTo && { replyTo }), ...(metadata && { metadata }) });
      this.#failures = 0;
      this.#events.sent(message);
      this.discard(clientId);
    } catch (error) {
      await this.#recover(unsent, error);
    }
  }

  async #recover(unsent: UnsentMessage, error: unknown): Promise<void> {
    if (this.#isClosed || error instanceof ChatClosed) return;
    const retryAfter = retryAfterOf(error);
    // Whoever signs in again, with another page perhaps, has it sent: it is not the message that was refused.
    if (error instanceof SignInRequired) return this.#fail(unsent, { type: "sign-in", reason: error.message }, false);
    if (isLasting(error) || (retryAfter ?? 0) > longestWait) {
      const type = error instanceof ApiProblem ? error.type : "";
      return this.#fail(unsent, { type, reason: (error as Error).message }, true);
    }
    this.#failures++;
    await this.#pause.wait(retryAfter === undefined ? backoff(this.#failures) : notBefore(retryAfter), retryAfter === undefined);
  }

  #fail(unsent: UnsentMessage, failure: SendFailure, isKept: boolean): void {
    const failed = { ...unsent, failure };
    if (!this.#messages.includes(unsent)) return;
    if (isKept) this.#storage?.put(failed);
    this.#become(this.#messages.map((each) => (each === unsent ? failed : each)));
    this.#finish(unsent.clientId);
  }

  #finish(clientId: string): void {
    this.#waiting.get(clientId)?.();
    this.#waiting.delete(clientId);
  }

  #become(messages: readonly UnsentMessage[]): void {
    this.#messages = messages;
    this.#events.change();
  }
}
