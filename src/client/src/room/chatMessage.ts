import type { Metadata, Reaction, User } from "../api/types.ts";

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

/** Why a message was not sent. */
export interface SendFailure {
  /** For a person. */
  readonly reason: string;

  /**
   * The API's name of the problem, such as `rejected` or `banned`; `old` for what has waited for longer than a day and is only sent
   * if it is still wanted; `sign-in` where the session is over; empty where there is no name.
   */
  readonly type: string;
}
