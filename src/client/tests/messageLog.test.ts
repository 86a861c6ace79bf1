import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MessageLog } from "../src/room/messageLog.ts";
import type { ReactionsEvent } from "../src/api/roomEvent.ts";
import { message, page } from "./support.ts";

function begun(count: number, before?: number, maxMessages = 100): MessageLog {
  const log = new MessageLog(() => "alice", maxMessages);
  const first = before ?? 1;
  const messages = Array.from({ length: count }, (_, place) => message(first + place));
  log.begin(page(count, messages.reverse(), before === undefined ? {} : { before }), 0, false);
  return log;
}

const numbers = (log: MessageLog) => log.messages.map(({ number }) => number);
const news = (log: MessageLog) => log.takeNews().map(({ number }) => number);
const texts = (log: MessageLog) => log.messages.map(({ text }) => text);

describe("The log", () => {
  it("has each message once, by number, in its greatest version, in whatever order they come", () => {
    const log = begun(2);
    log.merge(message(4), null);
    log.merge(message(1, { version: 3, text: "newest" }), null);
    log.merge(message(1, { version: 2, text: "older" }), null);
    log.merge(message(3), null);
    log.merge(message(4), null);
    assert.deepEqual(texts(log), ["newest", "text 2", "text 3", "text 4"]);
  });

  it("tells what is news: new, from somebody else, and with a text; each once and in order", () => {
    const log = begun(2);
    log.merge(message(5), null);
    log.merge(message(1, { version: 2 }), null);
    assert.deepEqual(news(log), []);
    log.merge(message(4, { sender: { id: "alice", name: "Alice" } }), null);
    log.merge(message(3), null);
    assert.deepEqual(news(log), [3, 5]);
    log.merge(message(3, { version: 2 }), null);
    const { text: _, ...deleted } = message(6);
    log.merge(deleted, null);
    log.merge(message(7), null);
    assert.deepEqual(news(log), [7]);
  });

  it("holds so many at most, the newest, and tells from where older ones are read", () => {
    const log = begun(3, undefined, 5);
    for (let number = 4; number <= 10_000; number++) log.merge(message(number), null);
    assert.deepEqual(numbers(log), [9996, 9997, 9998, 9999, 10_000]);
    log.merge(message(9990, { version: 2 }), null);
    assert.equal(log.messages.length, 5);
    assert.equal(log.olderThan, null);
  });

  it("grows by older pages that join on, and by no other", () => {
    const log = begun(2, 5);
    assert.equal(log.olderThan, 5);
    log.prepend(page(9, [message(2), message(1)]), 0);
    assert.deepEqual(numbers(log), [5, 6]);
    log.prepend(page(9, [message(4), message(3)], { before: 3 }), 0);
    assert.deepEqual(numbers(log), [3, 4, 5, 6]);
    assert.equal(log.olderThan, 3);
  });

  it("begins anew without telling what was told", () => {
    const log = begun(3);
    log.begin(page(9, [message(9), message(8)], { before: 8 }), 0, false);
    assert.deepEqual(numbers(log), [8, 9]);
    assert.deepEqual(news(log), [8, 9]);
    log.begin(page(9, [message(9), message(8)], { before: 8 }), 0, false);
    assert.deepEqual(news(log), []);
  });

  it("begins with another room as with the first", () => {
    const log = begun(3);
    log.begin(page(1, [message(1, { id: "1-other123", text: "other" })]), 0, true);
    assert.deepEqual(texts(log), ["other"]);
    assert.deepEqual(news(log), []);
    log.merge(message(2, { id: "2-other123" }), null);
    assert.deepEqual(news(log), [2]);
  });

  it("gives own messages the key under which they were sent, and those of nobody else", () => {
    const log = begun(0);
    log.merge(message(1, { sender: { id: "alice", name: "Alice" }, clientId: "same" }), null);
    log.merge(message(2, { clientId: "same" }), null);
    assert.deepEqual(log.messages.map(({ key, isOwn }) => [key, isOwn]), [["same", true], ["bob/same", false]]);
  });
});

describe("Reactions", () => {
  const heart = (version: number, count: number): ReactionsEvent =>
    ({ v: 1, type: "reactions", chatId: "general", id: "1-abcdefgh", version, items: count === 0 ? [] : [{ emoji: "❤️", count }] });
  const shown = (log: MessageLog) => log.messages[0]!.reactions;

  it("are those of the highest version, and stay where the message is edited", () => {
    const log = begun(1);
    assert.ok(log.react(heart(2, 2)));
    assert.ok(!log.react(heart(1, 1)));
    log.merge(message(1, { version: 2 }), null);
    assert.deepEqual(shown(log), [{ emoji: "❤️", count: 2 }]);
  });

  it("of a page count where nothing was heard since it was asked for", () => {
    const log = begun(1);
    const asked = log.now;
    log.react(heart(2, 2));
    log.merge(message(1), asked);
    assert.deepEqual(shown(log), [{ emoji: "❤️", count: 2 }]);
    log.merge(message(1), log.now);
    assert.deepEqual(shown(log), []);
    log.merge(message(1, { reactions: { version: 3, items: [{ emoji: "❤️", count: 1, mine: true }] } }), log.now);
    assert.deepEqual(shown(log), [{ emoji: "❤️", count: 1, mine: true }]);
  });

  it("of the user's own show at once, stay theirs, and are taken back where they fail", () => {
    const log = begun(1);
    const undo = log.reactOwn("1-abcdefgh", "❤️", true);
    assert.deepEqual(shown(log), [{ emoji: "❤️", count: 1, mine: true }]);
    undo();
    assert.deepEqual(shown(log), []);

    // Not fully qualified.
    log.reactOwn("1-abcdefgh", "❤", true);
    log.react(heart(1, 3));
    log.confirmOwn("1-abcdefgh", "❤", true);
    assert.deepEqual(shown(log), [{ emoji: "❤️", count: 3, mine: true }]);
    log.reactOwn("1-abcdefgh", "❤️", false);
    assert.deepEqual(shown(log), [{ emoji: "❤️", count: 2 }]);
  });

  it("are none once the message is deleted", () => {
    const log = begun(1);
    log.react(heart(1, 3));
    const { text: _, ...deleted } = message(1, { version: 2 });
    log.merge(deleted, null);
    assert.deepEqual(shown(log), []);
  });
});
