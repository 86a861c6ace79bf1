import { ApiProblem, isLasting, retryAfterOf } from "../api/problem.ts";
import { backoff, notBefore } from "../api/retry.ts";
import type { PresenceAnswer, User } from "../api/types.ts";
import { isSeen } from "../environment.ts";
import type { Limits } from "../limits.ts";
import { LiveValue, type Live } from "../live/live.ts";
import type { PresenceEvent } from "../api/roomEvent.ts";
import { Timers } from "../timing.ts";

/** Who is in a room. */
export interface People {
  /** Whether it is known: not where the API has presence switched off, and not before its first answer. */
  readonly isKnown: boolean;

  /** At most 100, and those who came since. */
  readonly people: readonly User[];
  readonly count: number;

  /** There are more than `count` tells. */
  readonly isMore: boolean;

  /** Who is typing, but for the user. */
  readonly typing: readonly User[];
}

/** Whether the API has presence: what one room has found out, all know. */
export interface PresenceSwitch {
  isOff: boolean;
}

/** The routes of presence, of one room and session. */
export interface PresenceApi {
  enter(isTyping: boolean): Promise<PresenceAnswer>;
  leave(): Promise<void>;
}

/** What people call. */
export interface PeopleEvents {
  /** How the room's log stands. */
  answered(answer: PresenceAnswer): void;
}

/** How long somebody is shown as typing, in milliseconds. */
export const typingShown = 5_000;

/** The API drops what is told more often, in milliseconds. */
export const typingPause = 3_000;

/** An answer may be so old, in milliseconds: whoever came to another instance of the API before the stream was open is in the second one. */
const secondAnswer = 10_500;

const nobody: People = { isKnown: false, people: [], count: 0, isMore: false, typing: [] };

/** Keeps the user in a room while somebody sees the page, and tells who else is there. */
export class RoomPeople {
  readonly #api: PresenceApi;
  readonly #presence: PresenceSwitch;
  readonly #userId: () => string;
  readonly #limits: Pick<Limits, "presence">;
  readonly #events: PeopleEvents;
  readonly #state = new LiveValue<People>(nobody);
  readonly #typing = new Map<string, User>();

  /** What events have told, null for who has left, and when: it may be newer than an answer. */
  readonly #heard = new Map<string, { readonly user: User | null; readonly at: number }>();
  readonly #typingTimers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #timers = new Timers();
  #isHere = false;

  /** There was no answer yet. */
  #isNew = true;
  #isEntering = false;
  #renewAt = 0;
  #typedAt = 0;
  #failures = 0;

  constructor(api: PresenceApi, presence: PresenceSwitch, userId: () => string, limits: Pick<Limits, "presence">, events: PeopleEvents) {
    this.#api = api;
    this.#presence = presence;
    this.#userId = userId;
    this.#limits = limits;
    this.#events = events;
  }

  get state(): Live<People> {
    return this.#state;
  }

  /** From now on the user is here. */
  start(): void {
    if (this.#isHere) return;
    this.#isHere = this.#isNew = true;
    void this.#enter();
  }

  /** The user is gone. */
  stop(): void {
    if (!this.#isHere) return;
    this.#isHere = false;
    this.#timers.clear();
    for (const timer of this.#typingTimers.values()) clearTimeout(timer);
    this.#typing.clear();
    this.#heard.clear();
    this.#state.set(nobody);
    // Who cannot say so is forgotten by the API in time.
    if (!this.#presence.isOff) this.#api.leave().catch(() => {});
  }

  end(): void {
    this.stop();
    this.#state.end();
  }

  /** The user is typing: to be called as often as they press a key. */
  typed(): void {
    if (!this.#isHere || Date.now() - this.#typedAt < typingPause) return;
    this.#typedAt = Date.now();
    void this.#type();
  }

  /** Somebody sees the page again. */
  wake(): void {
    if (this.#isHere && Date.now() >= this.#renewAt) void this.#enter();
  }

  take({ came = [], left = [], typing = [] }: PresenceEvent): void {
    if (!this.#isHere) return;
    for (const user of came) this.#heard.set(user.id, { user, at: Date.now() });
    for (const id of left) {
      this.#heard.set(id, { user: null, at: Date.now() });
      this.#forgetTyping(id);
    }
    for (const user of typing) this.#showTyping(user);
    this.#show(this.#withHeard(this.#state.value));
  }

  /** Somebody has said something: they are not typing any more. */
  said(userId: string): void {
    if (!this.#typing.has(userId)) return;
    this.#forgetTyping(userId);
    this.#show(this.#state.value);
  }

  async #enter(): Promise<void> {
    if (this.#presence.isOff || this.#isEntering) return;
    // A page that nobody sees lets its lease end.
    if (!isSeen()) return void (this.#renewAt = 0);
    this.#isEntering = true;
    try {
      const answer = await this.#api.enter(false);
      this.#failures = 0;
      this.#takeAnswer(answer);
    } catch (error) {
      this.#recover(error);
    } finally {
      this.#isEntering = false;
    }
  }

  async #type(): Promise<void> {
    if (this.#presence.isOff) return;
    try {
      this.#takeAnswer(await this.#api.enter(true));
    } catch (error) {
      // Whoever may not write here may be here all the same.
      if (isOff(error)) this.#recover(error);
    }
  }

  #takeAnswer(answer: PresenceAnswer): void {
    this.#renewIn(this.#isNew ? Math.min(secondAnswer, this.#limits.presence) : this.#limits.presence);
    this.#isNew = false;
    if (!this.#isHere) return;
    const { people, count, isMore, age } = answer;
    const read = Date.now() - age * 1000;
    for (const [id, { at }] of this.#heard) if (at < read) this.#heard.delete(id);
    this.#show(this.#withHeard({ ...this.#state.value, isKnown: true, people, count, isMore }));
    this.#events.answered(answer);
  }

  /** What events have told since the last answer was read. */
  #withHeard(state: People): People {
    let { people } = state;
    for (const [id, { user }] of this.#heard) {
      const isThere = people.some((each) => each.id === id);
      if (user && !isThere) people = [...people, user];
      if (!user && isThere) people = people.filter((each) => each.id !== id);
    }
    return { ...state, people, count: Math.max(people.length, state.count + people.length - state.people.length) };
  }

  #recover(error: unknown): void {
    if (isOff(error)) {
      this.#presence.isOff = true;
      this.#state.set(nobody);
      return;
    }
    // What becomes of the room itself is the log's to find out.
    if (isLasting(error)) return;
    this.#failures++;
    const retryAfter = retryAfterOf(error);
    this.#renewIn(retryAfter === undefined ? backoff(this.#failures) : notBefore(retryAfter));
  }

  #renewIn(milliseconds: number): void {
    this.#timers.clear();
    if (!this.#isHere) return;
    this.#renewAt = Date.now() + milliseconds;
    this.#timers.after(milliseconds, () => void this.#enter());
  }

  #showTyping(user: User): void {
    if (user.id === this.#userId()) return;
    this.#forgetTyping(user.id);
    this.#typing.set(user.id, user);
    this.#typingTimers.set(user.id, setTimeout(() => this.said(user.id), typingShown));
  }

  #forgetTyping(id: string): void {
    clearTimeout(this.#typingTimers.get(id));
    this.#typingTimers.delete(id);
    this.#typing.delete(id);
  }

  #show(state: People): void {
    this.#state.set({ ...state, typing: [...this.#typing.values()] });
  }
}

/** The API says that it has no presence, or does not know the route: a room that is not found has a name of its own for it. */
function isOff(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404 && (error.type === "presence-off" || error.type === "");
}
