import { ApiClient, type GetAccessToken, type Method } from "./api/apiClient.ts";
import { ChatApi } from "./api/chatApi.ts";
import { ChatClosed, isLasting, retryAfterOf } from "./api/problem.ts";
import { backoff, notBefore } from "./api/retry.ts";
import { call, type AnswerOf, type CallOptions, type RouteWith } from "./api/routes.ts";
import type { Me } from "./api/types.ts";
import { onGone, onWake } from "./environment.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { RoomTokens } from "./momento/roomTokens.ts";
import { momentoStreams } from "./momento/topicStream.ts";
import { sessionTexts, type TextStorage } from "./outbox/outboxStorage.ts";
import { Room } from "./room/room.ts";
import type { RoomSurroundings } from "./room/roomSurroundings.ts";
import { ReadMarks } from "./rooms/readMarks.ts";
import { RoomList } from "./rooms/roomList.ts";
import { Pause } from "./timing.ts";

/** What a chat is made with. */
export interface ConnectOptions {
  /** The API's address. */
  readonly api: string;
  readonly getAccessToken: GetAccessToken;

  /** Momento's address, where it is not the one that its tokens name: the one on your own machine. */
  readonly momento?: string;

  /**
   * So many rooms are listened to at once; the one that was asked for longest ago gives way. By default 5, and 1 in a browser over plain
   * http, where six connections to a host are all that its tabs have together.
   */
  readonly maxStreams?: number;

  /** So many messages of a room are held. By default 2,000. */
  readonly maxMessages?: number;

  /** Whether the user is shown to others as being in the rooms that they have open. By default `true`. */
  readonly presence?: boolean;

  /** Where unsent messages are kept. By default `sessionStorage` where there is one; null keeps them in memory only. */
  readonly storage?: TextStorage | null;

  readonly limits?: Partial<Limits>;
}

/** One person's chat. Make one for each who signs in, and close it when they sign out. */
export function connect(options: ConnectOptions): Chat {
  return new Chat(options);
}

/** What {@link connect} makes. */
export class Chat {
  readonly #client: ApiClient;
  readonly #api: ChatApi;
  readonly #marks = new ReadMarks();
  readonly #limits: Limits;
  readonly #maxStreams: number;
  readonly #surroundings: RoomSurroundings;
  readonly #rooms = new Map<string, Room>();
  readonly #lists = new Set<RoomList>();
  readonly #pause = new Pause();
  readonly #forgetPage: (() => void)[];
  #me: Promise<Me> | null = null;

  /** Those that listen, the one first that was asked for longest ago. */
  readonly #awake = new Set<Room>();
  #isClosed = false;

  /** Made by {@link connect}. */
  constructor(options: ConnectOptions) {
    const { api, getAccessToken, momento, presence = true, storage = sessionTexts() } = options;
    this.#client = new ApiClient(api, getAccessToken);
    this.#api = new ChatApi(this.#client);
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#maxStreams = Math.max(1, options.maxStreams ?? (isScarce(momento) ? 1 : 5));
    const readMe = () => this.me();
    this.#surroundings = {
      api: this.#api,
      open: momentoStreams(momento),
      tokens: new RoomTokens((chatId) => this.#api.getToken(chatId)),
      marks: this.#marks,
      presence: { isOff: !presence },
      limits: this.#limits,
      maxMessages: options.maxMessages ?? 2000,
      storage,
      storagePrefix: `chat-unsent/${api.replace(/\/+$/, "")}`,
      get me() {
        return readMe();
      },
      awake: (room) => this.#makeWay(room),
      asleep: (room) => void this.#awake.delete(room),
      closed: (room) => void this.#rooms.delete(room.id),
    };
    this.#forgetPage = [onWake(() => this.wake()), onGone(() => this.#awake.forEach((room) => room.hide()))];
  }

  /**
   * Who the user is. Waits while the API cannot be reached.
   * @throws ApiProblem, SignInRequired, ChatClosed
   */
  me(): Promise<Me> {
    this.#checkOpen();
    this.#me ??= this.#readMe().catch((error: unknown) => {
      this.#me = null;
      throw error;
    });
    return this.#me;
  }

  /**
   * A room, which is listened to from now on, until it or the chat is closed. It is the same one for whoever asks: one that is `denied` or
   * `deleted` stays so until it is closed.
   * @param chatId As it stands in the list.
   */
  room(chatId: string): Room {
    this.#checkOpen();
    const known = this.#rooms.get(chatId);
    if (known) {
      if (this.#awake.delete(known)) this.#awake.add(known);
      known.wakeUp();
      return known;
    }
    const room = new Room(chatId, this.#surroundings);
    this.#rooms.set(chatId, room);
    return room;
  }

  /**
   * A live list of the rooms that the user may enter, with what is unread in each. Close it when it is not seen any more.
   * @param prefix Only rooms whose names begin so.
   */
  rooms(prefix = ""): RoomList {
    this.#checkOpen();
    const list: RoomList = new RoomList(this.#api, prefix, this.#marks, this.#limits, () => this.#lists.delete(list));
    this.#lists.add(list);
    return list;
  }

  /**
   * Calls any route of the API, by its types: `request("POST", "/chats", { body: { chatName: "General" } })`.
   * @returns What it answers; undefined where that has no body.
   * @throws ApiProblem, ApiUnreachable, SignInRequired, ChatClosed
   */
  async request<M extends Method, P extends RouteWith<M>>(method: M, route: P, options?: CallOptions<M, P>): Promise<AnswerOf<M, P>> {
    this.#checkOpen();
    return (await call(this.#client, method, route, options)).data;
  }

  /** Does at once what would be tried later. Browsers tell by themselves that the network is back; other programs may know it. */
  wake(): void {
    this.#pause.wake();
    for (const room of this.#rooms.values()) room.wake();
    for (const list of this.#lists) list.wake();
  }

  /** Ends all that is under way, and every room and list. */
  close(): void {
    if (this.#isClosed) return;
    for (const room of [...this.#rooms.values()]) room.close();
    for (const list of [...this.#lists]) list.close();
    this.#isClosed = true;
    for (const forget of this.#forgetPage) forget();
    this.#client.close();
    this.#pause.cancel();
  }

  async #readMe(): Promise<Me> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.#api.me();
      } catch (error) {
        if (isLasting(error)) throw error;
        const retryAfter = retryAfterOf(error);
        await this.#pause.wait(retryAfter === undefined ? backoff(failures) : notBefore(retryAfter));
      }
    }
  }

  #makeWay(room: Room): void {
    this.#awake.add(room);
    for (const oldest of this.#awake) {
      if (this.#awake.size <= this.#maxStreams) return;
      oldest.sleep();
    }
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ChatClosed();
  }
}

function isScarce(momento: string | undefined): boolean {
  return typeof window !== "undefined" && (momento?.startsWith("http:") ?? false);
}
