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
export type Message = Schemas["Message"];

/** Some of a room's messages. */
export type MessagePage = Schemas["MessagePage"];

/** What a client keeps with its message for itself. */
export type Metadata = Schemas["Metadata"];

/** A message's reactions; the one with the highest version is the newest. */
export type ReactionSummary = Schemas["Reactions"];

/** An emoji, how many people have reacted with it, and whether the user is one of them. */
export type Reaction = Readonly<ReactionSummary["items"][number]>;

/** Who is in a room, and how its log stands. */
export type PresenceAnswer = Schemas["RoomPeople"];
