import type { ReadMarks } from "./readMarks.ts";

/** Tells the API how far the user has read in a room: what is read meanwhile is gathered into the next call. */
export class Reader {
  readonly #mark: (number: number) => Promise<void>;
  readonly #chatId: string;
  readonly #marks: ReadMarks;
  #marking: Promise<void> | null = null;
  #wanted = 0;

  /** @param mark Asks the API. */
  constructor(mark: (number: number) => Promise<void>, chatId: string, marks: ReadMarks) {
    this.#mark = mark;
    this.#chatId = chatId;
    this.#marks = marks;
  }

  /**
   * @param number Of the last message that was read.
   * @returns When the API knows it.
   */
  markRead(number: number): Promise<void> {
    this.#wanted = Math.max(this.#wanted, number);
    this.#marking ??= this.#markAll().finally(() => (this.#marking = null));
    return this.#marking;
  }

  async #markAll(): Promise<void> {
    while (this.#wanted > this.#marks.of(this.#chatId).readNumber) {
      const number = this.#wanted;
      await this.#mark(number);
      this.#marks.note(this.#chatId, { readNumber: number });
    }
  }
}
