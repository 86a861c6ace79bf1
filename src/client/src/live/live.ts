import { Feed, type Unsubscribe } from "./feed.ts";

/**
 * A value that changes: read it as it is now, subscribe to it, or iterate over it. It is a Svelte store as it stands, and what
 * `useSyncExternalStore` and a Vue `shallowRef` need: a value is never changed, another one takes its place.
 */
export interface Live<T> extends AsyncIterable<T> {
  readonly value: T;

  /** @param listener Is told the value now, and each one that follows. */
  subscribe(listener: (value: T) => void): Unsubscribe;
}

/** A {@link Live} from the side that changes it. */
export class LiveValue<T> implements Live<T> {
  #value: T;
  readonly #changes = new Feed<T>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.#changes.emit(value);
  }

  subscribe(listener: (value: T) => void): Unsubscribe {
    const unsubscribe = this.#changes.subscribe(listener);
    listener(this.#value);
    return unsubscribe;
  }

  /** The value now, and then each newest one: whoever is slow sees some and not all. Ends when nothing changes any more. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    let [isChanged, wake] = [true, () => {}];
    const unsubscribe = this.#changes.subscribe(
      () => {
        isChanged = true;
        wake();
      },
      () => wake(),
    );
    try {
      while (isChanged || !this.#changes.hasEnded) {
        if (!isChanged) await new Promise<void>((resolve) => (wake = resolve));
        if (!isChanged) continue;
        isChanged = false;
        yield this.#value;
      }
    } finally {
      unsubscribe();
    }
  }

  /** Nothing changes any more. */
  end(): void {
    this.#changes.end();
  }
}
