import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Feed } from "../src/live/feed.ts";
import { LiveValue } from "../src/live/live.ts";

describe("A live value", () => {
  it("is told now and with each change, until it is not listened to", () => {
    const live = new LiveValue(1);
    const told: number[] = [];
    const unsubscribe = live.subscribe((value) => told.push(value));
    live.set(2);
    live.set(2);
    unsubscribe();
    live.set(3);
    assert.deepEqual([told, live.value], [[1, 2], 3]);
  });

  it("can be iterated over: the newest each time, until it ends", async () => {
    const live = new LiveValue(1);
    const seen: number[] = [];
    for await (const value of live) {
      seen.push(value);
      if (value === 1) [2, 3].forEach((next) => live.set(next));
      if (value === 3) setTimeout(() => live.set(4));
      if (value === 4) live.end();
    }
    assert.deepEqual(seen, [1, 3, 4]);
  });
});

describe("A feed", () => {
  it("can be iterated over: each in order, until it ends", async () => {
    const feed = new Feed<number>();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const each of feed) seen.push(each);
    })();
    for (const each of [1, 2, 3]) feed.emit(each);
    await new Promise((resolve) => setTimeout(resolve));
    feed.emit(4);
    await new Promise((resolve) => setTimeout(resolve));
    feed.end();
    await reading;
    assert.deepEqual(seen, [1, 2, 3, 4]);
  });
});
