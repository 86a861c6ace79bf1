import type { ChatApi } from "../api/chatApi.ts";
import type { Me } from "../api/types.ts";
import type { Limits } from "../limits.ts";
import type { RoomTokens } from "../momento/roomTokens.ts";
import type { OpenTopicStream } from "../momento/topicStream.ts";
import type { TextStorage } from "../outbox/outboxStorage.ts";
import type { PresenceSwitch } from "../people/people.ts";
import type { ReadMarks } from "../rooms/readMarks.ts";
import type { Room } from "./room.ts";

/** What all rooms of a chat share. */
export interface RoomSurroundings {
  readonly api: ChatApi;
  readonly open: OpenTopicStream;
  readonly tokens: RoomTokens;
  readonly marks: ReadMarks;
  readonly presence: PresenceSwitch;
  readonly limits: Limits;
  readonly maxMessages: number;

  /** Where unsent messages are kept, and how their keys begin. */
  readonly storage: TextStorage | null;
  readonly storagePrefix: string;

  /** Settles once the user is known; fails where nobody ever will be. */
  readonly me: Promise<Me>;

  /** Asks for room among the streams. */
  awake(room: Room): void;

  /** Needs it no longer. */
  asleep(room: Room): void;

  closed(room: Room): void;
}
