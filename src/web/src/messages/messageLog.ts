import { shallowReactive } from "vue";
import type { Message, MessagePage, ReactionsEvent } from "../api/chatApi";
import type { User } from "../identity/session";
import { newerOf, noReactions, type Reactions, toldBy, withOwn } from "./reactions";

/** A message in the log. It does not change: a new one takes its place. */
export interface LogEntry {
  /** Stays the same from the moment a message is sent. */
  readonly key: string;
  /** Null as long as it is not known to be kept. */
  readonly id: string | null;
  /** Its place; null as long as it is not known to be kept. */
  readonly number: number | null;
  /** 0 as long as it is not known to be kept. */
  readonly version: number;
  readonly sender: User;
  readonly isOwn: boolean;
  /** Null once it is deleted. */
  readonly text: string | null;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** `sending` and `failed` are for own messages only. */
  readonly status: "sending" | "sent" | "failed";
  /** Why it failed, for a person. */
  readonly failure?: string;
  /** None once it is deleted. */
  readonly reactions: Reactions;
  /** Why one's own reaction was not taken, for a person. */
  readonly reactionFailure?: string;
}

/** Older entries are dropped. */
export const maxEntries = 2000;

/** What was said in a room, by number, and what the user has sent that is not known to be kept, at the end. */
export class MessageLog {
  /** Reactive. */
  readonly entries: LogEntry[] = shallowReactive([]);
  readonly #user: User;
  readonly #byKey = new Map<string, LogEntry>();

  /** Messages below this number are not shown: between them and those that are, some would be missing. */
  #from = 1;

  /** The greatest number that was seen; null before the first page. */
  #newest: number | null = null;

  constructor(user: User) {
    this.#user = user;
  }

  /** Shows an own message that is about to be sent. @returns The entry's key. */
  addOwn(clientId: string, text: string): string {
    const key = keyOf(this.#user.id, clientId);
    const reactions = noReactions;
    this.#insert({ key, id: null, number: null, version: 0, sender: this.#user, isOwn: true, text, time: Date.now(), status: "sending", reactions });
    return key;
  }

  /** An own message is sent again, or could not be. It may have come back already. */
  markOwn(key: string, status: "sending" | "failed", failure?: string): void {
    const entry = this.#byKey.get(key);
    if (!entry || entry.status === "sent") return;
    const { failure: _, ...rest } = entry;
    this.#replace(entry, { ...rest, status, ...(failure !== undefined && { failure }) });
  }

  /** Begins anew with the newest page. What is newer than the page stays. @returns Those that are news. */
  begin(page: MessagePage): LogEntry[] {
    const isFirst = this.#newest === null;
    const newest = Math.max(0, ...page.messages.map(({ number }) => number));
    for (const entry of this.entries.filter(({ number }) => number !== null && number <= newest)) this.#remove(entry);
    this.#from = page.before ?? 1;
    const news = this.mergeAll(page.messages);
    return isFirst ? [] : news;
  }

  /** @returns Those that are news, in their order. */
  mergeAll(messages: readonly Message[]): LogEntry[] {
    this.#newest ??= 0;
    return messages.toSorted((a, b) => a.number - b.number).flatMap((message) => this.merge(message) ?? []);
  }

  /** Takes a message as it is now, unless a newer version is here. @returns The entry, if it is news: from somebody else, and new. */
  merge(message: Message): LogEntry | null {
    const key = keyOf(message.sender.id, message.clientId);
    const known = this.#byKey.get(key);
    if (known && known.version >= message.version) {
      if (known.text !== null) this.#react(known, newerOf(known.reactions, message.reactions));
      return null;
    }
    if (message.number < this.#from) {
      if (known) this.#remove(known);
      return null;
    }

    const entry = this.#entryOf(key, message, known);
    const isLatest = this.#newest !== null && message.number > this.#newest;
    if (isLatest) this.#newest = message.number;
    if (known && known.number !== null) {
      this.#replace(known, entry);
      return null;
    }
    if (known) this.#remove(known);
    this.#insert(entry);
    return isLatest && !entry.isOwn && entry.text !== null ? entry : null;
  }

  /** Takes what a message's reactions come to, unless something newer is here. */
  tellReactions(event: ReactionsEvent): void {
    const entry = this.entries.findLast(({ id }) => id === event.id);
    if (entry && entry.text !== null) this.#react(entry, toldBy(event, entry.reactions));
  }

  /** Shows one's own reaction, or that it is taken back, before the API has said so. */
  markReaction(key: string, emoji: string, isOwn: boolean, failure?: string): void {
    const entry = this.#byKey.get(key);
    if (entry && entry.text !== null) this.#react(entry, withOwn(entry.reactions, emoji, isOwn), failure);
  }

  #entryOf(key: string, message: Message, known: LogEntry | undefined): LogEntry {
    const { id, number, version, sender, text, sentAt } = message;
    const isOwn = sender.id === this.#user.id;
    const reactions = text === undefined ? noReactions : newerOf(known?.reactions ?? noReactions, message.reactions);
    return { key, id, number, version, sender, isOwn, text: text ?? null, time: Date.parse(sentAt), status: "sent", reactions };
  }

  #react(entry: LogEntry, reactions: Reactions, failure?: string): void {
    if (reactions === entry.reactions && failure === entry.reactionFailure) return;
    const { reactionFailure: _, ...rest } = entry;
    this.#replace(entry, { ...rest, reactions, ...(failure !== undefined && { reactionFailure: failure }) });
  }

  #insert(entry: LogEntry): void {
    this.entries.splice(this.#placeOf(entry), 0, entry);
    this.#byKey.set(entry.key, entry);
    if (this.entries.length > maxEntries) this.#forgetOldest();
  }

  /** Looked for from the end, where most belong. */
  #placeOf({ number }: LogEntry): number {
    if (number === null) return this.entries.length;
    return this.entries.findLastIndex((other) => other.number !== null && other.number < number) + 1;
  }

  #replace(old: LogEntry, entry: LogEntry): void {
    this.entries[this.entries.indexOf(old)] = entry;
    this.#byKey.set(entry.key, entry);
  }

  #remove(entry: LogEntry): void {
    this.entries.splice(this.entries.indexOf(entry), 1);
    this.#byKey.delete(entry.key);
  }

  #forgetOldest(): void {
    const oldest = this.entries[0]!;
    this.#remove(oldest);
    if (oldest.number !== null) this.#from = oldest.number + 1;
  }
}

/** Two people may give their messages the same name; the API keeps one of each name from one person. */
function keyOf(userId: string, clientId: string): string {
  return `${userId}/${clientId}`;
}
