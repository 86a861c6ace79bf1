import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { ApiProblem, ApiUnreachable } from "../src/api/problem.ts";
import type { Message, MessagePage } from "../src/api/types.ts";
import { defaultLimits } from "../src/limits.ts";
import type { LogEvent } from "../src/api/roomEvent.ts";
import { RoomSync } from "../src/room/roomSync.ts";
import { message as messageOf, page as pageOf, second, settle, useClock, wait } from "./support.ts";

const { holePatience, look: lookInterval } = defaultLimits;

/** A sync, whose API and whose events the test holds. */
class Lab {
  readonly reads: (number | null)[] = [];
  readonly log: string[] = [];
  answer: (after: number | null) => Promise<MessagePage> = (after) => Promise.resolve(page(after ?? 0));
  message: (id: string) => Promise<Message> = (id) => Promise.resolve(message(id));
  readonly sync: RoomSync;

  constructor(visibility: "public" | "private" = "public", start: RoomSync | null = null) {
    const log = {
      page: ({ after }: { after?: number | null }) => {
        this.reads.push(after ?? null);
        return this.answer(after ?? null);
      },
      message: (id: string) => this.message(id),
      isPublic: () => visibility === "public",
    };
    this.sync = new RoomSync(log, start, defaultLimits, {
      message: ({ id }) => this.log.push(id),
      page: ({ seq }, kind) => this.log.push(`${kind} to ${seq}`),
      change: () => this.log.push(this.sync.state),
      stopped: ({ message }) => this.log.push(`stopped: ${message}`),
    });
  }

  /** Has read the newest page. */
  static async at(seq: number, visibility: "public" | "private" = "public"): Promise<Lab> {
    const lab = new Lab(visibility);
    lab.answer = () => Promise.resolve(page(seq));
    lab.sync.readOn();
    await settle();
    lab.log.length = lab.reads.length = 0;
    return lab;
  }
}

function page(seq: number, changes: Partial<MessagePage> = {}): MessagePage {
  return pageOf(seq, [], changes);
}

function message(id: string): Message {
  return messageOf(1, { id });
}

const said = (seq: number): LogEvent => ({ v: 1, type: "message", seq, spread: 1, message: message(`said ${seq}`) });
const long = (seq: number): LogEvent => ({ v: 1, type: "message", seq, spread: 1, id: `long ${seq}`, version: 1, fetch: true });
const moved: LogEvent = { v: 1, type: "moved", spread: 1 };
const deleted: LogEvent = { v: 1, type: "deleted", spread: 1 };
const synced = (seq: number): LogEvent => ({ v: 1, type: "sync", seq, spread: 1 });

beforeEach(useClock);
afterEach(() => mock.timers.reset());

describe("The first read", () => {
  it("is of the newest page, and is followed by what has changed since", async () => {
    const lab = new Lab();
    lab.sync.readOn();
    await settle();
    lab.sync.readOn();
    await settle();
    assert.deepEqual(lab.reads, [null, 0]);
    assert.deepEqual(lab.log, ["newest to 0", "read", "changes to 0"]);
  });

  it("is followed by another one where an event has told more meanwhile", async () => {
    const lab = new Lab();
    lab.answer = (after) => Promise.resolve(page(after === null ? 4 : 5));
    lab.sync.readOn();
    lab.sync.take(said(5));
    await settle();
    assert.deepEqual(lab.reads, [null, 4]);
    assert.equal(lab.sync.seq, 5);
  });

  it("is not needed by one that goes on where an earlier one has stopped", async () => {
    const lab = new Lab("public", (await Lab.at(7)).sync);
    lab.sync.readOn();
    await settle();
    assert.deepEqual(lab.reads, [7]);
  });
});

describe("Events", () => {
  it("in their order bring their messages without a read", async () => {
    const lab = await Lab.at(4);
    for (const seq of [5, 6, 7]) lab.sync.take(said(seq));
    await wait(lookInterval - holePatience);
    assert.deepEqual(lab.log, ["said 5", "said 6", "said 7"]);
    assert.deepEqual(lab.reads, []);
    assert.equal(lab.sync.seq, 7);
  });

  it("that overtake each other do so without a read", async () => {
    const lab = await Lab.at(4);
    lab.sync.take(said(6));
    await wait(holePatience - 1);
    lab.sync.take(said(5));
    await wait(lookInterval - holePatience);
    assert.deepEqual(lab.reads, []);
    assert.equal(lab.sync.seq, 6);
  });

  it("of which one is missing are read from before it, after 2 s", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.resolve(page(7));
    lab.sync.take(said(6));
    lab.sync.take(said(7));
    await wait(holePatience - 1);
    assert.deepEqual(lab.reads, []);
    await wait(second + 1);
    assert.deepEqual(lab.reads, [4]);
    assert.equal(lab.sync.seq, 7);
  });

  it("that say how far the log is have it read, unless that is known", async () => {
    const lab = await Lab.at(4);
    lab.sync.take(synced(4));
    await wait(lookInterval - holePatience);
    assert.deepEqual(lab.reads, []);
    lab.sync.take(synced(6));
    await wait(second);
    assert.deepEqual(lab.reads, [4]);
  });

  it("that say that the room has moved have it read, for the page tells where to", async () => {
    const lab = await Lab.at(4);
    lab.sync.take(moved);
    await wait(second);
    assert.deepEqual(lab.reads, [4]);
  });

  it("that say that the room is deleted have it read, which ends there", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.reject(new ApiProblem(404, { title: "There is no such room." }));
    lab.sync.take(deleted);
    await wait(second);
    assert.deepEqual(lab.log, ["stopped: There is no such room."]);
  });

  it("that are too long have their message read", async () => {
    const lab = await Lab.at(4);
    lab.sync.take(long(5));
    await wait(second);
    assert.deepEqual(lab.log, ["long 5"]);
    assert.deepEqual(lab.reads, []);
    assert.equal(lab.sync.seq, 5);
  });

  it("that are too long, whose message cannot be read, count as missing", async () => {
    const lab = await Lab.at(4);
    lab.message = () => Promise.reject(new ApiUnreachable(null));
    lab.sync.take(long(5));
    await wait(second);
    assert.deepEqual(lab.reads, [4]);
  });
});

describe("A read", () => {
  it("that answers anew begins anew there", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.resolve(page(2000, { reset: true }));
    lab.sync.readOn();
    await settle();
    assert.deepEqual(lab.log, ["newest to 2000"]);
    assert.equal(lab.sync.seq, 2000);
  });

  it("that fails is made again, at once where the network is back", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.reject(new ApiUnreachable(null));
    lab.sync.readOn();
    await settle();
    assert.equal(lab.sync.state, "failing");
    lab.answer = () => Promise.resolve(page(5));
    lab.sync.wake();
    await settle();
    assert.deepEqual(lab.log, ["failing", "changes to 5", "read"]);
  });

  it("that is refused for now is made again when the API said", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.reject(new ApiProblem(429, {}, 20 * second));
    lab.sync.readOn();
    await settle();
    lab.sync.wake();
    await wait(20 * second - 1);
    assert.equal(lab.reads.length, 1);
    await wait(5 * second + 1);
    assert.equal(lab.reads.length, 2);
  });

  it("that is refused for good is the last", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.reject(new ApiProblem(404, { title: "There is no such room." }));
    lab.sync.readOn();
    lab.sync.readOn();
    await wait(3600 * second);
    assert.deepEqual(lab.log, ["stopped: There is no such room."]);
    assert.equal(lab.reads.length, 1);
  });

  it("that others are asked for meanwhile is followed by one", async () => {
    const lab = await Lab.at(4);
    for (let number = 0; number < 5; number++) lab.sync.readOn();
    await settle();
    assert.equal(lab.reads.length, 2);
  });
});

describe("A look", () => {
  it("is made a minute after the last sign of the room, whatever event was lost", async () => {
    const lab = await Lab.at(4);
    await wait(lookInterval / 2);
    lab.sync.take(said(5));
    await wait(lookInterval - 1);
    assert.deepEqual(lab.reads, []);
    await wait(1);
    assert.deepEqual(lab.reads, [5]);
  });

  it("is made each minute in a private room, whose topic may be another one, and less often in a public one that is quiet", async () => {
    const [privateLab, publicLab] = [await Lab.at(4, "private"), await Lab.at(4)];
    await wait(20 * lookInterval);
    assert.equal(privateLab.reads.length, 20);
    assert.equal(publicLab.reads.length, 12);
  });

  it("waits until somebody sees the page", async () => {
    const lab = await Lab.at(4);
    const page = { visibilityState: "hidden" };
    Object.assign(globalThis, { document: page });
    await wait(10 * lookInterval);
    lab.sync.wake();
    assert.deepEqual(lab.reads, []);
    page.visibilityState = "visible";
    lab.sync.wake();
    await settle();
    assert.deepEqual(lab.reads, [4]);
    Reflect.deleteProperty(globalThis, "document");
  });
});

describe("A sync that has stopped", () => {
  it("neither reads nor tells anything", async () => {
    const lab = await Lab.at(4);
    lab.sync.readOn();
    lab.sync.take(said(6));
    lab.sync.take(long(7));
    lab.log.length = 0;
    lab.sync.stop();
    lab.sync.take(said(8));
    await wait(3600 * second);
    assert.deepEqual(lab.log, []);
    assert.deepEqual(lab.reads, [4]);
  });
});

describe("Another room of the same name", () => {
  it("whose log is shorter takes the place of the one before", async () => {
    const lab = await Lab.at(40);
    lab.answer = (after) => Promise.resolve(after === 40 ? page(3, { reset: true, eventsTopicName: "events/2" }) : page(3, { eventsTopicName: "events/2" }));
    lab.sync.readOn();
    await settle();
    assert.deepEqual(lab.log, ["another to 3"]);
  });

  it("whose log is longer does so, too: its topic is another one", async () => {
    const lab = await Lab.at(40);
    lab.answer = () => Promise.resolve(page(90, { eventsTopicName: "events/2" }));
    lab.sync.readOn();
    await settle();
    assert.deepEqual(lab.reads, [40, null]);
    assert.deepEqual(lab.log, ["another to 90"]);
  });

  it("is none where a private room's topic is another one", async () => {
    const lab = await Lab.at(40, "private");
    lab.answer = () => Promise.resolve(page(41, { eventsTopicName: "events/2" }));
    lab.sync.readOn();
    await settle();
    assert.deepEqual(lab.log, ["changes to 41"]);
  });
});
