import { shallowReactive } from "vue";
import type { User } from "../identity/session";
import type { TopicMessage } from "../momento/topicStream";
import { decodeMessage, type Message } from "./message";

/** What the log of a room holds. Entries do not change: a new one takes an old one's place. */
export type LogEntry = TextEntry | UnreadableEntry | GapEntry;

/** A message. */
export interface TextEntry {
  readonly kind: "text";
  readonly key: string;
  readonly sender: User;
  readonly isOwn: boolean;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** `sending` and `failed` are for own messages only. */
  readonly status: "sending" | "sent" | "failed";
  /** Why it failed, for a person. */
  readonly failure?: string;
}

/** Something was published that is not a message. */
export interface UnreadableEntry {
  readonly kind: "unreadable";
  readonly key: string;
  readonly sender: User;
  readonly time: number;
}

/** Messages may be missing here. */
export interface GapEntry {
  readonly kind: "gap";
  readonly key: string;
  readonly time: number;
}

/** Older entries are dropped. */
export const maxEntries = 2000;

/** What was said in a room: what came, in its order, and what the user has sent that has not come back yet, at the end. */
export class MessageLog {
  /** Reactive. */
  readonly entries: LogEntry[] = shallowReactive([]);
  readonly #user: User;

  /** By key: a message that comes again has an entry. */
  readonly #texts = new Map<string, TextEntry>();

  /** The keys of own messages that have not come back. */
  readonly #away = new Set<string>();
  #lastKey = 0;

  constructor(user: User) {
    this.#user = user;
  }

  /** Shows an own message that is about to be sent. @returns The entry's key. */
  addOwn({ clientId, text, sentAt }: Message): string {
    const key = keyOf(this.#user.id, clientId);
    this.#away.add(key);
    this.#add({ kind: "text", key, sender: this.#user, isOwn: true, text, time: Date.parse(sentAt), status: "sending" });
    return key;
  }

  /** Momento has taken an own message, or not, or it is sent again. It may have come back already. */
  markOwn(key: string, status: TextEntry["status"], failure?: string): void {
    const entry = this.#texts.get(key);
    if (!entry || entry.status === "sent") return;
    const { failure: _, ...rest } = entry;
    this.#replace(entry, { ...rest, status, ...(failure !== undefined && { failure }) });
  }

  /** @returns The entry, if it is news: from somebody else, and not here before. */
  receive(message: TopicMessage): LogEntry | null {
    const sender = senderOf(message.publisherId);
    const decoded = message.text === null ? null : decodeMessage(message.text);
    if (!decoded) {
      this.#add({ kind: "unreadable", key: this.#nextKey(), sender, time: Date.now() });
      return null;
    }

    const key = keyOf(sender.id, decoded.clientId);
    const known = this.#texts.get(key);
    if (known) {
      if (this.#away.delete(key)) this.#place(known);
      return null;
    }

    const isOwn = sender.id === this.#user.id;
    const entry: TextEntry = { kind: "text", key, sender, isOwn, text: decoded.text, time: this.#timeOf(decoded), status: "sent" };
    this.#add(entry);
    return isOwn ? null : entry;
  }

  addGap(): void {
    if (this.#lastSent()?.kind === "gap") return;
    this.#add({ kind: "gap", key: this.#nextKey(), time: Date.now() });
  }

  /** The sender's clock says when, but not before the last message nor after now: it may be wrong, or lie. */
  #timeOf(message: Message): number {
    const now = Date.now();
    const claimed = Date.parse(message.sentAt);
    return Number.isNaN(claimed) ? now : Math.min(now, Math.max(claimed, this.#lastSent()?.time ?? 0));
  }

  #lastSent(): LogEntry | undefined {
    return this.entries[this.#firstUnsent() - 1];
  }

  /** An own message has come back: this is its place among the others', here as with everybody. */
  #place(entry: TextEntry): void {
    const { failure: _, ...rest } = entry;
    this.entries.splice(this.entries.indexOf(entry), 1);
    this.#add({ ...rest, time: Math.max(entry.time, this.#lastSent()?.time ?? 0), status: "sent" });
  }

  #add(entry: LogEntry): void {
    this.entries.splice(isSent(entry) ? this.#firstUnsent() : this.entries.length, 0, entry);
    if (entry.kind === "text") this.#texts.set(entry.key, entry);
    if (this.entries.length > maxEntries) this.#forget(this.entries.shift()!);
  }

  #replace(old: TextEntry, entry: TextEntry): void {
    this.entries[this.entries.indexOf(old)] = entry;
    this.#texts.set(entry.key, entry);
  }

  #forget({ key }: LogEntry): void {
    this.#texts.delete(key);
    this.#away.delete(key);
  }

  /** Where those begin that are sending or have failed: looked for from the end, where they are. */
  #firstUnsent(): number {
    return this.entries.findLastIndex(isSent) + 1;
  }

  #nextKey(): string {
    return `${++this.#lastKey}`;
  }
}

function isSent(entry: LogEntry): boolean {
  return entry.kind !== "text" || entry.status === "sent";
}

/** Two people may give their messages the same name; a person may send one twice. */
function keyOf(userId: string, clientId: string): string {
  return `${userId}/${clientId}`;
}

/** `{id}.{name}`, or the id alone: as the API has it made. Whatever the body says, this is who sent it. */
function senderOf(publisherId: string): User {
  const dot = publisherId.indexOf(".");
  const id = dot < 0 ? publisherId : publisherId.slice(0, dot);
  return { id, name: dot < 0 ? "" : publisherId.slice(dot + 1) };
}
