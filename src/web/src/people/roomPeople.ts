import { shallowRef, type ShallowRef } from "vue";
import type { ChatApi, Person, PresenceEvent, Room, RoomPeople as Answer } from "../api/chatApi";
import { ApiProblem } from "../api/problem";

/** A lease is good for 90 s. In milliseconds, as all times here. */
const renewInterval = 60_000;

/** An answer may be so old: who came to another instance of the API before the stream was open shows in the second one. */
const secondLook = 10_500;

/** So long somebody types who is said to. */
const typingTime = 5_000;

/** The API tells a room no more often. */
const typingInterval = 3_000;

/** Who is in a room and who types there, as the API's answers and events tell; and says so of the user, while the page is to be seen. */
export class RoomPeople {
  /** By name; at most a hundred. */
  readonly here: ShallowRef<readonly Person[]> = shallowRef([]);

  /** Of all, such as `3` or `1000+`; empty where it is not known. */
  readonly count: ShallowRef<string> = shallowRef("");

  /** Without the user. */
  readonly typing: ShallowRef<readonly Person[]> = shallowRef([]);

  readonly #api: Pick<ChatApi, "renewPresence" | "endPresence">;
  readonly #chatId: string;
  readonly #userId: string;
  readonly #session = crypto.randomUUID();

  /** What events have told of people lately, and when: it may be newer than an answer. */
  readonly #heard = new Map<string, { person: Person | null; at: number }>();
  readonly #typists = new Map<string, { person: Person; timer: ReturnType<typeof setTimeout> }>();
  #isMore = false;
  #total = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isIn = false;
  #isOff = false;
  #toldTypingAt = -Infinity;

  constructor(api: Pick<ChatApi, "renewPresence" | "endPresence">, room: Pick<Room, "chatId">, userId: string) {
    this.#api = api;
    this.#chatId = room.chatId;
    this.#userId = userId;
  }

  /** The user is in the room, and to be seen. */
  enter(): void {
    if (this.#isIn || this.#isOff) return;
    this.#isIn = true;
    void this.#renew(false);
    this.#renewIn(secondLook);
  }

  /** The user is somewhere else. */
  leave(): void {
    if (!this.#isIn) return;
    this.#isIn = false;
    clearTimeout(this.#timer);
    // If it is not heard the lease expires.
    this.#api.endPresence(this.#chatId, this.#session).catch(() => {});
  }

  /** The user has changed what they write. */
  type(): void {
    if (!this.#isIn || performance.now() - this.#toldTypingAt < typingInterval) return;
    this.#toldTypingAt = performance.now();
    void this.#renew(true);
  }

  /** The user has sent what they wrote. */
  typed(): void {
    this.#toldTypingAt = -Infinity;
  }

  take(event: PresenceEvent): void {
    for (const person of event.came ?? []) this.#hear(person.id, person);
    for (const id of event.left ?? []) {
      this.#hear(id, null);
      this.stopTyping(id);
    }
    for (const person of event.typing ?? []) if (person.id !== this.#userId) this.#startTyping(person);
  }

  /** Somebody's message ends their typing. */
  stopTyping(userId: string): void {
    clearTimeout(this.#typists.get(userId)?.timer);
    if (this.#typists.delete(userId)) this.#showTyping();
  }

  async #renew(typing: boolean): Promise<void> {
    try {
      this.#take(await this.#api.renewPresence(this.#chatId, this.#session, typing));
    } catch (error) {
      // It is kept nowhere here who is in a room. Whatever else it is, the next renewal tries again.
      if (error instanceof ApiProblem && error.type === "presence-off") this.#turnOff();
    }
  }

  #renewIn(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#renewIn(renewInterval);
      void this.#renew(false);
    }, milliseconds);
  }

  #turnOff(): void {
    this.#isOff = true;
    this.#isIn = false;
    clearTimeout(this.#timer);
  }

  #take(answer: Answer): void {
    const now = performance.now();
    this.here.value = answer.people;
    this.#total = answer.count;
    this.#isMore = answer.isMore;
    for (const [id, { person, at }] of this.#heard) {
      if (now - at > answer.age * 1000) this.#heard.delete(id);
      else this.#change(id, person);
    }
    this.#showCount();
  }

  #hear(id: string, person: Person | null): void {
    this.#heard.set(id, { person, at: performance.now() });
    this.#change(id, person);
    this.#showCount();
  }

  /** @param person Null for who is not here any more. */
  #change(id: string, person: Person | null): void {
    const others = this.here.value.filter((each) => each.id !== id);
    const now = person ? [...others, person] : others;
    this.#total += now.length - this.here.value.length;
    this.here.value = sorted(now);
  }

  #startTyping(person: Person): void {
    clearTimeout(this.#typists.get(person.id)?.timer);
    this.#typists.set(person.id, { person, timer: setTimeout(() => this.stopTyping(person.id), typingTime) });
    this.#showTyping();
  }

  #showCount(): void {
    this.count.value = this.#total === 0 ? "" : `${this.#total}${this.#isMore ? "+" : ""}`;
  }

  #showTyping(): void {
    this.typing.value = sorted([...this.#typists.values()].map(({ person }) => person));
  }
}

function sorted(people: Iterable<Person>): Person[] {
  return [...people].sort((one, other) => one.name.localeCompare(other.name));
}
