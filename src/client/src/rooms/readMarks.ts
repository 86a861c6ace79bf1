import { Feed, type Unsubscribe } from "../live/feed.ts";

/** How far a room has come, and how far the user has read there. */
export interface ReadMark {
  /** Of the last message; 0 where there is none. */
  readonly number: number;
  readonly readNumber: number;
}

const unread: ReadMark = { number: 0, readNumber: 0 };

/** What open rooms and the list know of each other's numbers: both only grow, until the room is another one. */
export class ReadMarks {
  readonly #marks = new Map<string, ReadMark>();
  readonly #changes = new Feed<string>();

  of(chatId: string): ReadMark {
    return this.#marks.get(chatId) ?? unread;
  }

  note(chatId: string, { number = 0, readNumber = 0 }: Partial<ReadMark>): void {
    const known = this.of(chatId);
    const mark = { number: Math.max(known.number, number), readNumber: Math.max(known.readNumber, readNumber) };
    if (mark.number === known.number && mark.readNumber === known.readNumber) return;
    this.#marks.set(chatId, mark);
    this.#changes.emit(chatId);
  }

  /** The room was made again. */
  forget(chatId: string): void {
    this.#marks.delete(chatId);
  }

  subscribe(listener: (chatId: string) => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }
}
