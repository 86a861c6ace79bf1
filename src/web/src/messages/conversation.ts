import { shallowRef, type Ref } from "vue";
import type { ChatApi, LogEvent, MessagePage, Room } from "../api/chatApi";
import type { User } from "../identity/session";
import { RoomPeople } from "../people/roomPeople";
import { topicOf, type RoomTokens } from "../momento/roomTokens";
import { TopicSubscription, type SubscriptionState, type TokenSource } from "../momento/topicSubscription";
import type { OpenTopicStream } from "../momento/topicStream";
import { MessageLog, type LogEntry } from "./messageLog";
import { decodeEvent } from "./roomEvent";
import { RoomSync } from "./roomSync";

/** How conversations reach the API and Momento. */
export interface Connection {
  readonly api: Pick<ChatApi, "listMessages" | "getMessage" | "sendMessage" | "renewPresence" | "endPresence">;
  readonly open: OpenTopicStream;
  readonly tokens: Pick<RoomTokens, "get" | "discard">;
}

/** An own message that is not known to be kept. */
interface Unsent {
  readonly clientId: string;
  readonly text: string;
}

/** What happens while the user is in the room. */
interface Stay {
  readonly subscription: TopicSubscription;
  readonly sync: RoomSync;
}

/** One room's messages: what was said, what is being said while the user is in it, and what the user says. */
export class Conversation {
  readonly log: MessageLog;
  readonly people: RoomPeople;

  /** `live` once the messages are here and their changes come. */
  readonly state: Ref<SubscriptionState> = shallowRef({ kind: "connecting" });
  readonly #room: Room;
  readonly #tokens: TokenSource;
  readonly #connection: Connection;

  /** By the keys of their entries, for another try. */
  readonly #unsent = new Map<string, Unsent>();
  #stay: Stay | null = null;
  #streamState: SubscriptionState = { kind: "connecting" };

  /** How far the room's log is known. */
  #seq: number | null = null;

  /** The topic for which the token was renewed, so that two answers which disagree do not have it renewed for ever. */
  #movedTo: string | null = null;

  /** Takes each message of somebody else's that is news. */
  onNews: (entry: LogEntry) => void = () => {};

  constructor(room: Room, user: User, connection: Connection) {
    this.log = new MessageLog(user);
    this.people = new RoomPeople(connection.api, room, user.id);
    this.#room = room;
    this.#connection = connection;
    this.#tokens = {
      get: () => connection.tokens.get(room),
      discard: (token) => connection.tokens.discard(token),
      topicIn: (token) => topicOf(room, token),
    };
  }

  /** Subscribes, and reads what was said before and while the user was elsewhere. */
  enter(): void {
    this.leave();
    const sync = new RoomSync(this.#connection.api, this.#room, this.#seq, {
      message: (message) => this.#tell([this.log.merge(message)]),
      page: (page, isWhole) => this.#takePage(page, isWhole),
      change: () => this.#showState(),
      stopped: (message) => this.#stopWith(message),
    });
    const subscription = new TopicSubscription(this.#connection.open, this.#tokens, {
      message: ({ text }) => {
        const event = decodeEvent(text);
        if (event?.type === "presence") this.people.take(event);
        else if (event) this.#take(event, sync);
      },
      gap: () => sync.readOn(),
      state: (state) => {
        this.#streamState = state;
        // Only what is read once the stream is open leaves nothing out between the two.
        if (state.kind === "live") sync.readOn();
        if (state.kind === "stopped") sync.stop();
        this.#showState();
      },
    });
    this.#stay = { subscription, sync };
    void subscription.run();
    this.people.enter();
  }

  /** Unsubscribes. What is in the log stays. */
  leave(): void {
    this.people.leave();
    if (!this.#stay) return;
    this.#stay.subscription.stop();
    this.#stay.sync.stop();
    this.#seq = this.#stay.sync.seq;
    this.#stay = null;
  }

  /** The network may be back, the machine has woken up, or the page is seen again or not any more. */
  wake(): void {
    if (document.visibilityState === "hidden") this.people.leave();
    else if (this.#stay) this.people.enter();
    this.#stay?.subscription.wake();
    this.#stay?.sync.wake();
  }

  /** Shows the message at once, and then whether it was sent. */
  async send(text: string): Promise<void> {
    this.people.typed();
    const unsent = { clientId: crypto.randomUUID(), text };
    await this.#send(this.log.addOwn(unsent.clientId, text), unsent);
  }

  /** Sends a message again that has failed. If the first one has arrived after all, it is kept once. */
  async retry(key: string): Promise<void> {
    const unsent = this.#unsent.get(key);
    if (unsent) await this.#send(key, unsent);
  }

  async #send(key: string, unsent: Unsent): Promise<void> {
    this.#unsent.set(key, unsent);
    this.log.markOwn(key, "sending");
    try {
      const message = await this.#connection.api.sendMessage(this.#room.chatId, unsent.text, unsent.clientId);
      this.#unsent.delete(key);
      this.log.merge(message);
    } catch (error) {
      this.log.markOwn(key, "failed", (error as Error).message);
    }
  }

  #take(event: LogEvent, sync: RoomSync): void {
    if ("message" in event) this.people.stopTyping(event.message.sender.id);
    sync.take(event);
  }

  #takePage(page: MessagePage, isWhole: boolean): void {
    this.#tell(isWhole ? this.log.begin(page) : this.log.mergeAll(page.messages));
    const { subscription } = this.#stay!;
    const topic = page.eventsTopicName;
    if (topic === subscription.topic || topic === this.#movedTo) return;
    this.#movedTo = topic;
    subscription.renew();
  }

  #tell(news: (LogEntry | null)[]): void {
    for (const entry of news) if (entry) this.onNews(entry);
  }

  #stopWith(message: string): void {
    this.leave();
    this.state.value = { kind: "stopped", message };
  }

  #showState(): void {
    const reading = this.#stay?.sync.state;
    if (this.#streamState.kind !== "live" || reading === "read") this.state.value = this.#streamState;
    else this.state.value = { kind: reading === "failing" ? "reconnecting" : "connecting" };
  }
}
