import type { User } from "./session";

/** What to call a person on the page: somebody without a name is told from others by the first part of their id. */
export function displayName({ id, name }: User): string {
  return name || `Somebody ${id.slice(0, 8)}`.trimEnd();
}
