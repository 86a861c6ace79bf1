/** Timers of browsers and of Node take no more, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** A wait that can be cut short. */
export class Pause {
  #end: (() => void) | null = null;
  #canBeWoken = true;

  /** @param canBeWoken Whether {@link Pause.wake} ends it; {@link Pause.cancel} does so always. */
  async wait(milliseconds: number, canBeWoken = true): Promise<void> {
    this.#canBeWoken = canBeWoken;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#end = null;
        resolve();
      };
      const timer = setTimeout(end, Math.min(milliseconds, longestTimer));
      this.#end = end;
    });
  }

  wake(): void {
    if (this.#canBeWoken) this.#end?.();
  }

  cancel(): void {
    this.#end?.();
  }
}

/** Timers that end together. */
export class Timers {
  readonly #running = new Set<ReturnType<typeof setTimeout>>();

  after(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      work();
    }, milliseconds);
    this.#running.add(timer);
  }

  clear(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
