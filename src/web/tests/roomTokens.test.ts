import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Room, Token } from "../src/api/chatApi";
import { ApiProblem } from "../src/api/problem";
import { RoomTokens, topicOf } from "../src/momento/roomTokens";

const publicRoom = { chatId: "general", visibility: "public" } as Room;
const otherPublicRoom = { chatId: "random", visibility: "public" } as Room;
const privateRoom = { chatId: "P1", visibility: "private" } as Room;

let asked: string[];
let tokens: RoomTokens;
let secondsLeft: number;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-24T12:00:00Z") });
  asked = [];
  secondsLeft = 600;
  tokens = new RoomTokens(async (chatId): Promise<Token> => {
    asked.push(chatId);
    return { token: `token ${asked.length}`, endpoint: "", cacheName: "chat", expiresAt: new Date(Date.now() + secondsLeft * 1000).toISOString() };
  });
});

describe("Tokens for rooms", () => {
  it("are one for each room", async () => {
    for (const room of [publicRoom, otherPublicRoom, privateRoom, publicRoom]) await tokens.get(room);
    expect(asked).toEqual(["general", "random", "P1"]);
  });

  it("are fetched once by all who ask at the same time", async () => {
    await Promise.all([tokens.get(publicRoom), tokens.get(publicRoom)]);
    expect(asked).toHaveLength(1);
  });

  it("are renewed when a third to a quarter of their time is left: the API gives the same one until half of it is", async () => {
    await tokens.get(publicRoom);
    vi.advanceTimersByTime(399_000);
    await tokens.get(publicRoom);
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(52_000);
    await tokens.get(publicRoom);
    expect(asked).toHaveLength(2);
  });

  it("are fetched again when Momento does not accept them", async () => {
    tokens.discard(await tokens.get(publicRoom));
    expect((await tokens.get(publicRoom)).token).toBe("token 2");
  });

  it("are not fetched over and over by a clock that is ahead", async () => {
    secondsLeft = -3600;
    await tokens.get(publicRoom);
    vi.advanceTimersByTime(39_000);
    await tokens.get(publicRoom);
    expect(asked).toHaveLength(1);
  });

  it("are not asked for before the API said, whoever wants one", async () => {
    const fetch = vi.fn().mockRejectedValueOnce(new ApiProblem(429, {}, 5000)).mockResolvedValue({ token: "t", expiresAt: "" });
    const busy = new RoomTokens(fetch);
    await expect(busy.get(publicRoom)).rejects.toThrow("429");
    vi.advanceTimersByTime(4999);
    await expect(busy.get(privateRoom)).rejects.toThrow("429");
    expect(fetch).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    await expect(busy.get(publicRoom)).resolves.toMatchObject({ token: "t" });
  });

  it("are asked for again after a failure", async () => {
    const failing = new RoomTokens(vi.fn().mockRejectedValueOnce(new Error("503")).mockResolvedValueOnce({ token: "t", expiresAt: "" }));
    await expect(failing.get(publicRoom)).rejects.toThrow("503");
    await expect(failing.get(publicRoom)).resolves.toMatchObject({ token: "t" });
  });
});

describe("The topic of a room", () => {
  const token = { token: "t", endpoint: "", cacheName: "chat", expiresAt: "" };
  const room = { ...privateRoom, eventsTopicName: "events/private/P1/epoch 1" };
  const names = { topicName: "private/P1/epoch 2", eventsTopicName: "events/private/P1/epoch 2" };

  it("is the one that its latest token names", () => {
    expect(topicOf(room, { ...token, rooms: [{ chatId: "P1", ...names }] })).toBe("events/private/P1/epoch 2");
  });

  it("is the room's own where the token names no rooms, or others", () => {
    expect(topicOf(room, token)).toBe("events/private/P1/epoch 1");
    expect(topicOf(room, { ...token, rooms: [{ chatId: "P2", ...names }] })).toBe("events/private/P1/epoch 1");
  });
});
