const minute = 60_000;
const hour = 60 * minute;

const relativeFormat = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full" });

/** "now", "5 min. ago", and after an hour the time of the day. All times are milliseconds since the epoch. */
export function timeAgo(time: number, now: number): string {
  const age = now - time;
  if (age < minute) return "now";
  return age < hour ? relativeFormat.format(-Math.floor(age / minute), "minute") : clockFormat.format(time);
}

/** The day and the second. */
export function exactTime(time: number): string {
  return exactFormat.format(time);
}

/** "today", "yesterday", or the date. */
export function dayName(time: number, now: number): string {
  const days = Math.round((startOfDay(time) - startOfDay(now)) / (24 * hour));
  const name = Math.abs(days) < 2 ? new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(days, "day") : dayFormat.format(time);
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
}

/** The local midnight before. */
export function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}
