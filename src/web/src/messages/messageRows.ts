import { startOfDay } from "./dates";
import type { LogEntry } from "./messageLog";

/** What stands below each other in a list of messages. */
export type Row =
  | { readonly kind: "day"; readonly key: string; readonly time: number }
  | { readonly kind: "unseen"; readonly key: string }
  | { readonly kind: "entry"; readonly key: string; readonly entry: LogEntry; readonly isFollowUp: boolean };

/** What the same person writes within five minutes stands together. */
const followUpWithin = 5 * 60_000;

/**
 * Puts separators between days, and before the first message that the user has not seen.
 * @param firstUnseen The key of that entry.
 */
export function rowsOf(entries: readonly LogEntry[], firstUnseen: string | null): Row[] {
  const rows: Row[] = [];
  let before: LogEntry | null = null;
  for (const entry of entries) {
    const startsDay = before === null || startOfDay(before.time) !== startOfDay(entry.time);
    if (startsDay) rows.push({ kind: "day", key: `day-${entry.key}`, time: entry.time });
    if (entry.key === firstUnseen) rows.push({ kind: "unseen", key: "unseen" });
    const isFollowUp = !startsDay && entry.key !== firstUnseen && follows(entry, before!);
    rows.push({ kind: "entry", key: entry.key, entry, isFollowUp });
    before = entry;
  }
  return rows;
}

function follows(entry: LogEntry, before: LogEntry): boolean {
  return entry.sender.id === before.sender.id && entry.time - before.time < followUpWithin;
}
