import type { Chat, RoomList, RoomListState } from "chat-functions-client";
import { shallowRef, type Ref } from "vue";
import type { Session } from "../identity/session";

/** The rooms whose names begin with a prefix, page by page, as Vue shows them. */
export class RoomListing {
  readonly state: Ref<RoomListState> = shallowRef({ rooms: [], isLoading: true, hasMore: false, error: null });
  readonly #chat: Pick<Chat, "rooms">;
  readonly #session: Pick<Session, "note">;
  #prefix = "";
  #list: RoomList | null = null;

  constructor(chat: Pick<Chat, "rooms">, session: Pick<Session, "note">) {
    this.#chat = chat;
    this.#session = session;
  }

  /** What was found before is shown until something else is. */
  search(prefix: string): void {
    if (this.#list && prefix === this.#prefix) return void this.#list.refresh();
    this.#list?.close();
    this.#prefix = prefix;
    this.#list = this.#chat.rooms(prefix);
    this.#list.subscribe((state) => this.#show(state));
  }

  /** Also tries again what has failed. */
  loadMore(): void {
    void (this.state.value.hasMore ? this.#list?.more() : this.#list?.refresh());
  }

  #show(state: RoomListState): void {
    if (state.error) this.#session.note(state.error);
    const isFirst = state.isLoading && state.rooms.length === 0;
    this.state.value = isFirst ? { ...state, rooms: this.state.value.rooms } : state;
  }
}
