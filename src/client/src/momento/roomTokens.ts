import { retryAfterOf } from "../api/problem.ts";
import type { Token } from "../api/types.ts";

/** A token for Momento, and when to fetch the next one. */
export interface RoomToken extends Token {
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly renewAt: number;
}

/** Stands in for the time that is left of a token which, by this machine's wrong clock, is none. */
const assumedLifetime = 60_000;

/** No token is good for longer, in milliseconds: where there seems to be more left, this machine's clock is wrong. */
const longestLifetime = 25 * 3_600_000;

/** The tokens with which rooms are listened to, kept in memory until they are due: one a room, so that none that is refused is in another's way. */
export class RoomTokens {
  readonly #fetch: (chatId: string) => Promise<Token>;
  readonly #kept = new Map<string, RoomToken>();
  readonly #fetching = new Map<string, Promise<RoomToken>>();

  /** The API has said when to come back. */
  readonly #refusals = new Map<string, { readonly error: unknown; readonly until: number }>();

  /** @param fetch Asks the API. */
  constructor(fetch: (chatId: string) => Promise<Token>) {
    this.#fetch = fetch;
  }

  /** Those who ask at the same time share one request. */
  async get(chatId: string): Promise<RoomToken> {
    const kept = this.#kept.get(chatId);
    if (kept && Date.now() < kept.renewAt) return kept;
    const refusal = this.#refusals.get(chatId);
    if (refusal && Date.now() < refusal.until) throw refusal.error;
    const fetching = this.#fetching.get(chatId) ?? this.#renew(chatId);
    this.#fetching.set(chatId, fetching);
    return fetching;
  }

  /** Momento does not accept it, or it is for a topic that the room has left: the next one is fetched. */
  discard(token: RoomToken): void {
    for (const [chatId, kept] of this.#kept) if (kept === token) this.#kept.delete(chatId);
  }

  async #renew(chatId: string): Promise<RoomToken> {
    try {
      const token = await this.#fetch(chatId);
      const kept = { ...token, renewAt: renewalOf(token) };
      this.#kept.set(chatId, kept);
      this.#refusals.delete(chatId);
      return kept;
    } catch (error) {
      const retryAfter = retryAfterOf(error);
      if (retryAfter) this.#refusals.set(chatId, { error, until: Date.now() + retryAfter });
      throw error;
    } finally {
      this.#fetching.delete(chatId);
    }
  }
}

/**
 * What the topic of the room's events is called by now: a private room has another one after a removal, of which a renewed token tells.
 * @throws Error The token is not the room's.
 */
export function topicOf(chatId: string, token: Token): string {
  const topic = token.rooms?.find((each) => each.chatId === chatId)?.eventsTopicName;
  if (topic === undefined) throw new Error("The server has given a token of another room.");
  return topic;
}

/**
 * When a third to a quarter of the time is left: the API gives the same token again until half of its life is over, and the
 * spread keeps those who came together from coming back together.
 */
function renewalOf(token: Token): number {
  const now = Date.now();
  const left = Date.parse(token.expiresAt) - now;
  const usable = left > 0 && left <= longestLifetime ? left : assumedLifetime;
  return now + usable * (2 / 3 + Math.random() / 12);
}
