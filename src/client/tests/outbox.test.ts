import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { NewMessage } from "../src/api/chatApi.ts";
import { ApiProblem, ApiUnreachable, SignInRequired } from "../src/api/problem.ts";
import type { Message } from "../src/api/types.ts";
import { longestUnasked, Outbox } from "../src/outbox/outbox.ts";
import { OutboxStorage, type TextStorage } from "../src/outbox/outboxStorage.ts";
import { message as messageOf, second, settle, useClock, wait } from "./support.ts";

class MemoryStorage implements TextStorage {
  readonly texts = new Map<string, string>();
  getItem = (key: string) => this.texts.get(key) ?? null;
  setItem = (key: string, value: string) => void this.texts.set(key, value);
  removeItem = (key: string) => void this.texts.delete(key);
}

/** An outbox, whose API the test holds. */
class Lab {
  readonly sends: string[] = [];
  readonly clientIds = new Set<string>();
  answer: (message: NewMessage) => Promise<Message> = ({ text, clientId }) => Promise.resolve(messageOf(1, { text, clientId }));
  readonly outbox = new Outbox(
    (message) => {
      this.sends.push(message.text);
      this.clientIds.add(message.clientId);
      return this.answer(message);
    },
    { change: () => {}, sent: () => {} },
  );

  static startedOn(storage: TextStorage | null, user = "alice"): Lab {
    const lab = new Lab();
    lab.start(storage, user);
    return lab;
  }

  start(storage: TextStorage | null, user = "alice"): void {
    this.outbox.start(new OutboxStorage(storage, `unsent/${user}/general`));
  }

  say(...texts: string[]): void {
    for (const text of texts) void this.outbox.add(text, {}, `id of ${text}`);
  }

  get shown(): string[] {
    return this.outbox.messages.map(({ text, failure }) => `${text} (${failure?.type ?? "sending"})`);
  }
}

const down = () => Promise.reject(new ApiUnreachable(null));

beforeEach(useClock);
afterEach(() => mock.timers.reset());

describe("The outbox", () => {
  it("sends one at a time, in their order, and the same again where the outcome is unknown", async () => {
    const lab = Lab.startedOn(null);
    lab.answer = down;
    lab.say("one", "two");
    await wait(5 * second);
    assert.deepEqual(new Set(lab.sends), new Set(["one"]));
    assert.deepEqual([...lab.clientIds], ["id of one"]);

    lab.sends.length = 0;
    lab.answer = ({ text, clientId }) => Promise.resolve(messageOf(1, { text, clientId }));
    lab.outbox.wake();
    await settle();
    assert.deepEqual(lab.sends, ["one", "two"]);
    assert.deepEqual(lab.shown, []);
  });

  it("says why a message is refused, and goes on with the next", async () => {
    const lab = Lab.startedOn(null);
    const { answer } = lab;
    lab.answer = (message) => (message.text === "rude" ? Promise.reject(problem(422, "rejected", "Please ask kindly.")) : answer(message));
    lab.say("rude", "kind");
    await settle();
    assert.deepEqual(lab.shown, ["rude (rejected)"]);
    assert.equal(lab.outbox.messages[0]!.failure!.reason, "Please ask kindly.");
    assert.deepEqual(lab.sends, ["rude", "kind"]);
  });

  it("sends what has failed again when it is asked to, and forgets it when it is asked to", async () => {
    const lab = Lab.startedOn(null);
    lab.answer = () => Promise.reject(problem(403, "banned"));
    lab.say("one", "two");
    await settle();
    lab.answer = ({ text, clientId }) => Promise.resolve(messageOf(1, { text, clientId }));
    await lab.outbox.retry("id of one");
    lab.outbox.discard("id of two");
    assert.deepEqual(lab.sends, ["one", "two", "one"]);
    assert.deepEqual(lab.shown, []);
  });

  it("waits for as long as the API says, whatever wakes it, but for no longer than a minute", async () => {
    const lab = Lab.startedOn(null);
    lab.answer = () => Promise.reject(problem(429, "too-many", "", 20 * second));
    lab.say("one");
    await wait(19 * second);
    lab.outbox.wake();
    await settle();
    assert.equal(lab.sends.length, 1);
    await wait(7 * second);
    assert.equal(lab.sends.length, 2);

    lab.answer = () => Promise.reject(problem(429, "slow-mode", "", 3600 * second));
    await wait(30 * second);
    assert.deepEqual(lab.shown, ["one (slow-mode)"]);
  });

  it("asks before it sends what is older than a day", async () => {
    const storage = new MemoryStorage();
    const before = Lab.startedOn(storage);
    before.answer = down;
    before.say("one");
    before.outbox.close();
    await wait(longestUnasked + second);
    const lab = Lab.startedOn(storage);
    await settle();
    assert.deepEqual(lab.sends, []);
    assert.deepEqual(lab.shown, ["one (old)"]);
    await lab.outbox.retry("id of one");
    assert.deepEqual(lab.sends, ["one"]);
    assert.equal(storage.texts.size, 0);
  });

  it("says that the session is over, and leaves the message to the next one", async () => {
    const storage = new MemoryStorage();
    const lab = Lab.startedOn(storage);
    lab.answer = () => Promise.reject(new SignInRequired());
    lab.say("one");
    await settle();
    assert.deepEqual(lab.shown, ["one (sign-in)"]);
    const next = Lab.startedOn(storage);
    await settle();
    assert.deepEqual(next.sends, ["one"]);
  });
});

describe("What is left unsent", () => {
  it("is sent by the same person, in its order and under the same name, before what they have written since", async () => {
    const storage = new MemoryStorage();
    const before = Lab.startedOn(storage);
    before.answer = down;
    before.say("one", "two");
    await settle();
    before.outbox.close();

    const lab = new Lab();
    lab.say("three");
    await settle();
    assert.deepEqual(lab.sends, []);
    lab.start(storage);
    await settle();
    assert.deepEqual(lab.sends, ["one", "two", "three"]);
    assert.deepEqual([...lab.clientIds], ["id of one", "id of two", "id of three"]);
    assert.equal(storage.texts.size, 0);
  });

  it("is never sent by somebody else", async () => {
    const storage = new MemoryStorage();
    const alice = Lab.startedOn(storage, "alice");
    alice.answer = down;
    alice.say("from alice");
    await settle();
    alice.outbox.close();
    const bob = Lab.startedOn(storage, "bob");
    await settle();
    assert.deepEqual(bob.sends, []);
    assert.deepEqual(bob.shown, []);
  });

  it("stays refused", async () => {
    const storage = new MemoryStorage();
    const before = Lab.startedOn(storage);
    before.answer = () => Promise.reject(problem(422, "rejected"));
    before.say("rude");
    await settle();
    before.outbox.close();
    const lab = Lab.startedOn(storage);
    await settle();
    assert.deepEqual(lab.shown, ["rude (rejected)"]);
    assert.deepEqual(lab.sends, []);
  });

  it("is not lost by two instances on one page", async () => {
    const storage = new MemoryStorage();
    const [first, second] = [Lab.startedOn(storage), Lab.startedOn(storage)];
    first.answer = second.answer = down;
    first.say("one");
    second.say("two");
    await settle();
    assert.deepEqual(Lab.startedOn(storage).shown, ["one (sending)", "two (sending)"]);
  });

  it("is sent from memory where the storage throws, or keeps something else", async () => {
    const refuse = () => {
      throw new Error("QuotaExceededError");
    };
    const full = Lab.startedOn({ getItem: () => '[7,null,{"text":1}]', setItem: refuse, removeItem: refuse });
    const closed = Lab.startedOn({ getItem: refuse, setItem: refuse, removeItem: refuse });
    for (const lab of [full, closed]) lab.say("one");
    await settle();
    assert.deepEqual([full.sends, closed.sends], [["one"], ["one"]]);
  });
});

function problem(status: number, type: string, title = "No.", retryAfter?: number): ApiProblem {
  return new ApiProblem(status, { type: `urn:chatfunctions:${type}`, title }, retryAfter);
}
