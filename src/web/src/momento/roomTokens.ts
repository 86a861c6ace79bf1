import type { Room, Token } from "../api/chatApi";
import { ApiProblem } from "../api/problem";

/** A token for Momento, and when to fetch the next one. */
export interface RoomToken extends Token {
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly renewAt: number;
}

/** Stands in for the time that is left of a token which, by this machine's wrong clock, is none. */
const assumedLifetime = 60_000;

/**
 * The tokens with which rooms are entered, kept in memory until they are due: one for all public rooms, one for each private
 * room.
 */
export class RoomTokens {
  readonly #fetch: (chatId: string | null) => Promise<Token>;
  readonly #kept = new Map<string | null, RoomToken>();
  readonly #fetching = new Map<string | null, Promise<RoomToken>>();

  /** The API has said when to come back. Until then its answer is the same for whoever asks. */
  #refusal: { readonly problem: ApiProblem; readonly until: number } | null = null;

  /** @param fetch Asks the API: for one private room, or, with null, for all public ones. */
  constructor(fetch: (chatId: string | null) => Promise<Token>) {
    this.#fetch = fetch;
  }

  /** Those who ask at the same time share one request. */
  async get(room: Room): Promise<RoomToken> {
    const key = keyOf(room);
    const kept = this.#kept.get(key);
    if (kept && Date.now() < kept.renewAt) return kept;
    if (this.#refusal && Date.now() < this.#refusal.until) throw this.#refusal.problem;
    const fetching = this.#fetching.get(key) ?? this.#renew(key);
    this.#fetching.set(key, fetching);
    return fetching;
  }

  /** Momento does not accept it: the next one is fetched. */
  discard(token: RoomToken): void {
    for (const [key, kept] of this.#kept) if (kept === token) this.#kept.delete(key);
  }

  async #renew(key: string | null): Promise<RoomToken> {
    try {
      const token = await this.#fetch(key);
      const kept = { ...token, renewAt: renewalOf(token) };
      this.#kept.set(key, kept);
      return kept;
    } catch (error) {
      if (error instanceof ApiProblem && error.retryAfter) this.#refusal = { problem: error, until: Date.now() + error.retryAfter };
      throw error;
    } finally {
      this.#fetching.delete(key);
    }
  }
}

/** What the room's topic is called by now. A private room has another one after a removal, of which a renewed token tells. */
export function topicOf(room: Room, token: Token): string {
  return token.rooms?.find((each) => each.chatId === room.chatId)?.topicName ?? room.topicName;
}

function keyOf(room: Room): string | null {
  return room.visibility === "public" ? null : room.chatId;
}

/**
 * When a third to a quarter of the time is left: the API gives the same token again until half of its life is over, and the
 * spread keeps those who came together from coming back together.
 */
function renewalOf(token: Token): number {
  const now = Date.now();
  const left = Date.parse(token.expiresAt) - now;
  const usable = left > 0 ? left : assumedLifetime;
  return now + usable * (2 / 3 + Math.random() / 12);
}
