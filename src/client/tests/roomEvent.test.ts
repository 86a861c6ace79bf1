import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeEvent } from "../src/api/roomEvent.ts";
import { message } from "./support.ts";

const said = { v: 1, type: "message", seq: 1, spread: 1, message: message(1) };

describe("What is heard", () => {
  it("is taken where it is an event that this package knows", () => {
    const events = [
      said,
      { v: 1, type: "message", seq: 2, spread: 1, id: "2-abcdefgh", version: 1, fetch: true },
      { v: 1, type: "sync", seq: 3, spread: 1 },
      { v: 1, type: "moved", spread: 1 },
      { v: 1, type: "deleted", spread: 1 },
      { v: 1, type: "reactions", chatId: "general", id: "1-abcdefgh", version: 1, items: [] },
      { v: 1, type: "presence", chatId: "general", came: [], left: ["bob"] },
      { ...said, added: "later" },
    ];
    for (const event of events) assert.deepEqual(decodeEvent(JSON.stringify(event), "general"), event);
  });

  const others = [
    null, "", "no JSON", "null", "7", "[]",
    ...[
      { ...said, v: 2 }, { ...said, type: "hologram" }, { ...said, seq: "1" }, { ...said, message: { ...message(1), chatId: "other" } },
      { ...said, message: null }, { v: 1, type: "sync" }, { v: 1, type: "reactions", chatId: "other", id: "1", version: 1, items: [] },
      { v: 1, type: "presence", chatId: "general", left: "bob" },
    ].map((event) => JSON.stringify(event)),
  ];
  for (const text of others) {
    it(`is left alone where it is ${text}`, () => assert.equal(decodeEvent(text, "general"), null));
  }
});
