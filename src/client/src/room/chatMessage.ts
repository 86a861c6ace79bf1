import type { Me, Metadata, Reaction, User } from "../api/types.ts";
import type { SendFailure, UnsentMessage } from "../outbox/outboxStorage.ts";

/** A message in a room. It does not change: a new one takes its place. */
export interface ChatMessage {
  /** Stays the same from the moment a message is sent, and is no other message's. */
  readonly key: string;

  /** Null as long as it is not known to be kept; so is the number. */
  readonly id: string | null;

  /** Its place: 1 for the room's first. */
  readonly number: number | null;

  /** The greatest is the newest; 0 as long as it is not known to be kept. */
  readonly version: number;
  readonly sender: User;
  readonly isOwn: boolean;

  /** Null once it is deleted. */
  readonly text: string | null;

  /** Milliseconds since the epoch. It orders nothing. */
  readonly sentAt: number;
  readonly editedAt: number | null;
  readonly deletedAt: number | null;

  /** The id of the message that it answers. */
  readonly replyTo: string | null;
  readonly metadata: Metadata;

  /** Most counted first. */
  readonly reactions: readonly Reaction[];

  /** `sending` and `failed` are for own messages only. */
  readonly status: "sending" | "sent" | "failed";

  /** Why it has failed. */
  readonly failure: SendFailure | null;
}

const nobody: User = { id: "", name: "" };

/**
 * A message as it is shown before it is known to be kept.
 * @param me Null as long as it is not known whose it is.
 */
export function shownUnsent({ clientId, text, replyTo, metadata, wantedAt, failure }: UnsentMessage, me: Me | null): ChatMessage {
  return {
    key: clientId,
    id: null,
    number: null,
    version: 0,
    sender: me ? { id: me.id, name: me.name } : nobody,
    isOwn: true,
    text,
    sentAt: wantedAt,
    editedAt: null,
    deletedAt: null,
    replyTo: replyTo ?? null,
    metadata: metadata ?? {},
    reactions: [],
    status: failure ? "failed" : "sending",
    failure: failure ?? null,
  };
}
