/** Ends what it was returned for. */
export type Unsubscribe = () => void;

/** What happens: subscribe to it, or iterate over it. */
export interface Source<T> extends AsyncIterable<T> {
  /** @param listener Is told what happens from now on. */
  subscribe(listener: (each: T) => void): Unsubscribe;
}

interface Subscriber<T> {
  readonly take: (each: T) => void;
  readonly ended: () => void;
}

/** A {@link Source} from the side on which it happens. */
export class Feed<T> implements Source<T> {
  readonly #subscribers = new Set<Subscriber<T>>();
  #hasEnded = false;

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What a listener throws is reported as an uncaught error is, and is in nobody's way. */
  emit(each: T): void {
    for (const { take } of [...this.#subscribers]) {
      try {
        take(each);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  subscribe(listener: (each: T) => void, ended: () => void = () => {}): Unsubscribe {
    const subscriber = { take: listener, ended };
    if (!this.#hasEnded) this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** All that happens from now on, in order. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const waiting: T[] = [];
    let wake = () => {};
    const unsubscribe = this.subscribe(
      (each) => {
        waiting.push(each);
        wake();
      },
      () => wake(),
    );
    try {
      for (;;) {
        if (waiting.length > 0) yield waiting.shift()!;
        else if (this.#hasEnded) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      unsubscribe();
    }
  }

  end(): void {
    this.#hasEnded = true;
    for (const { ended } of [...this.#subscribers]) ended();
    this.#subscribers.clear();
  }
}
