import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message, MessagePage, Room } from "../src/api/chatApi";
import { ApiProblem, ApiUnreachable } from "../src/api/problem";
import { Conversation } from "../src/messages/conversation";
import type { RoomToken } from "../src/momento/roomTokens";
import type { StreamEvents } from "../src/momento/topicStream";

const alice = { id: "AAAAAAAAAAAAAAAAAAAAAA", name: "Alice" };
const room = { chatId: "P1", visibility: "private", eventsTopicName: "events/1" } as Room;
const settle = () => vi.advanceTimersByTimeAsync(0);

/** A conversation, of which the test holds Momento's end and the API's. */
class Lab {
  readonly streams: (StreamEvents & { readonly topic: string })[] = [];
  readonly sent: string[] = [];
  readonly kept: Message[] = [];
  tokensAsked = 0;
  topicOfTokens = "events/1";
  topicOfPages = "events/1";
  loseAnswers = false;
  refusal: ApiProblem | null = null;
  readonly conversation: Conversation;

  constructor() {
    let token: RoomToken | null = null;
    this.conversation = new Conversation(room, alice, {
      api: {
        listMessages: async (_, after): Promise<MessagePage> => ({ messages: this.kept.slice(after ?? 0), seq: this.kept.length, eventsTopicName: this.topicOfPages }),
        renewPresence: async () => ({ people: [alice], count: 1, isMore: false, age: 0, seq: 0, eventsTopicName: "events/1" }),
        endPresence: async () => {},
        getMessage: async (_, id) => this.kept.find((message) => message.id === id)!,
        sendMessage: async (_, text, clientId) => {
          this.sent.push(clientId);
          if (this.refusal) throw this.refusal;
          const message = this.kept.find((each) => each.clientId === clientId) ?? this.keep(text, clientId);
          if (this.loseAnswers) throw new ApiUnreachable(null);
          return message;
        },
      },
      open: (_, topic, __, events) => {
        this.streams.push({ ...events, topic });
        return { cancel: () => {} };
      },
      tokens: {
        get: async () => {
          if (token) return token;
          this.tokensAsked++;
          const rooms = [{ chatId: "P1", topicName: "direct", eventsTopicName: this.topicOfTokens }];
          return (token = { token: "", endpoint: "", cacheName: "chat", expiresAt: "", renewAt: Date.now() + 600_000, rooms });
        },
        discard: () => (token = null),
      },
    });
  }

  get texts(): string[] {
    return this.conversation.log.entries.map(({ text, status }) => `${text} (${status})`);
  }

  keep(text: string, clientId: string, sender = alice): Message {
    const number = this.kept.length + 1;
    const message = { id: `${number}-abcdefgh`, chatId: "P1", number, text, sentAt: "2026-11-24T12:00:00Z", sender, clientId, version: 1 };
    this.kept.push(message);
    return message;
  }

  async open(): Promise<void> {
    await settle();
    this.streams.at(-1)!.alive();
    await settle();
  }
}

beforeEach(() => vi.useFakeTimers({ now: Date.parse("2026-11-24T12:00:00Z") }));
afterEach(() => vi.useRealTimers());

describe("A conversation", () => {
  it("shows what was said before once its stream is open, and is live then", async () => {
    const lab = new Lab();
    lab.keep("before", "1");
    lab.conversation.enter();
    await settle();
    expect(lab.texts).toEqual([]);
    expect(lab.conversation.state.value.kind).toBe("connecting");
    await lab.open();
    expect(lab.texts).toEqual(["before (sent)"]);
    expect(lab.conversation.state.value.kind).toBe("live");
  });

  it("goes on from where the user has left the room", async () => {
    const lab = new Lab();
    lab.conversation.enter();
    await lab.open();
    lab.conversation.leave();
    lab.keep("meanwhile", "1", { id: "b", name: "Bob" });
    const news = vi.fn();
    lab.conversation.onNews = news;
    lab.conversation.enter();
    await lab.open();
    expect(lab.texts).toEqual(["meanwhile (sent)"]);
    expect(news).toHaveBeenCalledTimes(1);
  });

  it("sends a message again under the name that it had, and shows it once", async () => {
    const lab = new Lab();
    lab.conversation.enter();
    await lab.open();
    lab.loseAnswers = true;
    await lab.conversation.send("hello");
    expect(lab.texts).toEqual(["hello (failed)"]);
    lab.loseAnswers = false;
    await lab.conversation.retry(lab.conversation.log.entries[0]!.key);
    expect(lab.texts).toEqual(["hello (sent)"]);
    expect(lab.kept).toHaveLength(1);
    expect(new Set(lab.sent).size).toBe(1);
  });

  it.each([
    [422, { title: "The message is not accepted.", detail: "Please ask kindly." }, "The message is not accepted. Please ask kindly."],
    [403, { title: "You may read here, but not write.", reason: "Shouting" }, "You may read here, but not write. Shouting"],
    [403, { title: "You may read here, but not write.", until: "2026-11-30T12:00:00Z" }, /^You may read here, but not write. This ends .*2026.*\.$/],
    [429, { title: "Not so fast." }, "Not so fast."],
  ])("says of a message why the API refuses it with %i", async (status, details, words) => {
    const lab = new Lab();
    lab.refusal = new ApiProblem(status, details);
    await lab.conversation.send("hello");
    expect(lab.texts).toEqual(["hello (failed)"]);
    expect(lab.conversation.log.entries[0]!.failure).toMatch(words);
  });

  it("moves to the topic that a page names", async () => {
    const lab = new Lab();
    lab.conversation.enter();
    lab.topicOfPages = lab.topicOfTokens = "events/2";
    await lab.open();
    await lab.open();
    expect(lab.streams.map(({ topic }) => topic)).toEqual(["events/1", "events/2"]);
    expect(lab.tokensAsked).toBe(2);
  });

  it("moves on where it learns of the next topic while it moves", async () => {
    const lab = new Lab();
    lab.conversation.enter();
    lab.topicOfPages = lab.topicOfTokens = "events/2";
    await lab.open();
    lab.topicOfPages = lab.topicOfTokens = "events/3";
    for (const sequence of [1, 2]) lab.streams[0]!.jump({ page: 1, sequence });
    await lab.open();
    await lab.open();
    expect(lab.streams.map(({ topic }) => topic)).toEqual(["events/1", "events/2", "events/3"]);
  });

  it("asks for one token only where a page and the tokens do not agree", async () => {
    const lab = new Lab();
    lab.topicOfPages = "events/2";
    lab.conversation.enter();
    for (let number = 0; number < 5; number++) await lab.open();
    expect(lab.tokensAsked).toBe(2);
  });
});
