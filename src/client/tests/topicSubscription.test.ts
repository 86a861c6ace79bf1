import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { ApiProblem, ApiUnreachable, SignInRequired } from "../src/api/problem.ts";
import type { RoomToken } from "../src/momento/roomTokens.ts";
import { defaultLimits } from "../src/limits.ts";
import { overlap, TopicSubscription, type SubscriptionState } from "../src/momento/topicSubscription.ts";
import type { Position, StreamEvents } from "../src/momento/topicStream.ts";
import { assertHas, second, settle, useClock, wait } from "./support.ts";

const lifetime = 600 * second;

/** A stream that the subscription has opened, from Momento's side. */
interface OpenedStream extends StreamEvents {
  readonly token: string;
  readonly topic: string;
  readonly after: Position | null;
  isCancelled: boolean;
}

/** A subscription, both ends of which the test holds. */
class Lab {
  readonly streams: OpenedStream[] = [];
  readonly discarded: string[] = [];
  readonly log: string[] = [];
  readonly states: SubscriptionState["kind"][] = [];
  state: SubscriptionState = { kind: "connecting" };
  tokensAsked = 0;

  /** What tokens are for. */
  topic = "private/P1/epoch 1";
  nextToken: () => Promise<RoomToken>;
  readonly subscription: TopicSubscription;
  #token: RoomToken | null = null;

  constructor(nextToken?: () => Promise<RoomToken>) {
    this.nextToken = nextToken ?? (() => Promise.resolve(tokenThatLasts(lifetime, `token ${this.tokensAsked}`)));
    this.subscription = new TopicSubscription(
      (token, topic, position, events) => {
        const stream = { ...events, token: token.token, topic, after: position, isCancelled: false };
        this.streams.push(stream);
        return { cancel: () => (stream.isCancelled = true) };
      },
      {
        get: async () => {
          if (this.#token && Date.now() < this.#token.renewAt) return this.#token;
          this.tokensAsked++;
          return (this.#token = await this.nextToken());
        },
        discard: (token) => {
          this.discarded.push(token.token);
          this.#token = null;
        },
        topicIn: () => this.topic,
      },
      defaultLimits,
      {
        message: ({ text }) => this.log.push(text!),
        gap: () => this.log.push("gap"),
        state: (state) => {
          this.state = state;
          this.states.push(state.kind);
        },
      },
    );
    void this.subscription.run();
  }

  get last(): OpenedStream {
    return this.streams.at(-1)!;
  }

  get running(): OpenedStream[] {
    return this.streams.filter((stream) => !stream.isCancelled);
  }

  async open(): Promise<void> {
    await settle();
    this.last.alive();
    await settle();
  }
}

function tokenThatLasts(milliseconds: number, token: string): RoomToken {
  const expiresAt = Date.now() + milliseconds;
  return { token, endpoint: "", cacheName: "chat", expiresAt: new Date(expiresAt).toISOString(), renewAt: Date.now() + milliseconds * 0.7 };
}


/** Keeps the stream that was opened last alive all the while, but not those that are opened meanwhile. */
async function waitAlive(lab: Lab, milliseconds: number): Promise<void> {
  const stream = lab.last;
  for (let passed = 0; passed < milliseconds; passed += 10 * second) {
    await wait(Math.min(10 * second, milliseconds - passed));
    stream.alive();
  }
  await settle();
}

function say(stream: OpenedStream, sequence: number, page = 1): void {
  stream.alive();
  stream.message({ page: BigInt(page), sequence: BigInt(sequence), text: `${page}/${sequence}` });
}

beforeEach(useClock);
afterEach(() => mock.timers.reset());

describe("Renewing the token", () => {
  it("opens the new stream from the last message on, while the old one runs, and then ends the old one", async () => {
    const lab = new Lab();
    await lab.open();
    say(lab.last, 5);
    const [old] = lab.streams;

    await waitAlive(lab, lifetime * 0.7);
    assert.equal(lab.streams.length, 2);
    assertHas(lab.last, { token: "token 2", after: { page: 1n, sequence: 5n } });
    assert.equal(old!.isCancelled, false);
    await lab.open();
    assert.equal(old!.isCancelled, false);
    await wait(overlap);

    assert.equal(old!.isCancelled, true);
    assert.deepEqual(lab.states, ["connecting", "live", "live"]);
  });

  it("drops what both streams deliver, and loses nothing that one of them does", async () => {
    const lab = new Lab();
    await lab.open();
    say(lab.last, 1);
    const [old] = lab.streams;
    await waitAlive(lab, lifetime * 0.7);

    say(old!, 2);
    say(lab.last, 2);
    say(lab.last, 3);
    say(old!, 3);
    await settle();
    say(lab.last, 4);

    assert.deepEqual(lab.log, ["1/1", "1/2", "1/3", "1/4"]);
  });

  it("goes on with the old stream while no new token is to be had, and asks when the answer says", async () => {
    const lab = new Lab();
    await lab.open();
    lab.nextToken = () => Promise.reject(new ApiProblem(429, {}, 20 * second));
    await waitAlive(lab, lifetime * 0.7);
    assert.equal(lab.tokensAsked, 2);

    lab.subscription.wake();
    await waitAlive(lab, 19 * second);
    assert.equal(lab.tokensAsked, 2);
    say(lab.last, 1);
    assert.equal(lab.state.kind, "live");
    await waitAlive(lab, 6 * second);
    assert.equal(lab.tokensAsked, 3);
  });
});

describe("A renewed token for another topic", () => {
  it("moves there, and hears the old topic until it has", async () => {
    const lab = new Lab();
    await lab.open();
    say(lab.last, 5);
    const [old] = lab.streams;

    lab.topic = "private/P1/epoch 2";
    await waitAlive(lab, lifetime * 0.7);
    assertHas(lab.last, { topic: "private/P1/epoch 2", after: null });
    say(old!, 6);
    await lab.open();
    say(old!, 7);
    say(lab.last, 1, 2);
    await wait(overlap);

    assert.deepEqual(lab.running, [lab.last]);
    assert.deepEqual(lab.log, ["1/5", "1/6", "1/7", "2/1"]);
    assert.equal(lab.subscription.topic, "private/P1/epoch 2");
  });

  it("stays with the old topic while the new one cannot be reached, and goes on trying", async () => {
    const lab = new Lab();
    await lab.open();
    const [old] = lab.streams;
    lab.topic = "private/P1/epoch 2";
    await waitAlive(lab, lifetime * 0.7);
    lab.last.end({ kind: "lost", message: "" });
    await settle();
    say(old!, 1);
    await wait(second);

    assert.deepEqual(lab.log, ["1/1"]);
    assert.deepEqual(lab.streams.map((stream) => stream.topic), ["private/P1/epoch 1", "private/P1/epoch 2", "private/P1/epoch 2"]);
  });

  it("is fetched at once when it is known to be another one", async () => {
    const lab = new Lab();
    await lab.open();
    lab.topic = "private/P1/epoch 2";
    lab.subscription.renew();
    await settle();
    assert.deepEqual(lab.discarded, ["token 1"]);
    assertHas(lab.last, { token: "token 2", topic: "private/P1/epoch 2" });
  });

  it("for the same topic as before moves nothing", async () => {
    const lab = new Lab();
    await lab.open();
    await waitAlive(lab, lifetime * 0.7);
    await lab.open();
    assert.equal(lab.last.topic, lab.streams[0]!.topic);
    assert.deepEqual(lab.log, []);
  });
});

describe("A lost connection", () => {
  it("is opened again after a moment, from the last message on, without a gap", async () => {
    const lab = new Lab();
    await lab.open();
    say(lab.last, 7);

    lab.last.end({ kind: "lost", message: "" });
    assert.equal(lab.state.kind, "reconnecting");
    await wait(second);
    assert.deepEqual(lab.last.after, { page: 1n, sequence: 7n });
    await lab.open();
    say(lab.last, 8);

    assert.equal(lab.state.kind, "live");
    assert.deepEqual(lab.log, ["1/7", "1/8"]);
  });

  it("is tried at longer and longer intervals, of 15 s at most", async () => {
    const lab = new Lab();
    await lab.open();
    for (let number = 0; number < 12; number++) {
      lab.last.end({ kind: "lost", message: "" });
      await wait(15 * second);
    }
    const { length } = lab.streams;
    lab.last.end({ kind: "lost", message: "" });
    await wait(7 * second);
    assert.equal(lab.streams.length, length);
    await wait(8 * second);
    assert.equal(lab.streams.length, length + 1);
  });

  it("is tried at once when the network is back", async () => {
    const lab = new Lab();
    await lab.open();
    for (let number = 0; number < 8; number++) {
      lab.last.end({ kind: "lost", message: "" });
      await wait(15 * second);
    }
    lab.last.end({ kind: "lost", message: "" });
    await settle();
    const { length } = lab.streams;

    lab.subscription.wake();
    await settle();

    assert.equal(lab.streams.length, length + 1);
  });

  it("is a gap where Momento does not have the messages any more", async () => {
    const lab = new Lab();
    await lab.open();
    say(lab.last, 7);
    lab.last.end({ kind: "lost", message: "" });
    await wait(second);

    await lab.open();
    lab.last.jump({ page: 1n, sequence: 20n });
    say(lab.last, 21);

    assert.deepEqual(lab.log, ["1/7", "gap", "1/21"]);
  });

  it("is a gap where numbers are missing, or the topic is another one", async () => {
    const lab = new Lab();
    await lab.open();
    say(lab.last, 1);
    say(lab.last, 3);
    say(lab.last, 1, 2);
    assert.deepEqual(lab.log, ["1/1", "gap", "1/3", "gap", "2/1"]);
  });

  it("is survived while the API is down, too", async () => {
    const lab = new Lab(() => Promise.reject(new ApiUnreachable(null)));
    await wait(60 * second);
    assert.equal(lab.state.kind, "reconnecting");
    lab.nextToken = () => Promise.resolve(tokenThatLasts(lifetime, "at last"));
    while (lab.streams.length === 0) await wait(second);
    await lab.open();
    assert.equal(lab.state.kind, "live");
  });
});

describe("A stream that goes silent", () => {
  it("is replaced, and ended once the new one is open", async () => {
    const lab = new Lab();
    await lab.open();
    say(lab.last, 1);

    await wait(defaultLimits.silence);
    assert.equal(lab.streams.length, 2);
    assert.equal(lab.running.length, 2);
    await lab.open();
    await wait(overlap);

    assert.deepEqual(lab.running, [lab.last]);
    assert.deepEqual(lab.log, ["1/1"]);
  });

  it("is called lost when no other can be opened", async () => {
    const lab = new Lab();
    await lab.open();
    await wait(defaultLimits.silence + defaultLimits.opening);
    assert.equal(lab.state.kind, "reconnecting");
  });

  it("is called lost while no token for another is to be had", async () => {
    const lab = new Lab();
    await lab.open();
    lab.nextToken = () => Promise.reject(new ApiProblem(503, {}, 5 * second));
    await waitAlive(lab, lifetime * 0.7);
    await wait(defaultLimits.silence + 10 * second);
    assert.equal(lab.state.kind, "reconnecting");
  });

  it("is left alone as long as it has heartbeats", async () => {
    const lab = new Lab();
    await lab.open();
    await waitAlive(lab, 300 * second);
    assert.equal(lab.streams.length, 1);
  });

  it("that never opens is given up and tried again", async () => {
    const lab = new Lab();
    await settle();
    await wait(defaultLimits.opening);
    assert.equal(lab.streams[0]!.isCancelled, true);
    await wait(second);
    assert.equal(lab.streams.length, 2);
  });
});

describe("A stream that ends as soon as it is open", () => {
  it("does not take the place of the one that runs", async () => {
    const lab = new Lab();
    await lab.open();
    const [old] = lab.streams;
    await waitAlive(lab, lifetime * 0.7);

    lab.last.alive();
    lab.last.end({ kind: "lost", message: "" });
    await settle();
    say(old!, 1);

    assert.equal(old!.isCancelled, false);
    assert.equal(lab.state.kind, "live");
    assert.deepEqual(lab.log, ["1/1"]);
  });

  it("again and again is tried at longer and longer intervals", async () => {
    const lab = new Lab();
    for (let passed = 0; passed < 120; passed++) {
      await settle();
      if (!lab.last.isCancelled) lab.last.alive();
      await settle();
      lab.last.end({ kind: "lost", message: "" });
      await wait(second);
    }
    assert.ok(lab.streams.length < 25);
  });

  it("for want of a valid token stops after two", async () => {
    const lab = new Lab();
    for (let number = 0; number < 5; number++) {
      await settle();
      lab.last.alive();
      await settle();
      lab.last.end({ kind: "expired", message: "no" });
      await wait(5 * second);
    }
    assert.equal(lab.state.kind, "stopped");
    assert.equal(lab.streams.length, 2);
  });
});

describe("A refusal", () => {
  it("of the topic stops with a message and is not tried again", async () => {
    const lab = new Lab();
    await settle();
    lab.last.end({ kind: "refused", message: "Insufficient permissions" });
    await wait(3600 * second);
    assert.equal(lab.state.kind, "stopped");
    assert.match((lab.state as { error: Error }).error.message, /Insufficient permissions/);
    assert.equal(lab.streams.length, 1);
  });

  it("of the token has a new one fetched, once", async () => {
    const lab = new Lab();
    await settle();
    lab.last.end({ kind: "expired", message: "" });
    await wait(second);
    assert.deepEqual(lab.discarded, ["token 1"]);
    assert.equal(lab.last.token, "token 2");
    lab.last.end({ kind: "expired", message: "no" });
    await wait(3600 * second);
    assert.equal(lab.state.kind, "stopped");
    assert.equal(lab.streams.length, 2);
  });

  it("of a token that has expired under way goes on with a new one, without a gap", async () => {
    const lab = new Lab();
    await lab.open();
    say(lab.last, 3);
    lab.last.end({ kind: "expired", message: "" });
    await wait(second);
    assertHas(lab.last, { token: "token 2", after: { page: 1n, sequence: 3n } });
    await lab.open();
    assert.deepEqual(lab.log, ["1/3"]);
  });

  it("by the API stops with its message", async () => {
    const lab = new Lab(() => Promise.reject(new ApiProblem(404, { title: "There is no such room." })));
    await wait(3600 * second);
    assert.equal((lab.state as { error: Error }).error.message, "There is no such room.");
    assert.equal(lab.tokensAsked, 1);
  });

  it("for want of a session says that only a sign-in helps", async () => {
    const lab = new Lab(() => Promise.reject(new SignInRequired()));
    await wait(60 * second);
    assert.equal((lab.state as { error: Error }).error.message, "Your session has ended.");
  });
});

describe("A subscription", () => {
  it("ends its streams when it stops, the one that is being opened, too, and calls nothing any more", async () => {
    const lab = new Lab();
    await lab.open();
    await wait(defaultLimits.silence);
    assert.equal(lab.running.length, 2);

    lab.subscription.stop();
    const { length } = lab.states;
    say(lab.last, 1);
    await wait(3600 * second);

    assert.deepEqual(lab.running, []);
    assert.deepEqual(lab.log, []);
    assert.equal(lab.states.length, length);
    assert.equal(lab.streams.length, 2);
  });
});
