import { ApiProblem } from "../api/problem";
import { SignInRequired } from "../identity/session";
import { backoff, notBefore } from "./retry";
import type { RoomToken } from "./roomTokens";
import type { OpenTopicStream, Position, StreamEnd, TopicMessage, TopicStream } from "./topicStream";

/** How a subscription is. `stopped` is its end; the message says why, to a person. */
export type SubscriptionState =
  | { readonly kind: "connecting" | "live" | "reconnecting" }
  | { readonly kind: "stopped"; readonly message: string; readonly signInRequired: boolean };

/** What a subscription calls. After {@link TopicSubscription.stop}, nothing. */
export interface SubscriptionEvents {
  /** Each message once, in order. */
  message(message: TopicMessage): void;
  /** Messages may be missing between those before and those to come. */
  gap(): void;
  state(state: SubscriptionState): void;
}

/** Where tokens come from. */
export interface TokenSource {
  /** A token that is not due for renewal. */
  get(): Promise<RoomToken>;
  /** Momento does not accept this one. */
  discard(token: RoomToken): void;
}

/** A stream without so much as a heartbeat for so long is taken for dead, in milliseconds. */
export const silenceLimit = 30_000;

/** A stream that has not opened after so long is given up, in milliseconds. */
export const openLimit = 10_000;

/** A fresh token that Momento refuses so often in a row says that no token will do. */
const maxRefusals = 2;

/** A stream that ended before it had opened. */
class StreamFailure extends Error {
  readonly end: StreamEnd;

  constructor(end: StreamEnd) {
    super(end.message);
    this.end = end;
  }
}

/**
 * Keeps a topic's messages coming, whatever happens to tokens and connections. It has one way to go on, for a renewed token, a
 * lost connection and a stream that went silent: a new stream from the last message on, opened while the old one still runs,
 * and messages that both deliver dropped by their numbers.
 */
export class TopicSubscription {
  readonly #open: OpenTopicStream;
  readonly #tokens: TokenSource;
  readonly #topic: string;
  readonly #events: SubscriptionEvents;
  #position: Position | null;
  #stream: TopicStream | null = null;
  #opening: TopicStream | null = null;
  #renewAt = 0;
  #lastSign = 0;
  /** It was cut off without a message to go on from: what came meanwhile cannot even be counted. */
  #mayHaveMissed = false;
  #refusals = 0;
  #isStopped = false;
  #wake: () => void = () => {};

  /** @param after Where an earlier subscription of the topic has stopped, or null for the messages to come. */
  constructor(open: OpenTopicStream, tokens: TokenSource, topic: string, after: Position | null, events: SubscriptionEvents) {
    this.#open = open;
    this.#tokens = tokens;
    this.#topic = topic;
    this.#position = after;
    this.#events = events;
  }

  /** The last message. */
  get position(): Position | null {
    return this.#position;
  }

  /** @returns When it has stopped. */
  async run(): Promise<void> {
    this.#events.state({ kind: "connecting" });
    for (let failures = 0; !this.#isStopped; ) {
      try {
        await this.#connect();
        failures = 0;
        await this.#untilDue();
      } catch (error) {
        failures++;
        await this.#recover(error, failures);
      }
    }
  }

  /** The network may be back, or the machine has woken up: does at once what it would have done later. */
  wake(): void {
    this.#wake();
  }

  stop(): void {
    this.#isStopped = true;
    this.#opening?.cancel();
    this.#stream?.cancel();
    this.#stream = null;
    this.#wake();
  }

  /** Replaces the stream, if there is one. */
  async #connect(): Promise<void> {
    const token = await this.#tokens.get();
    if (this.#isStopped) return;
    const stream = await this.#openStream(token);
    if (this.#isStopped) return stream.cancel();
    this.#stream?.cancel();
    this.#stream = stream;
    this.#renewAt = token.renewAt;
    this.#refusals = 0;
    this.#events.state({ kind: "live" });
  }

  /** @throws StreamFailure */
  #openStream(token: RoomToken): Promise<TopicStream> {
    return new Promise((resolve, reject) => {
      let isOpen = false;
      const fail = (end: StreamEnd) => {
        clearTimeout(timeout);
        if (end.kind === "expired") this.#tokens.discard(token);
        if (isOpen) this.#lose(stream);
        else reject(new StreamFailure(end));
      };
      const timeout = setTimeout(() => {
        stream.cancel();
        fail({ kind: "lost", message: "Momento does not answer." });
      }, openLimit);
      const stream: TopicStream = this.#open(token, this.#topic, this.#position, {
        alive: () => {
          this.#lastSign = Date.now();
          if (isOpen) return;
          isOpen = true;
          clearTimeout(timeout);
          if (!this.#isStopped) this.#tellOfGap();
          resolve(stream);
        },
        message: (message) => this.#isStopped || this.#take(message),
        jump: (to) => this.#isStopped || this.#jump(to),
        end: fail,
      });
      this.#opening = stream;
    });
  }

  #lose(stream: TopicStream): void {
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.#mayHaveMissed = this.#position === null;
    this.#events.state({ kind: "reconnecting" });
    this.#wake();
  }

  /** Waits for a reason to open another stream. */
  async #untilDue(): Promise<void> {
    while (this.#stream && !this.#isStopped) {
      const now = Date.now();
      const silentAt = this.#lastSign + silenceLimit;
      if (now >= silentAt) this.#mayHaveMissed = this.#position === null;
      if (now >= this.#renewAt || now >= silentAt) return;
      await this.#pause(Math.min(this.#renewAt, silentAt) - now);
    }
    // A service that ended all its streams at once should not have all of them back at once.
    if (!this.#isStopped) await this.#pause(backoff(1));
  }

  async #recover(error: unknown, failures: number): Promise<void> {
    if (this.#isStopped) return;
    const isExpired = error instanceof StreamFailure && error.end.kind === "expired";
    if (isExpired) this.#refusals++;
    const isOver = error instanceof StreamFailure && error.end.kind === "refused";
    if (isOver || this.#refusals >= maxRefusals) return this.#giveUp(`Momento refuses this conversation: ${(error as Error).message}`);
    if (error instanceof SignInRequired) return this.#giveUp(error.message, true);
    if (error instanceof ApiProblem && !error.isTemporary) return this.#giveUp(error.message);

    if (!this.#stream) this.#events.state({ kind: "reconnecting" });
    const retryAfter = error instanceof ApiProblem ? error.retryAfter : undefined;
    if (retryAfter === undefined) await this.#pause(backoff(failures));
    else await this.#pause(notBefore(retryAfter), false);
  }

  #giveUp(message: string, signInRequired = false): void {
    this.stop();
    this.#events.state({ kind: "stopped", message, signInRequired });
  }

  async #pause(milliseconds: number, canBeWoken = true): Promise<void> {
    await new Promise<void>((resolve) => {
      const timeout = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        if (!canBeWoken && !this.#isStopped) return;
        clearTimeout(timeout);
        resolve();
      };
    });
  }

  #take(message: TopicMessage): void {
    const last = this.#position;
    if (last?.page === message.page && message.sequence <= last.sequence) return;
    const follows = last === null || (last.page === message.page && message.sequence === last.sequence + 1);
    this.#position = { page: message.page, sequence: message.sequence };
    if (!follows) this.#events.gap();
    this.#events.message(message);
  }

  #jump(to: Position): void {
    const last = this.#position;
    if (last?.page === to.page && to.sequence <= last.sequence) return;
    this.#position = to;
    if (last) this.#events.gap();
  }

  #tellOfGap(): void {
    if (this.#mayHaveMissed) this.#events.gap();
    this.#mayHaveMissed = false;
  }
}
