import type { Room, Token } from "../api/chatApi";
import { ApiProblem } from "../api/problem";

/** A token for Momento, and when to fetch the next one. */
export interface RoomToken extends Token {
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly renewAt: number;
}

/** Stands in for the time that is left of a token which, by this machine's wrong clock, is none. */
const assumedLifetime = 60_000;

/** The tokens with which rooms are entered, kept in memory until they are due. */
export class RoomTokens {
  readonly #fetch: (chatId: string) => Promise<Token>;
  readonly #kept = new Map<string, RoomToken>();
  readonly #fetching = new Map<string, Promise<RoomToken>>();

  /** The API has said when to come back. Until then its answer is the same for whoever asks. */
  #refusal: { readonly problem: ApiProblem; readonly until: number } | null = null;

  /** @param fetch Asks the API. */
  constructor(fetch: (chatId: string) => Promise<Token>) {
    this.#fetch = fetch;
  }

  /** Those who ask at the same time share one request. */
  async get(room: Room): Promise<RoomToken> {
    const kept = this.#kept.get(room.chatId);
    if (kept && Date.now() < kept.renewAt) return kept;
    if (this.#refusal && Date.now() < this.#refusal.until) throw this.#refusal.problem;
    const fetching = this.#fetching.get(room.chatId) ?? this.#renew(room);
    this.#fetching.set(room.chatId, fetching);
    return fetching;
  }

  /** Momento does not accept it, or it is for a topic that the room has left: the next one is fetched. */
  discard(token: RoomToken): void {
    for (const [chatId, kept] of this.#kept) if (kept === token) this.#kept.delete(chatId);
  }

  async #renew({ chatId }: Room): Promise<RoomToken> {
    try {
      const token = await this.#fetch(chatId);
      const kept = { ...token, renewAt: renewalOf(token) };
      this.#kept.set(chatId, kept);
      return kept;
    } catch (error) {
      if (error instanceof ApiProblem && error.retryAfter) this.#refusal = { problem: error, until: Date.now() + error.retryAfter };
      throw error;
    } finally {
      this.#fetching.delete(chatId);
    }
  }
}

/** What the topic of the room's events is called by now. A private room has another one after a removal, of which a renewed token tells. */
export function topicOf(room: Room, token: Token): string {
  return token.rooms?.find((each) => each.chatId === room.chatId)?.eventsTopicName ?? room.eventsTopicName;
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
