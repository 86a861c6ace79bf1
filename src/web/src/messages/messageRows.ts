import type { ChatMessage } from "chat-functions-client";
import { startOfDay } from "./dates";

/** What stands below each other in a list of messages. */
export type Row =
  | { readonly kind: "day"; readonly key: string; readonly time: number }
  | { readonly kind: "unseen"; readonly key: string }
  | { readonly kind: "entry"; readonly key: string; readonly entry: ChatMessage; readonly isFollowUp: boolean };

/** What the same person writes within five minutes stands together. */
const followUpWithin = 5 * 60_000;

/**
 * Puts separators between days, and before the first message that the user has not seen.
 * @param firstUnseen The key of that entry.
 */
export function rowsOf(entries: readonly ChatMessage[], firstUnseen: string | null): Row[] {
  const rows: Row[] = [];
  let before: ChatMessage | null = null;
  for (const entry of entries) {
    const startsDay = before === null || startOfDay(before.sentAt) !== startOfDay(entry.sentAt);
    if (startsDay) rows.push({ kind: "day", key: `day-${entry.key}`, time: entry.sentAt });
    if (entry.key === firstUnseen) rows.push({ kind: "unseen", key: "unseen" });
    const isFollowUp = !startsDay && entry.key !== firstUnseen && follows(entry, before!);
    rows.push({ kind: "entry", key: entry.key, entry, isFollowUp });
    before = entry;
  }
  return rows;
}

function follows(entry: ChatMessage, before: ChatMessage): boolean {
  return entry.sender.id === before.sender.id && entry.sentAt - before.sentAt < followUpWithin;
}
