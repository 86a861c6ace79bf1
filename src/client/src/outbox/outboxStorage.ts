import type { Metadata } from "../api/types.ts";

/** Keeps texts by keys: `sessionStorage` and `localStorage` are such. What it throws is nobody's error: memory serves then. */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Why a message was not sent. */
export interface SendFailure {
  /** For a person. */
  readonly reason: string;

  /**
   * The API's name of the problem, such as `rejected` or `banned`; `old` for what has waited for longer than a day and is only sent
   * if it is still wanted; `sign-in` where the session is over; empty where there is no name.
   */
  readonly type: string;
}

/** A message that is not known to be kept. */
export interface UnsentMessage {
  readonly clientId: string;
  readonly text: string;
  readonly replyTo?: string;
  readonly metadata?: Metadata;

  /** When somebody last wanted it sent: milliseconds since the epoch. */
  readonly wantedAt: number;

  /** Set once it is not tried any more. */
  readonly failure?: SendFailure;
}

/** One person's unsent messages of one room, in their order. */
export class OutboxStorage {
  readonly #storage: TextStorage | null;
  readonly #key: string;

  /** @param key Names the API, the person and the room: nobody sends what somebody else has written. */
  constructor(storage: TextStorage | null, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  load(): UnsentMessage[] {
    try {
      const kept: unknown = JSON.parse(this.#storage?.getItem(this.#key) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isUnsent) : [];
    } catch {
      return [];
    }
  }

  /** Adds it at the end, or puts it in the place of the one with its `clientId`. */
  put(message: UnsentMessage): void {
    const kept = this.load();
    const place = kept.findIndex(({ clientId }) => clientId === message.clientId);
    kept.splice(place < 0 ? kept.length : place, 1, message);
    this.#save(kept);
  }

  remove(clientId: string): void {
    this.#save(this.load().filter((each) => each.clientId !== clientId));
  }

  /** What is there is read anew for each change: another instance on the page has the same storage. */
  #save(messages: UnsentMessage[]): void {
    try {
      if (messages.length === 0) this.#storage?.removeItem(this.#key);
      else this.#storage?.setItem(this.#key, JSON.stringify(messages));
    } catch {
      // Private mode, or a quota: it is sent all the same, unless the page goes away before.
    }
  }
}

/** What the page's session keeps, where there is one and it can be had. */
export function sessionTexts(): TextStorage | null {
  try {
    return typeof sessionStorage === "undefined" ? null : sessionStorage;
  } catch {
    return null;
  }
}

function isUnsent(value: unknown): value is UnsentMessage {
  const { clientId, text, wantedAt } = (value ?? {}) as Record<string, unknown>;
  return typeof clientId === "string" && typeof text === "string" && typeof wantedAt === "number";
}
