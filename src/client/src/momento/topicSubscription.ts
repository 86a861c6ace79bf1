import { isLasting, retryAfterOf } from "../api/problem.ts";
import { backoff, notBefore } from "../api/retry.ts";
import type { Limits } from "../limits.ts";
import { Pause } from "../timing.ts";
import type { RoomToken } from "./roomTokens.ts";
import { TopicProgress, type ProgressEvents } from "./topicProgress.ts";
import type { OpenTopicStream, StreamEnd, TopicStream } from "./topicStream.ts";

/** How a subscription is. `stopped` is its end; the error says why, to a person, too. */
export type SubscriptionState =
  | { readonly kind: "connecting" | "live" }
  | { readonly kind: "reconnecting" | "stopped"; readonly error: Error };

/** What a subscription calls. After {@link TopicSubscription.stop}, nothing. */
export interface SubscriptionEvents extends ProgressEvents {
  /** `live` each time that a stream has opened: what was published while none was open may not come. */
  state(state: SubscriptionState): void;
}

/** Where tokens come from. */
export interface TokenSource {
  /** A token that is not due for renewal. */
  get(): Promise<RoomToken>;
  /** Momento does not accept this one. */
  discard(token: RoomToken): void;
  /** The topic that this token is for. */
  topicIn(token: RoomToken): string;
}

/** A stream that has lived for so long was a good one, in milliseconds: what came before is forgiven. */
const goodLife = 5_000;

/** How long a stream runs on beside the one that replaces it, in milliseconds: for what is still on its way. */
export const overlap = 2_000;

/** Fresh tokens that Momento refuses so often in a row say that no token will do. */
const maxRefusals = 2;

/** How far a topic was read, by any number of streams one after the other. */
interface Reading {
  readonly topic: string;
  readonly progress: TopicProgress;
}

/** A stream that has opened; in time, why it has ended. */
interface OpenStream {
  readonly stream: TopicStream;
  end: StreamEnd | null;
}

/** A stream has ended, or did not even open. */
export class StreamFailure extends Error {
  readonly end: StreamEnd;

  constructor(end: StreamEnd) {
    super(end.message);
    this.end = end;
  }
}

/**
 * Keeps a room's messages coming, whatever happens to tokens and connections. It has one way to go on, for a renewed token, a
 * lost connection and a stream that went silent: a new stream from the last message on, opened while the old one still runs,
 * and messages that both deliver dropped by their numbers. Where a renewed token is for another topic, the new stream is of that one.
 */
export class TopicSubscription {
  readonly #open: OpenTopicStream;
  readonly #tokens: TokenSource;
  readonly #limits: Pick<Limits, "silence" | "opening">;
  readonly #events: SubscriptionEvents;

  /** What the newest stream was opened with; null if it is known to be for another topic than the room's. */
  #token: RoomToken | null = null;
  #reading: Reading | null = null;
  #current: OpenStream | null = null;
  #opening: TopicStream | null = null;
  #replaced: TopicStream | null = null;
  #openedAt = 0;
  #renewAt = 0;
  #lastSign = 0;
  #failures = 0;
  #refusals = 0;
  #isStopped = false;
  readonly #pause = new Pause();

  constructor(open: OpenTopicStream, tokens: TokenSource, limits: Pick<Limits, "silence" | "opening">, events: SubscriptionEvents) {
    this.#open = open;
    this.#tokens = tokens;
    this.#limits = limits;
    this.#events = events;
  }

  /** What is being listened to; null before the first stream has opened. */
  get topic(): string | null {
    return this.#reading?.topic ?? null;
  }

  /** @returns When it has stopped. */
  async run(): Promise<void> {
    this.#events.state({ kind: "connecting" });
    while (!this.#isStopped) {
      try {
        await this.#connect();
        await this.#untilDue();
        this.#forgive();
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  /** The network may be back, or the machine has woken up: does at once what it would have done later. */
  wake(): void {
    this.#pause.wake();
  }

  /** The room's topic is another one than the token has told: another token tells it. */
  renew(): void {
    if (this.#token) this.#tokens.discard(this.#token);
    this.#token = null;
    this.#renewAt = 0;
    this.#pause.wake();
  }

  stop(): void {
    this.#isStopped = true;
    for (const stream of [this.#opening, this.#replaced, this.#current?.stream]) stream?.cancel();
    this.#current = null;
    this.#pause.cancel();
  }

  /** Replaces the stream, if there is one. */
  async #connect(): Promise<void> {
    const token = await this.#tokens.get();
    if (this.#isStopped) return;
    this.#token = token;
    const reading = this.#readingOf(this.#tokens.topicIn(token));
    const next = await this.#openStream(token, reading);
    if (this.#isStopped) return next.stream.cancel();
    this.#reading = reading;
    // What came with its first message may have been its end.
    if (next.end) throw new StreamFailure(next.end);
    if (this.#current) this.#retire(this.#current.stream);
    this.#current = next;
    this.#renewAt = this.#token === token ? token.renewAt : 0;
    this.#openedAt = Date.now();
    this.#events.state({ kind: "live" });
  }

  /** Goes on with what is being read; another topic begins with the messages to come. */
  #readingOf(topic: string): Reading {
    return this.#reading?.topic === topic ? this.#reading : { topic, progress: new TopicProgress(this.#events) };
  }

  #retire(stream: TopicStream): void {
    this.#replaced?.cancel();
    this.#replaced = stream;
    setTimeout(() => stream.cancel(), overlap);
  }

  /** @throws StreamFailure */
  #openStream(token: RoomToken, { topic, progress }: Reading): Promise<OpenStream> {
    return new Promise((resolve, reject) => {
      let opened: OpenStream | null = null;
      const fail = (end: StreamEnd) => {
        clearTimeout(timeout);
        if (end.kind === "expired") this.#tokens.discard(token);
        if (opened) this.#lose(opened, end);
        else reject(new StreamFailure(end));
      };
      const timeout = setTimeout(() => {
        this.#opening?.cancel();
        fail({ kind: "lost", message: "Momento does not answer." });
      }, this.#limits.opening);
      const stream = this.#open(token, topic, progress.position, {
        alive: () => {
          if (opened === null || opened === this.#current) this.#lastSign = Date.now();
          if (opened) return;
          opened = { stream, end: null };
          clearTimeout(timeout);
          resolve(opened);
        },
        message: (message) => this.#isStopped || progress.take(message),
        jump: (to) => this.#isStopped || progress.jump(to),
        end: fail,
      });
      this.#opening = stream;
    });
  }

  #lose(opened: OpenStream, end: StreamEnd): void {
    opened.end = end;
    if (this.#isStopped || this.#current !== opened) return;
    this.#events.state({ kind: "reconnecting", error: new StreamFailure(end) });
    this.#pause.wake();
  }

  /** Waits for a reason to open another stream. @throws StreamFailure */
  async #untilDue(): Promise<void> {
    while (this.#current && !this.#isStopped) {
      if (this.#current.end) throw new StreamFailure(this.#current.end);
      if (this.#isSilent()) return;
      const now = Date.now();
      if (now >= this.#renewAt) return;
      await this.#pause.wait(Math.min(this.#renewAt, this.#lastSign + this.#limits.silence) - now);
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#isStopped) return;
    const failure = error instanceof Error ? error : new Error(String(error));
    this.#checkCurrent(failure);
    this.#failures++;
    if (error instanceof StreamFailure && error.end.kind === "expired") this.#refusals++;
    if (this.#isHopeless(error)) return this.#giveUp(failure);

    const retryAfter = retryAfterOf(error);
    // A service that has ended all its streams at once should not have all of them back at once: there is always a pause.
    if (retryAfter === undefined) await this.#pause.wait(backoff(this.#failures));
    else await this.#pause.wait(notBefore(retryAfter), false);
    this.#checkCurrent(failure);
  }

  /** Says so where the stream is dead while there is no other. */
  #checkCurrent(error: Error): void {
    if (this.#isStopped || (this.#current && !this.#current.end && !this.#isSilent())) return;
    if (this.#current) {
      if (Date.now() - this.#openedAt >= goodLife) this.#forgive();
      this.#current.stream.cancel();
      this.#current = null;
    }
    this.#events.state({ kind: "reconnecting", error });
  }

  #isHopeless(error: unknown): boolean {
    if (error instanceof StreamFailure) return error.end.kind === "refused" || this.#refusals >= maxRefusals;
    return isLasting(error);
  }

  #giveUp(error: Error): void {
    this.stop();
    this.#events.state({ kind: "stopped", error });
  }

  #isSilent(): boolean {
    return Date.now() >= this.#lastSign + this.#limits.silence;
  }

  #forgive(): void {
    this.#failures = 0;
    this.#refusals = 0;
  }
}
