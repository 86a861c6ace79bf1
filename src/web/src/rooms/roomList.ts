import { ref, shallowRef, type Ref } from "vue";
import type { ChatApi, ListedRoom } from "../api/chatApi";

/** The rooms whose names begin with a prefix, page by page. */
export class RoomListing {
  readonly rooms: Ref<ListedRoom[]> = shallowRef([]);
  readonly isLoading = ref(false);
  readonly hasMore = ref(false);

  /** Why the rooms could not be loaded, for a person. */
  readonly failure = ref("");

  readonly #api: ChatApi;
  #prefix = "";
  #cursor: string | null = null;
  #loading = new AbortController();

  constructor(api: ChatApi) {
    this.#api = api;
  }

  /** Starts again at the first page. An answer that is still to come is not waited for. */
  async search(prefix: string): Promise<void> {
    this.#prefix = prefix;
    this.#cursor = null;
    this.hasMore.value = false;
    await this.#load(null);
  }

  /** Also tries again what has failed. */
  async loadMore(): Promise<void> {
    await this.#load(this.#cursor);
  }

  async #load(cursor: string | null): Promise<void> {
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    this.isLoading.value = true;
    this.failure.value = "";
    try {
      const page = await this.#api.listRooms(this.#prefix, cursor, signal);
      this.rooms.value = cursor === null ? page.rooms : [...this.rooms.value, ...page.rooms];
      this.#cursor = page.cursor;
      this.hasMore.value = page.cursor !== null;
    } catch (error) {
      if (!signal.aborted) this.failure.value = (error as Error).message;
    } finally {
      if (!signal.aborted) this.isLoading.value = false;
    }
  }
}
