import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message, MessagePage, Room, LogEvent } from "../src/api/chatApi";
import { ApiProblem, ApiUnreachable } from "../src/api/problem";
import { decodeEvent } from "../src/messages/roomEvent";
import { holePatience, lookInterval, RoomSync } from "../src/messages/roomSync";

const second = 1000;
const settle = () => vi.advanceTimersByTimeAsync(0);
const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** A sync, whose API and whose events the test holds. */
class Lab {
  readonly reads: (number | null)[] = [];
  readonly log: string[] = [];
  answer: (after: number | null) => Promise<MessagePage> = (after) => Promise.resolve(page(after ?? 0));
  message: (id: string) => Promise<Message> = (id) => Promise.resolve(message(id));
  readonly sync: RoomSync;

  constructor(seq: number | null = null, visibility: Room["visibility"] = "public") {
    const api = {
      listMessages: (_: string, after: number | null) => {
        this.reads.push(after);
        return this.answer(after);
      },
      getMessage: (_: string, id: string) => this.message(id),
    };
    this.sync = new RoomSync(api, { chatId: "general", visibility }, seq, {
      message: ({ id }) => this.log.push(id),
      page: ({ seq }, isWhole) => this.log.push(`${isWhole ? "whole" : "changes"} to ${seq}`),
      change: () => this.log.push(this.sync.state),
      stopped: (reason) => this.log.push(`stopped: ${reason}`),
    });
  }

  /** Has read the newest page. */
  static async at(seq: number, visibility: Room["visibility"] = "public"): Promise<Lab> {
    const lab = new Lab(null, visibility);
    lab.answer = () => Promise.resolve(page(seq));
    lab.sync.readOn();
    await settle();
    lab.log.length = lab.reads.length = 0;
    return lab;
  }
}

function page(seq: number, changes: Partial<MessagePage> = {}): MessagePage {
  return { messages: [], seq, eventsTopicName: "events/1", ...changes };
}

function message(id: string): Message {
  return { id, chatId: "general", number: 1, text: id, sentAt: "", sender: { id: "b", name: "Bob" }, clientId: id, version: 1 };
}

const said = (seq: number): LogEvent => ({ v: 1, type: "message", seq, spread: 1, message: message(`said ${seq}`) });
const long = (seq: number): LogEvent => ({ v: 1, type: "message", seq, spread: 1, id: `long ${seq}`, version: 1, fetch: true });
const moved: LogEvent = { v: 1, type: "moved", spread: 1 };
const deleted: LogEvent = { v: 1, type: "deleted", spread: 1 };
const synced = (seq: number): LogEvent => ({ v: 1, type: "sync", seq, spread: 1 });

beforeEach(() => vi.useFakeTimers({ now: Date.parse("2026-11-24T12:00:00Z") }));
afterEach(() => vi.useRealTimers());

describe("The first read", () => {
  it("is of the newest page, and is followed by what has changed since", async () => {
    const lab = new Lab();
    lab.sync.readOn();
    await settle();
    lab.sync.readOn();
    await settle();
    expect(lab.reads).toEqual([null, 0]);
    expect(lab.log).toEqual(["whole to 0", "read", "changes to 0"]);
  });

  it("is followed by another one where an event has told more meanwhile", async () => {
    const lab = new Lab();
    lab.answer = (after) => Promise.resolve(page(after === null ? 4 : 5));
    lab.sync.readOn();
    lab.sync.take(said(5));
    await settle();
    expect(lab.reads).toEqual([null, 4]);
    expect(lab.sync.seq).toBe(5);
  });

  it("is not needed by one that goes on where an earlier one has stopped", async () => {
    const lab = new Lab(7);
    lab.sync.readOn();
    await settle();
    expect(lab.reads).toEqual([7]);
  });
});

describe("Events", () => {
  it("in their order bring their messages without a read", async () => {
    const lab = await Lab.at(4);
    for (const seq of [5, 6, 7]) lab.sync.take(said(seq));
    await wait(lookInterval - holePatience);
    expect(lab.log).toEqual(["said 5", "said 6", "said 7"]);
    expect(lab.reads).toEqual([]);
    expect(lab.sync.seq).toBe(7);
  });

  it("that overtake each other do so without a read", async () => {
    const lab = await Lab.at(4);
    lab.sync.take(said(6));
    await wait(holePatience - 1);
    lab.sync.take(said(5));
    await wait(lookInterval - holePatience);
    expect(lab.reads).toEqual([]);
    expect(lab.sync.seq).toBe(6);
  });

  it("of which one is missing are read from before it, after 2 s", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.resolve(page(7));
    lab.sync.take(said(6));
    lab.sync.take(said(7));
    await wait(holePatience - 1);
    expect(lab.reads).toEqual([]);
    await wait(second + 1);
    expect(lab.reads).toEqual([4]);
    expect(lab.sync.seq).toBe(7);
  });

  it("that say how far the log is have it read, unless that is known", async () => {
    const lab = await Lab.at(4);
    lab.sync.take(synced(4));
    await wait(lookInterval - holePatience);
    expect(lab.reads).toEqual([]);
    lab.sync.take(synced(6));
    await wait(second);
    expect(lab.reads).toEqual([4]);
  });

  it("that say that the room has moved have it read, for the page tells where to", async () => {
    const lab = await Lab.at(4);
    lab.sync.take(moved);
    await wait(second);
    expect(lab.reads).toEqual([4]);
  });

  it("that say that the room is deleted have it read, which ends there", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.reject(new ApiProblem(404, { title: "There is no such room." }));
    lab.sync.take(deleted);
    await wait(second);
    expect(lab.log).toEqual(["stopped: There is no such room."]);
  });

  it("that are too long have their message read", async () => {
    const lab = await Lab.at(4);
    lab.sync.take(long(5));
    await wait(second);
    expect(lab.log).toEqual(["long 5"]);
    expect(lab.reads).toEqual([]);
    expect(lab.sync.seq).toBe(5);
  });

  it("that are too long, whose message cannot be read, count as missing", async () => {
    const lab = await Lab.at(4);
    lab.message = () => Promise.reject(new ApiUnreachable(null));
    lab.sync.take(long(5));
    await wait(second);
    expect(lab.reads).toEqual([4]);
  });
});

describe("A read", () => {
  it("that answers anew begins anew there", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.resolve(page(2000, { reset: true }));
    lab.sync.readOn();
    await settle();
    expect(lab.log).toEqual(["whole to 2000"]);
    expect(lab.sync.seq).toBe(2000);
  });

  it("that fails is made again, at once where the network is back", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.reject(new ApiUnreachable(null));
    lab.sync.readOn();
    await settle();
    expect(lab.sync.state).toBe("failing");
    lab.answer = () => Promise.resolve(page(5));
    lab.sync.wake();
    await settle();
    expect(lab.log).toEqual(["failing", "changes to 5", "read"]);
  });

  it("that is refused for now is made again when the API said", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.reject(new ApiProblem(429, {}, 20 * second));
    lab.sync.readOn();
    await settle();
    lab.sync.wake();
    await wait(20 * second - 1);
    expect(lab.reads).toHaveLength(1);
    await wait(5 * second + 1);
    expect(lab.reads).toHaveLength(2);
  });

  it("that is refused for good is the last", async () => {
    const lab = await Lab.at(4);
    lab.answer = () => Promise.reject(new ApiProblem(404, { title: "There is no such room." }));
    lab.sync.readOn();
    lab.sync.readOn();
    await wait(3600 * second);
    expect(lab.log).toEqual(["stopped: There is no such room."]);
    expect(lab.reads).toHaveLength(1);
  });

  it("that others are asked for meanwhile is followed by one", async () => {
    const lab = await Lab.at(4);
    for (let number = 0; number < 5; number++) lab.sync.readOn();
    await settle();
    expect(lab.reads).toHaveLength(2);
  });
});

describe("A look", () => {
  it("is made a minute after the last sign of the room, whatever event was lost", async () => {
    const lab = await Lab.at(4);
    await wait(lookInterval / 2);
    lab.sync.take(said(5));
    await wait(lookInterval - 1);
    expect(lab.reads).toEqual([]);
    await wait(1);
    expect(lab.reads).toEqual([5]);
  });

  it("is made each minute in a private room, whose topic may be another one, and less often in a public one that is quiet", async () => {
    const [privateLab, publicLab] = [await Lab.at(4, "private"), await Lab.at(4)];
    await wait(20 * lookInterval);
    expect(privateLab.reads).toHaveLength(20);
    expect(publicLab.reads).toHaveLength(12);
  });

  it("waits until somebody sees the page", async () => {
    const lab = await Lab.at(4);
    const visibility = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await wait(10 * lookInterval);
    lab.sync.wake();
    expect(lab.reads).toEqual([]);
    visibility.mockReturnValue("visible");
    lab.sync.wake();
    await settle();
    expect(lab.reads).toEqual([4]);
    visibility.mockRestore();
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
    expect(lab.log).toEqual([]);
    expect(lab.reads).toEqual([4]);
  });
});

describe("What is published", () => {
  it("is taken where it is an event that this page knows", () => {
    for (const event of [said(1), long(2), synced(3)]) expect(decodeEvent(JSON.stringify(event))).toEqual(event);
  });

  it.each(["", "no JSON", "null", "7", "[]", '{"v":2,"type":"message"}', '{"v":1,"type":"typing"}', null])("is left alone where it is %j", (text) => {
    expect(decodeEvent(text)).toBeNull();
  });
});
