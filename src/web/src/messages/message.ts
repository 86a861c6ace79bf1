/** What people write to each other, as it travels: JSON text. */
export interface Message {
  readonly text: string;

  /** When the sender says that it was sent: ISO 8601. */
  readonly sentAt: string;

  /** The sender's own name for the message: a message that is sent twice has it twice. */
  readonly clientId: string;
}

/** Momento takes so many bytes of UTF-8 (docs.momentohq.com/topics/limits, "Payload size"). */
export const maxMessageBytes = 4096;

export function encodeMessage(message: Message): string {
  return JSON.stringify(message);
}

/** @returns Null if it is not a message: anybody in a room can publish anything. */
export function decodeMessage(encoded: string): Message | null {
  try {
    const { text, sentAt, clientId } = JSON.parse(encoded) as Partial<Record<keyof Message, unknown>>;
    if (typeof text !== "string" || typeof sentAt !== "string" || typeof clientId !== "string") return null;
    return { text, sentAt, clientId };
  } catch {
    return null;
  }
}

/** How many bytes a text has left before its message is too long; negative if it is. */
export function bytesLeft(text: string): number {
  const message = { text, sentAt: new Date().toISOString(), clientId: crypto.randomUUID() };
  return maxMessageBytes - new TextEncoder().encode(encodeMessage(message)).length;
}
