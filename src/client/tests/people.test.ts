import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { ApiProblem, ApiUnreachable } from "../src/api/problem.ts";
import type { PresenceAnswer } from "../src/api/types.ts";
import { defaultLimits } from "../src/limits.ts";
import { RoomPeople, typingPause, typingShown, type PresenceSwitch } from "../src/people/people.ts";
import { second, settle, useClock, wait } from "./support.ts";

const [alice, bob, carol] = ["alice", "bob", "carol"].map((id) => ({ id, name: id })) as [User, User, User];
type User = { id: string; name: string };

const hereAre = () => Promise.resolve({ people: [alice, bob], count: 2, isMore: false, age: 0, seq: 7, eventsTopicName: "events/1" });

class Lab {
  readonly calls: string[] = [];
  readonly stands: number[] = [];
  readonly people: RoomPeople;

  constructor(public answer: () => Promise<PresenceAnswer> = hereAre, presence: PresenceSwitch = { isOff: false }) {
    const api = {
      enter: (isTyping: boolean) => {
        this.calls.push(isTyping ? "typing" : "enter");
        return this.answer();
      },
      leave: () => {
        this.calls.push("leave");
        return Promise.resolve();
      },
    };
    this.people = new RoomPeople(api, presence, () => "alice", defaultLimits, { answered: ({ seq }) => this.stands.push(seq) });
    this.people.start();
  }

  get here(): string[] {
    return this.people.state.value.people.map(({ id }) => id);
  }

  get typing(): string[] {
    return this.people.state.value.typing.map(({ id }) => id);
  }
}

const event = (changes: object) => ({ v: 1, type: "presence", chatId: "general", ...changes }) as const;

beforeEach(useClock);
afterEach(() => mock.timers.reset());

describe("People", () => {
  it("are those of the answer, and who came and left since; a second answer and one each minute mend what was missed", async () => {
    const lab = new Lab();
    await settle();
    assert.deepEqual(lab.here, ["alice", "bob"]);
    lab.people.take(event({ came: [carol, bob], left: ["nobody"] }));
    lab.people.take(event({ left: ["bob"] }));
    assert.deepEqual(lab.here, ["alice", "carol"]);
    assert.equal(lab.people.state.value.count, 2);
    await wait(11 * second);
    assert.deepEqual(lab.here, ["alice", "bob"]);
    assert.deepEqual(lab.calls, ["enter", "enter"]);
    await wait(defaultLimits.presence);
    assert.deepEqual(lab.calls, ["enter", "enter", "enter"]);
    assert.deepEqual(lab.stands, [7, 7, 7]);
  });

  it("are those of events where the answer was read before them", async () => {
    const lab = new Lab();
    await settle();
    lab.answer = async () => ({ ...(await hereAre()), age: 8 });
    await wait(4 * second);
    lab.people.take(event({ came: [carol], left: ["bob"] }));
    await wait(7 * second);
    assert.deepEqual(lab.calls, ["enter", "enter"]);
    assert.deepEqual(lab.here, ["alice", "carol"]);
    await wait(defaultLimits.presence);
    assert.deepEqual(lab.here, ["alice", "bob"]);
  });

  it("are not asked for where presence is off, by any room", async () => {
    for (const problem of [new ApiProblem(404, { type: "urn:chatfunctions:presence-off" }), new ApiProblem(404, {})]) {
      const presence = { isOff: false };
      const lab = new Lab(() => Promise.reject(problem), presence);
      await wait(600 * second);
      assert.deepEqual(lab.calls, ["enter"]);
      assert.equal(lab.people.state.value.isKnown, false);
      const other = new Lab(hereAre, presence);
      other.people.typed();
      other.people.stop();
      await wait(600 * second);
      assert.deepEqual(other.calls, []);
    }
  });

  it("of a room that is not found are not asked for again, and those of other rooms are", async () => {
    const presence = { isOff: false };
    const lab = new Lab(() => Promise.reject(new ApiProblem(404, { type: "urn:chatfunctions:room-not-found" })), presence);
    await wait(600 * second);
    assert.deepEqual([lab.calls, presence.isOff], [["enter"], false]);
  });

  it("are asked for again after an outage", async () => {
    const lab = new Lab(() => Promise.reject(new ApiUnreachable(null)));
    await wait(5 * second);
    lab.answer = hereAre;
    await wait(15 * second);
    assert.deepEqual(lab.here, ["alice", "bob"]);
  });

  it("do not count the user while nobody sees the page", async () => {
    const page = { visibilityState: "visible" };
    Object.assign(globalThis, { document: page });
    const lab = new Lab();
    await settle();
    await wait(11 * second);
    page.visibilityState = "hidden";
    await wait(600 * second);
    assert.deepEqual(lab.calls, ["enter", "enter"]);
    page.visibilityState = "visible";
    lab.people.wake();
    await settle();
    assert.deepEqual(lab.calls, ["enter", "enter", "enter"]);
    Reflect.deleteProperty(globalThis, "document");
  });

  it("do not count the user who has gone", async () => {
    const lab = new Lab();
    await settle();
    lab.people.stop();
    lab.people.take(event({ came: [carol] }));
    await wait(600 * second);
    assert.deepEqual(lab.calls, ["enter", "leave"]);
    assert.deepEqual(lab.here, []);
  });
});

describe("Who types", () => {
  it("is shown for five seconds, or until they have said it, and is never the user", async () => {
    const lab = new Lab();
    await settle();
    lab.people.take(event({ typing: [alice, bob, carol] }));
    assert.deepEqual(lab.typing, ["bob", "carol"]);
    lab.people.said("bob");
    assert.deepEqual(lab.typing, ["carol"]);
    await wait(typingShown - second);
    lab.people.take(event({ typing: [carol] }));
    await wait(typingShown - second);
    assert.deepEqual(lab.typing, ["carol"]);
    await wait(second);
    assert.deepEqual(lab.typing, []);
  });

  it("says so every three seconds at most", async () => {
    const lab = new Lab();
    await settle();
    for (let key = 0; key < 10; key++) {
      lab.people.typed();
      await wait(typingPause / 5);
    }
    assert.deepEqual(lab.calls, ["enter", "typing", "typing"]);
  });

  it("and may not write, is here all the same", async () => {
    const lab = new Lab();
    await settle();
    lab.answer = () => Promise.reject(new ApiProblem(403, { type: "urn:chatfunctions:banned" }));
    lab.people.typed();
    await settle();
    lab.answer = hereAre;
    await wait(defaultLimits.presence);
    assert.deepEqual(lab.calls, ["enter", "typing", "enter"]);
    assert.deepEqual(lab.here, ["alice", "bob"]);
  });
});
