import { ApiProblem, ChatClosed } from "../api/problem.ts";
import { decodeEvent, type RoomEvent } from "../api/roomEvent.ts";
import type { Me, Message, MessagePage, Room as RoomDetails } from "../api/types.ts";
import { Feed, type Source } from "../live/feed.ts";
import { LiveValue, type Live } from "../live/live.ts";
import { topicOf } from "../momento/roomTokens.ts";
import { TopicSubscription, type SubscriptionState } from "../momento/topicSubscription.ts";
import { Outbox, type SendOptions } from "../outbox/outbox.ts";
import { OutboxStorage } from "../outbox/outboxStorage.ts";
import { RoomPeople, type People } from "../people/people.ts";
import { Reader } from "../rooms/reader.ts";
import { shownUnsent, type ChatMessage } from "./chatMessage.ts";
import { MessageLog } from "./messageLog.ts";
import type { RoomSurroundings } from "./roomSurroundings.ts";
import { RoomSync, type PageKind } from "./roomSync.ts";

/**
 * How a room is. `connecting`: it was not there yet. `live`: all is here, and what comes will come. `catching-up`: it is there again, and
 * what was missed is being read. `offline`: the network, the API or Momento is down, or too many rooms are open; it goes on by itself, or
 * when `Chat.room` is asked for it again. `denied`: the user may not enter, or the session is over. `deleted`: it is gone.
 */
export type RoomStatus = "connecting" | "live" | "catching-up" | "offline" | "denied" | "deleted";

/** What happens while the room is awake. */
interface Stay {
  readonly subscription: TopicSubscription;
  readonly sync: RoomSync;
}

/** One room: what was said, what is being said, and what the user says. Made by `Chat.room`. */
export class Room {
  readonly id: string;
  readonly #with: RoomSurroundings;
  readonly #log: MessageLog;
  readonly #outbox: Outbox;
  readonly #people: RoomPeople;
  readonly #reader: Reader;
  readonly #status = new LiveValue<RoomStatus>("connecting");
  readonly #messages = new LiveValue<readonly ChatMessage[]>([]);
  readonly #details = new LiveValue<RoomDetails | null>(null);
  readonly #news = new Feed<ChatMessage>();
  #me: Me | null = null;
  #stay: Stay | null = null;
  #lastSync: RoomSync | null = null;
  #stream: SubscriptionState = { kind: "connecting" };
  #hasBeenLive = false;
  #isSaidDeleted = false;
  #end: "denied" | "deleted" | null = null;
  #error: Error | null = null;
  #isClosed = false;

  /** When the page that is being read was asked for. */
  #asked = 0;
  #readingOlder: Promise<boolean> | null = null;

  /** The topic for which the token was renewed, so that two answers which disagree do not have it renewed for ever. */
  #movedTo: string | null = null;

  constructor(id: string, surroundings: RoomSurroundings) {
    this.id = id;
    this.#with = surroundings;
    const { api, presence, limits, maxMessages } = surroundings;
    const userId = () => this.#me?.id ?? "";
    this.#log = new MessageLog(userId, maxMessages);
    this.#outbox = new Outbox((message) => api.sendMessage(id, message), {
      change: () => this.#show(),
      sent: (message) => this.#takeMessages([message], null),
    });
    this.#reader = new Reader((number) => api.markRead(id, number), id, surroundings.marks);
    const sessionId = crypto.randomUUID();
    const presenceApi = {
      enter: (isTyping: boolean) => api.enter(id, sessionId, isTyping),
      leave: () => api.leave(id, sessionId),
    };
    this.#people = new RoomPeople(presenceApi, presence, userId, limits, {
      answered: ({ seq, eventsTopicName }) => {
        const { sync, subscription } = this.#stay ?? {};
        sync?.looked(seq);
        // An answer is a little old: where the room is now tells a page.
        if (subscription?.topic && eventsTopicName !== subscription.topic) sync?.readOn();
      },
    });
    void this.#begin();
  }

  get status(): Live<RoomStatus> {
    return this.#status;
  }

  /** Why the room is `offline`, `denied` or `deleted`; its message is for a person. Null where it is not, or nothing is known. */
  get error(): Error | null {
    return this.#error;
  }

  /** By number, each once, and at the end what the user has sent that is not known to be kept. */
  get messages(): Live<readonly ChatMessage[]> {
    return this.#messages;
  }

  /**
   * Each message of somebody else's that is new, once and in order: what was missed comes before what followed it. What was there before
   * the room was opened is not new; and where more was missed than the API tells, only what is on its newest page is told.
   */
  get news(): Source<ChatMessage> {
    return this.#news;
  }

  /** The room's name, its owner, and what the user may do there; null until it is known. */
  get details(): Live<RoomDetails | null> {
    return this.#details;
  }

  /** Who is here, and who is typing. */
  get people(): Live<People> {
    return this.#people.state;
  }

  /** Whether {@link Room.older} can bring more. */
  get hasOlder(): boolean {
    return this.#log.olderThan !== null;
  }

  /**
   * Shows the message at once, and sends it as soon as it can be: after those before it, and again and again while the network is down.
   * @returns The message once it is sent or has failed, which its `status` says; never fails itself.
   * @throws ChatClosed At once.
   */
  send(text: string, options: SendOptions = {}): Promise<ChatMessage> {
    this.#checkOpen();
    const clientId = crypto.randomUUID();
    const added = this.#outbox.add(text, options, clientId);
    const unsent = this.#messages.value.find(({ key }) => key === clientId)!;
    return added.then(() => this.#messages.value.find(({ key }) => key === clientId) ?? unsent);
  }

  /** Sends a message again that has failed. */
  async retry(message: Pick<ChatMessage, "key">): Promise<void> {
    this.#checkOpen();
    await this.#outbox.retry(message.key);
  }

  /** Forgets a message that is not sent. */
  discard(message: Pick<ChatMessage, "key">): void {
    this.#outbox.discard(message.key);
  }

  /**
   * Changes the text of an own message.
   * @throws ApiProblem, ApiUnreachable, SignInRequired, ChatClosed
   */
  async edit(message: Pick<ChatMessage, "id">, text: string): Promise<void> {
    this.#takeMessages([await this.#with.api.editMessage(this.id, this.#idOf(message), text)], null);
  }

  /**
   * Takes back a message: the user's own, or another's where the user may.
   * @throws ApiProblem, ApiUnreachable, SignInRequired, ChatClosed
   */
  async remove(message: Pick<ChatMessage, "id">): Promise<void> {
    await this.#with.api.deleteMessage(this.id, this.#idOf(message));
    this.#stay?.sync.readOn();
  }

  /**
   * Puts an emoji to a message, or takes it away. It shows at once, and is taken back where it fails.
   * @throws ApiProblem, ApiUnreachable, SignInRequired, ChatClosed
   */
  async react(message: Pick<ChatMessage, "id">, emoji: string, isOn = true): Promise<void> {
    const id = this.#idOf(message);
    const undo = this.#log.reactOwn(id, emoji, isOn);
    this.#show();
    try {
      await this.#with.api.react(this.id, id, emoji, isOn);
      this.#log.confirmOwn(id, emoji, isOn);
    } catch (error) {
      undo();
      throw error;
    } finally {
      this.#show();
    }
  }

  /**
   * Reads the messages before those that are here.
   * @returns Whether there may be more. At most `maxMessages` are held at once: beyond, {@link Room.around} reads.
   * @throws ApiProblem, ApiUnreachable, SignInRequired, ChatClosed
   */
  older(): Promise<boolean> {
    this.#checkOpen();
    this.#readingOlder ??= this.#readOlder().finally(() => (this.#readingOlder = null));
    return this.#readingOlder;
  }

  /**
   * Reads the messages around one, such as the one that a reply names: as they are now, and beside {@link Room.messages}.
   * @param number Of the message in the middle. That of an id stands before its hyphen.
   * @throws ApiProblem, ApiUnreachable, SignInRequired, ChatClosed
   */
  async around(number: number): Promise<readonly ChatMessage[]> {
    this.#checkOpen();
    await this.#with.me;
    const page = await this.#with.api.listMessages(this.id, { around: number });
    const excerpt = new MessageLog(() => this.#me?.id ?? "", page.messages.length);
    excerpt.mergeAll(page.messages, 0);
    return excerpt.messages;
  }

  /**
   * The user has read so far, on all devices. May be called as often as something is seen: what comes meanwhile is gathered.
   * @param number Of the last message that was read; of the last one that is here, without.
   * @throws ApiProblem, ApiUnreachable, SignInRequired, ChatClosed
   */
  markRead(number: number = this.#log.newest): Promise<void> {
    this.#checkOpen();
    return this.#reader.markRead(number);
  }

  /** The user is typing: to be called as often as they press a key. */
  typing(): void {
    this.#people.typed();
  }

  /** Ends the stream, and shows the user as gone. Unsent messages stay in the storage. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.sleep();
    this.#outbox.close();
    this.#people.end();
    for (const each of [this.#status, this.#messages, this.#details, this.#news]) each.end();
    this.#with.closed(this);
  }

  /** For `Chat`: listens. */
  wakeUp(): void {
    if (this.#isClosed || this.#end || this.#stay || !this.#me) return;
    this.#with.awake(this);
    const log = {
      page: (part: { after?: number | null }) => this.#readPage(part),
      message: (messageId: string) => this.#with.api.getMessage(this.id, messageId),
      isPublic: () => this.#isPublic,
    };
    const sync = new RoomSync(log, this.#lastSync, this.#with.limits, {
      message: (message) => this.#takeMessages([message], null),
      page: (page, kind) => this.#takePage(page, kind),
      change: () => this.#showStatus(),
      stopped: (error) => this.#stopWith(error),
    });
    const tokens = {
      get: () => this.#with.tokens.get(this.id),
      discard: this.#with.tokens.discard.bind(this.#with.tokens),
      topicIn: topicOf.bind(null, this.id),
    };
    const subscription = new TopicSubscription(this.#with.open, tokens, this.#with.limits, {
      message: ({ text }) => {
        const event = decodeEvent(text, this.id);
        if (event) this.#takeEvent(event, sync);
      },
      gap: () => sync.catchUp(),
      state: (state) => this.#takeState(state, sync),
    });
    this.#lastSync = sync;
    this.#stay = { subscription, sync };
    this.#stream = { kind: "connecting" };
    this.#people.start();
    void subscription.run();
    this.#showStatus();
  }

  /** For `Chat`: there are too many streams, or none is wanted. What is here stays. */
  sleep(): void {
    this.#people.stop();
    if (!this.#stay) return;
    this.#stay.subscription.stop();
    this.#stay.sync.stop();
    this.#stay = null;
    this.#with.asleep(this);
    this.#showStatus();
  }

  /** For `Chat`: the page is gone, and may come back. */
  hide(): void {
    this.#people.stop();
  }

  /** For `Chat`: the network may be back, or somebody sees the page again. */
  wake(): void {
    this.#outbox.wake();
    if (this.#stay) this.#people.start();
    this.#stay?.subscription.wake();
    this.#stay?.sync.wake();
    this.#people.wake();
  }

  async #begin(): Promise<void> {
    try {
      this.#me = await this.#with.me;
      if (this.#isClosed) return;
      const key = `${this.#with.storagePrefix}/${this.#me.id}/${this.id}`;
      this.#outbox.start(new OutboxStorage(this.#with.storage, key));
      this.wakeUp();
    } catch (error) {
      this.#stopWith(error as Error);
    }
  }

  async #readPage(part: { after?: number | null }): Promise<MessagePage> {
    this.#asked = this.#log.now;
    // What the user may do here is part of what may have changed.
    if (part.after === null || !this.#details.value) void this.#readDetails();
    return await this.#with.api.listMessages(this.id, part);
  }

  async #readDetails(): Promise<void> {
    // What keeps the user out is the log's to find out.
    const details = await this.#with.api.getRoom(this.id).catch(() => null);
    if (details && !this.#isClosed) this.#details.set(details);
  }

  async #readOlder(): Promise<boolean> {
    const before = this.#log.olderThan;
    if (before === null) return false;
    const asked = this.#log.now;
    this.#log.prepend(await this.#with.api.listMessages(this.id, { before }), asked);
    this.#show();
    return this.hasOlder;
  }

  #takeState(state: SubscriptionState, sync: RoomSync): void {
    const wasLive = this.#hasBeenLive;
    this.#stream = state;
    if (state.kind === "stopped") return this.#stopWith(state.error);
    if (state.kind === "live") {
      this.#hasBeenLive = true;
      // Only what is read once the stream is open leaves nothing out between the two.
      sync.catchUp();
      if (wasLive) void this.#readReactions();
    }
    this.#showStatus();
  }

  /** Reactions move no position: those that were missed are on the newest page. */
  async #readReactions(): Promise<void> {
    if (!this.#messages.value.some(({ reactions }) => reactions.length > 0)) return;
    const asked = this.#log.now;
    const page = await this.#with.api.listMessages(this.id, {}).catch(() => null);
    const shown = new Set(this.#log.messages.map(({ id }) => id));
    if (page) this.#takeMessages(page.messages.filter(({ id }) => shown.has(id)), asked);
  }

  #takeEvent(event: RoomEvent, sync: RoomSync): void {
    if (this.#stay?.sync !== sync) return;
    if (event.type === "presence") return this.#people.take(event);
    if (event.type === "reactions") {
      if (this.#log.react(event)) this.#show();
      return;
    }
    if (event.type === "deleted") this.#isSaidDeleted = true;
    sync.take(event);
  }

  #takePage(page: MessagePage, kind: PageKind): void {
    if (kind === "another") this.#with.marks.forget(this.id);
    if (kind === "changes") {
      this.#takeMessages(page.messages, this.#asked);
    } else {
      this.#log.begin(page, this.#asked, kind === "another");
      this.#tell();
    }
    this.#isSaidDeleted = false;
    this.#moveTo(page.eventsTopicName);
  }

  #moveTo(topic: string): void {
    const { subscription } = this.#stay ?? {};
    if (!subscription?.topic || topic === subscription.topic || topic === this.#movedTo) return;
    this.#movedTo = topic;
    subscription.renew();
  }

  /** @param asked When they were asked for; null where they tell nothing of reactions. */
  #takeMessages(messages: readonly Message[], asked: number | null): void {
    this.#log.mergeAll(messages, asked);
    this.#tell();
    // What has come back needs not be sent any more.
    for (const { sender, clientId } of messages) if (sender.id === this.#me?.id) this.#outbox.discard(clientId);
  }

  #tell(): void {
    const news = this.#log.takeNews();
    this.#with.marks.note(this.id, { number: this.#log.newest });
    this.#show();
    for (const each of news) {
      this.#people.said(each.sender.id);
      this.#news.emit(each);
    }
  }

  #show(): void {
    if (this.#isClosed) return;
    const kept = this.#log.messages;
    const keys = new Set(kept.map(({ key }) => key));
    this.#messages.set([...kept, ...this.#outbox.messages.filter(({ clientId }) => !keys.has(clientId)).map((each) => shownUnsent(each, this.#me))]);
  }

  #stopWith(error: Error): void {
    if (this.#isClosed || this.#end) return;
    const isGone = error instanceof ApiProblem && error.status === 404;
    // A public room keeps nobody from reading; a private one says to those who are out what it says of one that is gone.
    this.#end = isGone && (this.#isSaidDeleted || this.#isPublic) ? "deleted" : "denied";
    this.#error = error;
    this.sleep();
    this.#showStatus();
  }

  #showStatus(): void {
    if (!this.#end) this.#error = this.#problem();
    this.#status.set(this.#statusNow());
  }

  #problem(): Error | null {
    if (this.#stay?.sync.error) return this.#stay.sync.error;
    return this.#stay && this.#stream.kind === "reconnecting" ? this.#stream.error : null;
  }

  #statusNow(): RoomStatus {
    if (this.#end) return this.#end;
    if (!this.#stay) return this.#me ? "offline" : "connecting";
    const { state } = this.#stay.sync;
    if (this.#stream.kind === "reconnecting" || state === "failing") return "offline";
    if (this.#stream.kind !== "live") return "connecting";
    if (state === "read") return "live";
    return this.#lastSync?.seq === null ? "connecting" : "catching-up";
  }

  get #isPublic(): boolean {
    return this.#details.value?.visibility === "public";
  }

  #idOf({ id }: Pick<ChatMessage, "id">): string {
    this.#checkOpen();
    if (id === null) throw new TypeError("The message is not known to be kept.");
    return id;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ChatClosed();
  }
}
