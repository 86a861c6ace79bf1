import type { Chat, ChatMessage, People, Room, Unsubscribe } from "chat-functions-client";
import { shallowReactive, shallowRef, type Ref } from "vue";
import type { Session } from "../identity/session";

/** How a conversation is; the message is for a person. */
export type ConversationState =
  | { readonly kind: "connecting" | "live" | "reconnecting" }
  | { readonly kind: "stopped"; readonly message: string };

/** One room's messages, as Vue shows them: what was said, what is being said while the user is in it, and what the user says. */
export class Conversation {
  readonly entries: Ref<readonly ChatMessage[]> = shallowRef([]);

  /** `live` once the messages are here and their changes come. */
  readonly state: Ref<ConversationState> = shallowRef({ kind: "connecting" });

  /** Null as long as it is not known who is here. */
  readonly people: Ref<People | null> = shallowRef(null);

  /** Why a reaction was not taken, by the message's key; for a person. */
  readonly reactionFailures: Map<string, string> = shallowReactive(new Map());

  /** Takes each message of somebody else's that is news. */
  onNews: (entry: ChatMessage) => void = () => {};

  readonly #chatId: string;
  readonly #chat: Pick<Chat, "room">;
  readonly #session: Pick<Session, "note">;
  #room: Room | null = null;
  #subscriptions: Unsubscribe[] = [];

  constructor(chatId: string, chat: Pick<Chat, "room">, session: Pick<Session, "note">) {
    this.#chatId = chatId;
    this.#chat = chat;
    this.#session = session;
  }

  /** Listens, and reads what was said before and while the user was elsewhere. Begins anew where it has stopped. */
  enter(): void {
    if (this.state.value.kind === "stopped") this.#room?.close();
    const room = this.#chat.room(this.#chatId);
    if (room === this.#room) return;
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#room = room;
    this.#subscriptions = [
      room.messages.subscribe((messages) => (this.entries.value = messages)),
      room.news.subscribe((message) => this.onNews(message)),
      room.people.subscribe((people) => (this.people.value = people.isKnown ? people : null)),
      room.status.subscribe(() => this.#showState(room)),
    ];
  }

  /** Listens no more. What is here stays. */
  leave(): void {
    this.#room?.sleep();
  }

  /** The user has changed what they write. */
  type(): void {
    this.#room?.typing();
  }

  /** Shows the message at once, and sends it as soon as it can be. */
  send(text: string): void {
    void this.#room?.send(text);
  }

  /** Sends a message again that has failed. */
  retry(entry: ChatMessage): void {
    void this.#room?.retry(entry);
  }

  /** Reacts, or takes that back: shown at once, and again as it was where the API does not take it. */
  async toggleReaction(entry: ChatMessage, emoji: string): Promise<void> {
    const isOwn = entry.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
    this.reactionFailures.delete(entry.key);
    try {
      await this.#room?.react(entry, emoji, !isOwn);
    } catch (error) {
      this.#session.note(error);
      this.reactionFailures.set(entry.key, (error as Error).message);
    }
  }

  #showState(room: Room): void {
    const { value: status } = room.status;
    if (room.error) this.#session.note(room.error);
    if (status === "live") this.state.value = { kind: "live" };
    else if (status === "offline") this.state.value = { kind: "reconnecting" };
    else if (status === "denied" || status === "deleted") this.state.value = { kind: "stopped", message: room.error!.message };
    else this.state.value = { kind: "connecting" };
  }
}
