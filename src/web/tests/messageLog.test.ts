import { beforeEach, describe, expect, it, vi } from "vitest";
import type { TopicMessage } from "../src/momento/topicStream";
import { maxEntries, MessageLog, type LogEntry } from "../src/messages/messageLog";

const alice = { id: "AAAAAAAAAAAAAAAAAAAAAA", name: "Alice" };
const bob = "BBBBBBBBBBBBBBBBBBBBBB.Bob";
const now = Date.parse("2026-11-24T12:00:00Z");
let sequence = 0;

beforeEach(() => {
  vi.useFakeTimers({ now });
  sequence = 0;
});

function published(publisherId: string, body: unknown): TopicMessage {
  return { page: 1, sequence: ++sequence, publisherId, text: typeof body === "string" ? body : JSON.stringify(body) };
}

function body(text: string, clientId = text, sentAt = new Date(now).toISOString()) {
  return { text, sentAt, clientId };
}

function shown(log: MessageLog): string[] {
  return log.entries.map((entry: LogEntry) => (entry.kind === "text" ? `${entry.sender.name}: ${entry.text} (${entry.status})` : entry.kind));
}

describe("The log", () => {
  it("names the sender whom Momento vouches for, whatever the body says", () => {
    const log = new MessageLog(alice);
    log.receive(published(bob, { ...body("hello"), sender: "Alice", tokenId: "x.Alice" }));
    expect(shown(log)).toEqual(["Bob: hello (sent)"]);
  });

  it("shows an own message at once and once, whichever of its echo and its answer comes first", () => {
    for (const answersFirst of [true, false]) {
      const log = new MessageLog(alice);
      const message = body("hello");
      const key = log.addOwn(message);
      expect(shown(log)).toEqual(["Alice: hello (sending)"]);
      if (answersFirst) log.markOwn(key, "sent");
      expect(log.receive(published(`${alice.id}.Alice`, message))).toBeNull();
      if (!answersFirst) log.markOwn(key, "sent");
      expect(shown(log)).toEqual(["Alice: hello (sent)"]);
    }
  });

  it("orders own messages among the others' as Momento does", () => {
    const log = new MessageLog(alice);
    const mine = body("mine");
    log.markOwn(log.addOwn(mine), "sent");
    log.receive(published(bob, body("his")));
    log.receive(published(`${alice.id}.Alice`, mine));
    expect(shown(log)).toEqual(["Bob: his (sent)", "Alice: mine (sent)"]);
  });

  it("keeps what is not sent at the end", () => {
    const log = new MessageLog(alice);
    log.markOwn(log.addOwn(body("mine")), "failed", "No network.");
    log.receive(published(bob, body("his")));
    expect(shown(log)).toEqual(["Bob: his (sent)", "Alice: mine (failed)"]);
  });

  it("takes a failed message for sent when it comes back after all", () => {
    const log = new MessageLog(alice);
    const key = log.addOwn(body("mine"));
    log.markOwn(key, "failed", "No answer.");
    log.receive(published(`${alice.id}.Alice`, body("mine")));
    log.markOwn(key, "failed", "No answer.");
    expect(shown(log)).toEqual(["Alice: mine (sent)"]);
  });

  it("shows a message once that its sender has published twice, but not that of another under the same id", () => {
    const log = new MessageLog(alice);
    log.receive(published(bob, body("hello", "1")));
    log.receive(published(bob, body("hello", "1")));
    log.receive(published("CCCCCCCCCCCCCCCCCCCCCC.Carol", body("hello, too", "1")));
    expect(shown(log)).toEqual(["Bob: hello (sent)", "Carol: hello, too (sent)"]);
  });

  it.each(["", "no JSON", "null", "7", '{"text":"no more"}', '{"text":{},"sentAt":"","clientId":""}'])("says of %j that it cannot be read", (text) => {
    const log = new MessageLog(alice);
    log.receive(published(bob, text));
    expect(shown(log)).toEqual(["unreadable"]);
  });

  it("says of bytes that they cannot be read, and knows no name of a sender who has none", () => {
    const log = new MessageLog(alice);
    log.receive({ ...published("", ""), text: null });
    expect(log.entries).toMatchObject([{ kind: "unreadable", sender: { name: "" } }]);
  });

  it("believes a sender's clock only between the message before and now", () => {
    const log = new MessageLog(alice);
    const times = ["2026-11-24T11:00:00Z", "2026-11-24T10:00:00Z", "2100-01-01T00:00:00Z", "yesterday"];
    times.forEach((sentAt, index) => log.receive(published(bob, body(`${index}`, `${index}`, sentAt))));
    const eleven = Date.parse("2026-11-24T11:00:00Z");
    expect(log.entries.map(({ time }) => time)).toEqual([eleven, eleven, now, now]);
  });

  it("tells news from echoes and repetitions", () => {
    const log = new MessageLog(alice);
    expect(log.receive(published(bob, body("new")))).toMatchObject({ text: "new" });
    expect(log.receive(published(bob, body("new")))).toBeNull();
    expect(log.receive(published(`${alice.id}.Alice`, body("from another window")))).toBeNull();
    expect(shown(log)).toEqual(["Bob: new (sent)", "Alice: from another window (sent)"]);
  });

  it("marks a gap once, not twice in a row", () => {
    const log = new MessageLog(alice);
    log.addGap();
    log.addGap();
    log.receive(published(bob, body("hello")));
    log.addGap();
    expect(shown(log)).toEqual(["gap", "Bob: hello (sent)", "gap"]);
  });

  it("forgets the oldest entries", () => {
    const log = new MessageLog(alice);
    for (let number = 0; number <= maxEntries; number++) log.receive(published(bob, body(`${number}`)));
    expect(log.entries).toHaveLength(maxEntries);
    expect(shown(log)[0]).toBe("Bob: 1 (sent)");
  });
});
