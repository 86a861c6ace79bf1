import type { ChatApi } from "../api/chatApi.ts";
import { retryAfterOf } from "../api/problem.ts";
import type { ListedRoom } from "../api/types.ts";
import { isSeen } from "../environment.ts";
import type { Limits } from "../limits.ts";
import type { Unsubscribe } from "../live/feed.ts";
import { LiveValue, type Live } from "../live/live.ts";
import type { ReadMarks } from "./readMarks.ts";

/** A room in the list. */
export interface RoomSummary extends ListedRoom {
  /** How many messages the user has not read; 0 where nothing is known of it. */
  readonly unread: number;
}

/** The rooms that the user may enter, as far as they were asked for. */
export interface RoomListState {
  /** The user's private rooms, then the public ones by name. */
  readonly rooms: readonly RoomSummary[];
  readonly isLoading: boolean;

  /** {@link RoomList.more} brings more. */
  readonly hasMore: boolean;

  /** Why the last try has failed; null if it has not. */
  readonly error: Error | null;
}

/** A live list of rooms: read again each minute while somebody sees the page, and when somebody sees it again. */
export class RoomList implements AsyncIterable<RoomListState> {
  readonly #api: ChatApi;
  readonly #prefix: string;
  readonly #marks: ReadMarks;
  readonly #limits: Pick<Limits, "list">;
  readonly #closed: () => void;
  readonly #state = new LiveValue<RoomListState>({ rooms: [], isLoading: true, hasMore: false, error: null });
  readonly #forgetMarks: Unsubscribe;
  #rooms: readonly ListedRoom[] = [];
  #cursor: string | null = null;
  #pages = 1;
  #loading = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #notBefore = 0;
  #isClosed = false;

  /** Made by `Chat.rooms`. */
  constructor(api: ChatApi, prefix: string, marks: ReadMarks, limits: Pick<Limits, "list">, closed: () => void) {
    this.#api = api;
    this.#prefix = prefix;
    this.#marks = marks;
    this.#limits = limits;
    this.#closed = closed;
    this.#forgetMarks = marks.subscribe(() => this.#show({}));
    void this.refresh();
  }

  get value(): RoomListState {
    return this.#state.value;
  }

  subscribe(listener: (state: RoomListState) => void): Unsubscribe {
    return this.#state.subscribe(listener);
  }

  [Symbol.asyncIterator](): AsyncIterator<RoomListState> {
    return (this.#state as Live<RoomListState>)[Symbol.asyncIterator]();
  }

  /** Reads all again that was read. Never throws: the state says what became of it. */
  async refresh(): Promise<void> {
    await this.#load(async (signal) => {
      let [rooms, cursor]: [readonly ListedRoom[], string | null] = [[], null];
      for (let page = 0; page < this.#pages && (page === 0 || cursor !== null); page++) {
        const next = await this.#api.listRooms(this.#prefix, cursor, signal);
        [rooms, cursor] = [[...rooms, ...next.rooms], next.cursor];
      }
      return { rooms, cursor };
    });
  }

  /** Reads the next page. Never throws. */
  async more(): Promise<void> {
    if (this.#cursor === null) return;
    await this.#load(async (signal) => {
      const next = await this.#api.listRooms(this.#prefix, this.#cursor, signal);
      this.#pages++;
      return { rooms: [...this.#rooms, ...next.rooms], cursor: next.cursor };
    });
  }

  /** Somebody sees the page again, or the network is back. */
  wake(): void {
    if (Date.now() >= this.#notBefore) void this.refresh();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#loading.abort();
    this.#forgetMarks();
    this.#state.end();
    this.#closed();
  }

  /** What is still under way is not waited for. */
  async #load(read: (signal: AbortSignal) => Promise<{ rooms: readonly ListedRoom[]; cursor: string | null }>): Promise<void> {
    if (this.#isClosed) return;
    this.#loading.abort();
    this.#loading = new AbortController();
    clearTimeout(this.#timer);
    const { signal } = this.#loading;
    this.#show({ isLoading: true });
    let error: Error | null = null;
    try {
      ({ rooms: this.#rooms, cursor: this.#cursor } = await read(signal));
    } catch (failure) {
      error = failure as Error;
    }
    if (signal.aborted) return;
    const pause = Math.max(this.#limits.list, retryAfterOf(error) ?? 0);
    this.#notBefore = Date.now() + (retryAfterOf(error) ?? 0);
    this.#timer = setTimeout(() => this.#refreshIfSeen(), pause);
    this.#show({ isLoading: false, error });
  }

  #refreshIfSeen(): void {
    // Where nobody sees it, it is read when somebody does.
    if (isSeen()) void this.refresh();
  }

  #show(change: Partial<RoomListState>): void {
    if (this.#isClosed) return;
    const rooms = this.#rooms.map((room) => ({ ...room, unread: this.#unreadIn(room) }));
    this.#state.set({ ...this.#state.value, rooms, hasMore: this.#cursor !== null, ...change });
  }

  /** The list comes a little late; a room that is open knows better. */
  #unreadIn({ chatId, activity }: ListedRoom): number {
    if (!activity) return 0;
    const { number, readNumber } = this.#marks.of(chatId);
    return Math.max(0, Math.max(number, activity.number) - Math.max(readNumber, activity.readNumber));
  }
}
