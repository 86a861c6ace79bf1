import type { components } from "./schema.ts";

type Schemas = components["schemas"];

/** Who said something, or is here. Only the id identifies. */
export type User = Schemas["User"];

/** The caller. */
export type Me = Schemas["Me"];

/** A room as `GET /chats/{chatId}` has it. */
export type Room = Schemas["Room"];

/** A room in the list. */
export type ListedRoom = Schemas["ListedRoom"];

/** A token for Momento. */
export type Token = Schemas["Token"];

/** A message as the API has it. */
export type Message = Schemas["Message"] & { readonly reactions?: ReactionSummary };

/** Some of a room's messages. */
export type MessagePage = Omit<Schemas["MessagePage"], "messages"> & { readonly messages: readonly Message[] };

/** What a client keeps with its message for itself. */
export type Metadata = Schemas["Metadata"];

/** An emoji, and how many people have reacted with it. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;

  /** Whether the user is one of them. */
  readonly mine?: boolean;
}

/** A message's reactions; the one with the highest version is the newest. */
export interface ReactionSummary {
  readonly version: number;

  /** Most counted first. */
  readonly items: readonly Reaction[];
}

/** Who is in a room, and how its log stands. */
export type PresenceAnswer = Schemas["RoomPeople"];
