import type { Message, ReactionsEvent } from "../api/chatApi";

/** What a message's reactions come to. It does not change: a new one takes its place. */
export interface Reactions {
  /** 0 where nothing is known of any. */
  readonly version: number;
  /** The most first. */
  readonly items: readonly { readonly emoji: string; readonly count: number }[];
  /** The user's own emoji, which no event says. */
  readonly own: readonly string[];
}

export const noReactions: Reactions = { version: 0, items: [], own: [] };

/** Those that are one press away. */
export const usualEmoji = ["👍", "❤️", "😂", "😮", "😢", "🎉"];

/** The newer of what is known and what an answer says. */
export function newerOf(known: Reactions, answer: Message["reactions"]): Reactions {
  if (!answer || answer.version < known.version) return known;
  const { version, items } = answer;
  return { version, items, own: items.filter(({ mine }) => mine).map(({ emoji }) => emoji) };
}

/** What an event says, which is the same for everybody: one's own stay one's own. */
export function toldBy(event: ReactionsEvent, known: Reactions): Reactions {
  return event.version > known.version ? { ...known, version: event.version, items: event.items } : known;
}

/** With one's own reaction, or without it, before the API has said so. */
export function withOwn(known: Reactions, emoji: string, isOwn: boolean): Reactions {
  if (known.own.includes(emoji) === isOwn) return known;
  const found = known.items.find((item) => item.emoji === emoji);
  const item = { emoji, count: (found?.count ?? 0) + (isOwn ? 1 : -1) };
  const items = found ? known.items.map((each) => (each === found ? item : each)) : [...known.items, item];
  const others = known.own.filter((each) => each !== emoji);
  return { ...known, items: items.filter(({ count }) => count > 0), own: isOwn ? [...others, emoji] : others };
}

/** An emoji as it stands in a path. */
export function codePointsOf(emoji: string): string {
  return Array.from(emoji, (character) => character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")).join("-");
}
