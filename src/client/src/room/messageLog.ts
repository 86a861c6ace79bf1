import type { Message, MessagePage, Reaction, ReactionSummary } from "../api/types.ts";
import type { ChatMessage } from "./chatMessage.ts";
import type { ReactionsEvent } from "../api/roomEvent.ts";

/** A message, and what is known of its reactions. */
interface Entry {
  readonly number: number;
  readonly version: number;
  message: ChatMessage;
  reactionsVersion: number;

  /** When its reactions were last heard of, by {@link MessageLog.now}. */
  reactionsAt: number;
}

/**
 * What is kept of a room, by number: all messages from one on to the newest, and of those the newest version that was seen. Where it
 * grows longer than it may be, the oldest are dropped.
 */
export class MessageLog {
  readonly #userId: () => string;
  readonly #maxMessages: number;
  readonly #entries: Entry[] = [];
  readonly #byId = new Map<string, Entry>();

  /** Messages below this number are not here: between them and those that are, some would be missing. */
  #from = 1;

  /** The greatest number that was seen; 0 where there is none. */
  #newest = 0;

  /** The number up to which {@link MessageLog.takeNews} has told; null before the first page. */
  #told: number | null = null;
  #clock = 0;

  /** @param userId Whose messages are own ones. */
  constructor(userId: () => string, maxMessages: number) {
    this.#userId = userId;
    this.#maxMessages = maxMessages;
  }

  get messages(): ChatMessage[] {
    return this.#entries.map(({ message }) => message);
  }

  /** The number to read older ones from; null where there are none, or no room for them. */
  get olderThan(): number | null {
    return this.#from > 1 && this.#entries.length < this.#maxMessages ? this.#from : null;
  }

  /** The greatest number that was seen; 0 where there is none. */
  get newest(): number {
    return this.#newest;
  }

  /** Tells pages that were asked for before something happened from those asked for later. */
  get now(): number {
    return this.#clock;
  }

  /**
   * Begins anew with the newest page.
   * @param asked When the page was asked for, by {@link MessageLog.now}.
   * @param isAnother It is of another log: that of a room which was made again under the name of one that is gone.
   */
  begin(page: MessagePage, asked: number, isAnother: boolean): void {
    this.#drop(() => true);
    this.#from = page.before ?? 1;
    if (isAnother) this.#newest = 0;
    this.mergeAll(page.messages, asked);
    if (this.#told === null || isAnother) this.#told = this.#newest;
  }

  mergeAll(messages: readonly Message[], asked: number | null): void {
    for (const message of [...messages].sort((a, b) => a.number - b.number)) this.merge(message, asked);
  }

  /** Takes an older page, as it was asked for by {@link MessageLog.olderThan}. */
  prepend(page: MessagePage, asked: number): void {
    const numbers = page.messages.map(({ number }) => number);
    // What came between has begun anew, or has dropped what this page joins on to.
    if (Math.max(0, ...numbers) !== this.#from - 1 && page.messages.length > 0) return;
    this.#from = page.before ?? 1;
    this.mergeAll(page.messages, asked);
  }

  /**
   * Takes a message as it is now, unless a newer version is here.
   * @param asked When it was asked for, if it was: an event says nothing of reactions.
   */
  merge(message: Message, asked: number | null): void {
    if (message.number < this.#from) return;
    this.#newest = Math.max(this.#newest, message.number);
    const known = this.#byId.get(message.id);
    if (!known) {
      this.#insert({ number: message.number, version: message.version, message: this.#shown(message, []), reactionsVersion: 0, reactionsAt: 0 });
    } else if (message.version > known.version) {
      this.#replace(known, message);
    }
    const entry = this.#byId.get(message.id);
    if (entry && asked !== null) this.#takeReactions(entry, message.reactions ?? null, asked);
  }

  /**
   * What was said since this was last asked: each message once and in order, so that one which has overtaken others waits for them.
   * @returns Those of other people that have a text.
   */
  takeNews(): ChatMessage[] {
    if (this.#told === null) return [];
    // Between what was told and what is here some are missing, which will not come.
    this.#told = Math.max(this.#told, this.#from - 1);
    let place = this.#entries.length;
    while (place > 0 && this.#entries[place - 1]!.number > this.#told) place--;
    const news: ChatMessage[] = [];
    for (; this.#entries[place]?.number === this.#told + 1; place++, this.#told++) news.push(this.#entries[place]!.message);
    return news.filter(({ isOwn, text }) => !isOwn && text !== null);
  }

  /** @returns Whether it says something new. */
  react({ id, version, items }: ReactionsEvent): boolean {
    const entry = this.#byId.get(id);
    if (!entry || version <= entry.reactionsVersion) return false;
    const mine = entry.message.reactions.filter((each) => each.mine);
    entry.reactionsVersion = version;
    this.#setReactions(entry, items.map((item) => ({ ...item, ...(mine.some(isAlso(item.emoji)) && { mine: true }) })));
    return true;
  }

  /**
   * Shows what the user thinks of a message, before the API knows it.
   * @returns Takes it back, unless something else was heard since.
   */
  reactOwn(id: string, emoji: string, isOn: boolean): () => void {
    const entry = this.#byId.get(id);
    if (!entry) return () => {};
    const before = entry.message.reactions;
    const reaction = before.find(isAlso(emoji));
    if ((reaction?.mine ?? false) === isOn) return () => {};
    const count = (reaction?.count ?? 0) + (isOn ? 1 : -1);
    const changed: Reaction = { emoji: reaction?.emoji ?? emoji, count, ...(isOn && { mine: true }) };
    const after = reaction ? before.map((each) => (each === reaction ? changed : each)) : [...before, changed];
    this.#setReactions(entry, after.filter((each) => each.count > 0));
    const at = entry.reactionsAt;
    return () => {
      if (entry.reactionsAt === at) this.#setReactions(entry, before);
    };
  }

  /** The API knows now what the user thinks: what was read meanwhile may not have shown it. */
  confirmOwn(id: string, emoji: string, isOn: boolean): void {
    const entry = this.#byId.get(id);
    const reaction = entry?.message.reactions.find(isAlso(emoji));
    if (!entry || (reaction?.mine ?? false) === isOn) return;
    if (!reaction) return void this.reactOwn(id, emoji, isOn);
    const changed: Reaction = { emoji: reaction.emoji, count: reaction.count, ...(isOn && { mine: true }) };
    this.#setReactions(entry, entry.message.reactions.map((each) => (each === reaction ? changed : each)));
  }

  #takeReactions(entry: Entry, summary: ReactionSummary | null, asked: number): void {
    // Where there are none there is no version, and what was heard since the page was asked for is newer.
    if (entry.reactionsAt > asked || (summary && summary.version < entry.reactionsVersion)) return;
    if (!summary && entry.message.reactions.length === 0) return;
    entry.reactionsVersion = Math.max(entry.reactionsVersion, summary?.version ?? 0);
    entry.message = { ...entry.message, reactions: summary?.items ?? [] };
  }

  #setReactions(entry: Entry, reactions: readonly Reaction[]): void {
    entry.reactionsAt = ++this.#clock;
    entry.message = { ...entry.message, reactions };
  }

  #replace(known: Entry, message: Message): void {
    const entry = { ...known, version: message.version, message: this.#shown(message, known.message.reactions) };
    this.#entries[this.#entries.indexOf(known)] = entry;
    this.#byId.set(message.id, entry);
  }

  #insert(entry: Entry): void {
    // Looked for from the end, where most belong.
    let place = this.#entries.length;
    while (place > 0 && this.#entries[place - 1]!.number > entry.number) place--;
    this.#entries.splice(place, 0, entry);
    this.#byId.set(entry.message.id!, entry);
    if (this.#entries.length <= this.#maxMessages) return;
    this.#from = this.#entries[0]!.number + 1;
    this.#drop(({ number }) => number < this.#from);
  }

  #drop(isDropped: (entry: Entry) => boolean): void {
    const kept = this.#entries.filter((entry) => !isDropped(entry));
    for (const entry of this.#entries) if (isDropped(entry)) this.#byId.delete(entry.message.id!);
    this.#entries.splice(0, this.#entries.length, ...kept);
  }

  #shown(message: Message, reactions: readonly Reaction[]): ChatMessage {
    const { id, number, version, sender, clientId, text, sentAt, editedAt, deletedAt, replyTo, metadata } = message;
    const isOwn = sender.id === this.#userId();
    return {
      // Two people may give their messages the same name; the API keeps one of each name from one person.
      key: isOwn ? clientId : `${sender.id}/${clientId}`,
      id,
      number,
      version,
      sender,
      isOwn,
      text: text ?? null,
      sentAt: Date.parse(sentAt),
      editedAt: editedAt === undefined ? null : Date.parse(editedAt),
      deletedAt: deletedAt === undefined ? null : Date.parse(deletedAt),
      replyTo: replyTo ?? null,
      metadata: metadata ?? {},
      reactions: text === undefined ? [] : reactions,
      status: "sent",
      failure: null,
    };
  }
}

/** The API's emoji are fully qualified: what has one drawn as an emoji may be missing in another that is the same. */
function isAlso(emoji: string): (reaction: Reaction) => boolean {
  const plain = (each: string) => each.replaceAll("\uFE0F", "");
  return (reaction) => plain(reaction.emoji) === plain(emoji);
}
