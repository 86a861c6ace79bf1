import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Person, PresenceEvent } from "../src/api/chatApi";
import { ApiProblem, ApiUnreachable } from "../src/api/problem";
import { RoomPeople } from "../src/people/roomPeople";

const second = 1000;
const [alice, bob, carol] = ["Alice", "Bob", "Carol"].map((name) => ({ id: name[0]!.repeat(22), name })) as [Person, Person, Person];
const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const told = (what: Partial<PresenceEvent>): PresenceEvent => ({ v: 1, type: "presence", chatId: "general", ...what });

/** Alice in a room, whose API the test holds. */
class Lab {
  readonly calls: string[] = [];
  people: Person[] = [alice];
  age = 0;
  isMore = false;
  failure: Error | null = null;
  readonly room = new RoomPeople(
    {
      renewPresence: async (_, __, typing) => {
        this.calls.push(typing ? "type" : "renew");
        if (this.failure) throw this.failure;
        return { people: this.people, count: this.people.length, isMore: this.isMore, age: this.age, seq: 0, eventsTopicName: "events/1" };
      },
      endPresence: async () => void this.calls.push("end"),
    },
    { chatId: "general" },
    alice.id,
  );

  static async entered(): Promise<Lab> {
    const lab = new Lab();
    lab.room.enter();
    await wait(0);
    return lab;
  }

  get names(): string {
    return `${this.room.count.value}: ${this.room.here.value.map(({ name }) => name).join(" ")}`;
  }

  get typists(): string {
    return this.room.typing.value.map(({ name }) => name).join(" ");
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("The user", () => {
  it("is here from entering to leaving: it is said at once, after ten seconds, and each minute", async () => {
    const lab = await Lab.entered();
    lab.room.enter();
    expect(lab.calls).toEqual(["renew"]);
    await wait(11 * second);
    expect(lab.calls).toHaveLength(2);
    await wait(120 * second);
    expect(lab.calls).toHaveLength(4);
    lab.room.leave();
    lab.room.leave();
    lab.room.type();
    await wait(600 * second);
    expect(lab.calls.slice(4)).toEqual(["end"]);
  });

  it("types at most once in three seconds, and again at once after a message", async () => {
    const lab = await Lab.entered();
    lab.room.type();
    await wait(2 * second);
    lab.room.type();
    expect(lab.calls).toEqual(["renew", "type"]);
    await wait(1 * second);
    lab.room.type();
    lab.room.typed();
    lab.room.type();
    expect(lab.calls).toEqual(["renew", "type", "type", "type"]);
  });

  it("is said to be here again after a failure, and not where it is kept nowhere who is here", async () => {
    const lab = new Lab();
    lab.failure = new ApiUnreachable(null);
    lab.room.enter();
    await wait(61 * second);
    expect(lab.calls).toEqual(["renew", "renew"]);
    lab.failure = new ApiProblem(404, { type: "urn:chatfunctions:presence-off" });
    await wait(60 * second);
    lab.room.enter();
    lab.room.type();
    await wait(600 * second);
    expect(lab.calls).toHaveLength(3);
    expect(lab.names).toBe(": ");
  });
});

describe("Who is here", () => {
  it("is what the last answer and the events since have told", async () => {
    const lab = await Lab.entered();
    lab.room.take(told({ came: [carol] }));
    lab.room.take(told({ came: [bob] }));
    expect(lab.names).toBe("3: Alice Bob Carol");
    lab.room.take(told({ left: [carol.id] }));
    expect(lab.names).toBe("2: Alice Bob");
    lab.people = [alice];
    await wait(11 * second);
    expect(lab.names).toBe("1: Alice");
  });

  it("is by an event what an answer from before it does not know yet", async () => {
    const lab = await Lab.entered();
    await wait(5 * second);
    lab.room.take(told({ came: [bob], left: [carol.id] }));
    [lab.people, lab.age] = [[alice, carol], 8];
    await wait(6 * second);
    expect(lab.names).toBe("2: Alice Bob");
    await wait(60 * second);
    expect(lab.names).toBe("2: Alice Carol");
  });

  it("are more than are counted", async () => {
    const lab = new Lab();
    lab.isMore = true;
    lab.room.enter();
    await wait(0);
    expect(lab.names).toBe("1+: Alice");
  });
});

describe("Who types", () => {
  it("does so for five seconds from the last time it was told, until a message, or until they leave; never the user", async () => {
    const lab = await Lab.entered();
    lab.room.take(told({ typing: [alice, bob, carol] }));
    expect(lab.typists).toBe("Bob Carol");
    await wait(3 * second);
    lab.room.take(told({ typing: [bob] }));
    await wait(3 * second);
    expect(lab.typists).toBe("Bob");
    lab.room.stopTyping(bob.id);
    expect(lab.typists).toBe("");
    lab.room.take(told({ typing: [carol] }));
    lab.room.take(told({ left: [carol.id] }));
    expect(lab.typists).toBe("");
  });
});
