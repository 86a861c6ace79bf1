import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Message, MessagePage } from "../src/api/chatApi";
import { maxEntries, MessageLog } from "../src/messages/messageLog";

const alice = { id: "AAAAAAAAAAAAAAAAAAAAAA", name: "Alice" };
const bob = { id: "BBBBBBBBBBBBBBBBBBBBBB", name: "Bob" };
const now = Date.parse("2026-11-24T12:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ now });
});

function message(number: number, text: string, changes: Partial<Message> = {}): Message {
  const sentAt = new Date(now + number).toISOString();
  return { id: `${number}-abcdefgh`, chatId: "general", number, text, sentAt, sender: bob, clientId: `client ${number}`, version: 1, ...changes };
}

function deleted(number: number, version: number): Message {
  const { text: _, ...rest } = message(number, "");
  return { ...rest, version, deletedAt: rest.sentAt };
}

function page(messages: Message[], changes: Partial<MessagePage> = {}): MessagePage {
  return { messages, seq: messages.length, eventsTopicName: "events/1", ...changes };
}

function begun(...messages: Message[]): MessageLog {
  const log = new MessageLog(alice);
  log.begin(page(messages));
  return log;
}

function shown(log: MessageLog): string[] {
  return log.entries.map(({ sender, text, status }) => `${sender.name}: ${text ?? "deleted"} (${status})`);
}

describe("The log", () => {
  it("shows messages by number, in whatever order they come", () => {
    const log = begun(message(3, "three"), message(1, "one"));
    log.merge(message(4, "four"));
    log.merge(message(2, "two"));
    expect(shown(log)).toEqual(["Bob: one (sent)", "Bob: two (sent)", "Bob: three (sent)", "Bob: four (sent)"]);
  });

  it("shows the greatest version of a message once, in its place", () => {
    const log = begun(message(1, "one"), message(2, "two"));
    log.merge(message(1, "one, edited twice", { version: 3 }));
    log.merge(message(1, "one, edited", { version: 2 }));
    log.merge(message(2, "two"));
    expect(shown(log)).toEqual(["Bob: one, edited twice (sent)", "Bob: two (sent)"]);
  });

  it("keeps the place of a message that is deleted", () => {
    const log = begun(message(1, "one"), message(2, "two"));
    log.merge(deleted(1, 2));
    log.merge(message(1, "one"));
    expect(shown(log)).toEqual(["Bob: deleted (sent)", "Bob: two (sent)"]);
  });

  it("shows an own message at once and once, whichever of its event and its answer comes first", () => {
    const log = begun();
    const key = log.addOwn("client 1", "hello");
    expect(shown(log)).toEqual(["Alice: hello (sending)"]);
    expect(log.merge(message(1, "hello", { sender: alice }))).toBeNull();
    log.merge(message(1, "hello", { sender: alice }));
    expect(shown(log)).toEqual(["Alice: hello (sent)"]);
    expect(log.entries[0]!.key).toBe(key);
  });

  it("keeps what is not sent at the end, also when it begins anew", () => {
    const log = begun(message(1, "one"));
    log.markOwn(log.addOwn("mine", "mine"), "failed", "No network.");
    log.merge(message(2, "two"));
    log.begin(page([message(2, "two"), message(3, "three")], { before: 2 }));
    expect(shown(log)).toEqual(["Bob: two (sent)", "Bob: three (sent)", "Alice: mine (failed)"]);
  });

  it("takes a failed message for sent when it turns out to be kept", () => {
    const log = begun();
    const key = log.addOwn("client 1", "mine");
    log.markOwn(key, "failed", "No answer.");
    log.merge(message(1, "mine", { sender: alice }));
    log.markOwn(key, "failed", "No answer.");
    expect(shown(log)).toEqual(["Alice: mine (sent)"]);
    expect(log.entries[0]!.failure).toBeUndefined();
  });

  it("tells two people's messages of one name apart", () => {
    const log = begun(message(1, "one"), message(2, "two", { sender: alice, clientId: "client 1" }));
    expect(log.entries).toHaveLength(2);
  });

  it("shows the newest reactions of a message, whose own stay with events and edits, and none of one that is deleted", () => {
    const items = [{ emoji: "❤️", count: 2, mine: true as const }];
    const told = (version: number, count: number) => log.tellReactions({ v: 1, type: "reactions", chatId: "general", id: "1-abcdefgh", version, items: [{ emoji: "❤️", count }] });
    const log = begun(message(1, "one", { reactions: { version: 2, items } }));
    told(3, 3);
    told(2, 7);
    log.merge(message(1, "edited", { version: 2 }));
    log.mergeAll([message(1, "edited", { version: 2, reactions: { version: 1, items: [] } })]);
    expect(log.entries[0]).toMatchObject({ text: "edited", reactions: { version: 3, items: [{ emoji: "❤️", count: 3 }], own: ["❤️"] } });
    log.mergeAll([message(1, "edited", { version: 2, reactions: { version: 4, items: [{ emoji: "❤️", count: 1 }] } })]);
    expect(log.entries[0]!.reactions).toMatchObject({ version: 4, own: [] });
    log.merge(deleted(1, 3));
    told(5, 1);
    expect(log.entries[0]!.reactions.items).toEqual([]);
  });

  it("leaves out changes of messages older than those it shows", () => {
    const log = new MessageLog(alice);
    log.begin(page([message(51, "fifty-one")], { before: 51 }));
    log.merge(message(7, "seven, edited", { version: 2 }));
    expect(shown(log)).toEqual(["Bob: fifty-one (sent)"]);
  });

  it("begins anew with a page, but keeps what is newer", () => {
    const log = begun(message(1, "one"), message(2, "two"));
    log.merge(message(99, "ninety-nine"));
    log.begin(page([message(97, "ninety-seven"), message(98, "ninety-eight")], { before: 97 }));
    expect(log.entries.map(({ number }) => number)).toEqual([97, 98, 99]);
  });

  it("tells news from history, own messages, changes and repetitions", () => {
    const log = new MessageLog(alice);
    expect(log.begin(page([message(1, "history")]))).toEqual([]);
    expect(log.merge(message(3, "new"))).toMatchObject({ text: "new" });
    expect(log.merge(message(3, "new"))).toBeNull();
    expect(log.merge(message(3, "edited", { version: 2 }))).toBeNull();
    expect(log.merge(message(4, "from another window", { sender: alice }))).toBeNull();
    expect(log.mergeAll([message(6, "six"), message(5, "five")])).toMatchObject([{ text: "five" }, { text: "six" }]);
    expect(log.begin(page([message(6, "six"), message(7, "seven")], { before: 6 }))).toMatchObject([{ text: "seven" }]);
  });

  it("forgets the oldest entries, and does not take them in again", () => {
    const log = begun(message(1, "one"));
    for (let number = 2; number <= maxEntries + 1; number++) log.merge(message(number, `${number}`));
    log.merge(message(1, "one, edited", { version: 2 }));
    expect(log.entries).toHaveLength(maxEntries);
    expect(shown(log)[0]).toBe("Bob: 2 (sent)");
  });
});
