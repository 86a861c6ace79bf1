import type { components } from "./schema.ts";

type Schemas = components["schemas"];

/** What the API publishes about a room's log. */
export type LogEvent =
  | Schemas["MessageEvent"]
  | Schemas["LongMessageEvent"]
  | Schemas["SyncEvent"]
  | Schemas["MovedEvent"]
  | Schemas["DeletedEvent"];

/** Who came, who left, who is typing. */
export type PresenceEvent = Schemas["PresenceEvent"];

/** What people think of a message by now. */
export type ReactionsEvent = Schemas["ReactionsEvent"];

/** What is heard on a room's events topic. */
export type RoomEvent = LogEvent | ReactionsEvent | PresenceEvent;

type Fields = Readonly<Record<string, unknown>>;

/** The version of the events that this package knows. It goes with the package's own major version. */
const knownVersion = 1;

/**
 * @param text What came on the topic.
 * @param chatId The room's.
 * @returns Null for what this package does not know, which a later version of the API may publish, and for what is of another room.
 */
export function decodeEvent(text: string | null, chatId: string): RoomEvent | null {
  const event = fieldsIn(text);
  if (event?.v !== knownVersion || (event.chatId !== undefined && event.chatId !== chatId)) return null;
  return isWhole(event, chatId) ? (event as unknown as RoomEvent) : null;
}

function fieldsIn(text: string | null): Fields | null {
  try {
    const event: unknown = JSON.parse(text ?? "");
    return isFields(event) ? event : null;
  } catch {
    return null;
  }
}

/** Only the API publishes on the topic: what is not looked at here is as its document says. */
function isWhole(event: Fields, chatId: string): boolean {
  switch (event.type) {
    case "message":
      if (!isNumber(event.seq)) return false;
      return event.fetch === true ? typeof event.id === "string" : isMessage(event.message, chatId);
    case "sync":
      return isNumber(event.seq);
    case "moved":
    case "deleted":
      return true;
    case "reactions":
      return typeof event.id === "string" && isNumber(event.version) && Array.isArray(event.items);
    case "presence":
      return [event.came, event.left, event.typing].every((list) => list === undefined || Array.isArray(list));
    default:
      return false;
  }
}

function isMessage(message: unknown, chatId: string): boolean {
  return isFields(message) && message.chatId === chatId && isNumber(message.number) && isNumber(message.version) && isFields(message.sender);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function isNumber(value: unknown): boolean {
  return Number.isSafeInteger(value);
}
