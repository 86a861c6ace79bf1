import assert from "node:assert/strict";
import { mock } from "node:test";
import type { Message, MessagePage } from "../src/api/types.ts";

export const second = 1000;

/** Lets all that is due do its work, and what follows from that. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** Moves the clock that {@link useClock} has set. */
export async function wait(milliseconds: number): Promise<void> {
  await settle();
  // Step by step: what is due sets timers that are due within the time.
  const step = Math.max(100, milliseconds / 200);
  for (let passed = 0; passed < milliseconds; passed += step) {
    mock.timers.tick(Math.min(step, milliseconds - passed));
    await settle();
  }
}

export function useClock(): void {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.parse("2026-11-24T12:00:00Z") });
}

export function message(number: number, changes: Partial<Message> = {}): Message {
  return {
    id: `${number}-abcdefgh`,
    chatId: "general",
    number,
    text: `text ${number}`,
    sentAt: "2026-11-24T11:00:00Z",
    sender: { id: "bob", name: "Bob" },
    clientId: `client id ${number}`,
    version: 1,
    ...changes,
  };
}

export function page(seq: number, messages: Message[] = [], changes: Partial<MessagePage> = {}): MessagePage {
  return { messages, seq, eventsTopicName: "events/1", ...changes };
}

/** The actual has what is expected, and may have more. */
export function assertHas<T extends object>(actual: T, expected: Partial<T>): void {
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, actual[name as keyof T]])), expected);
}
