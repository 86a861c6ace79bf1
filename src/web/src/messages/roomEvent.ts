import type { RoomEvent } from "../api/chatApi";

const types: ReadonlySet<string> = new Set<RoomEvent["type"]>(["message", "sync", "presence", "moved", "deleted"]);

/** @returns Null for what this page does not know: a later version of the API may publish more. */
export function decodeEvent(text: string | null): RoomEvent | null {
  if (text === null) return null;
  try {
    const event = JSON.parse(text) as Partial<RoomEvent> | null;
    // Only the API publishes on the topic: the version vouches for the rest.
    return event?.v === 1 && types.has(event.type!) ? (event as RoomEvent) : null;
  } catch {
    return null;
  }
}
