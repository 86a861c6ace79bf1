/** Base64 that comes in pieces, cut anywhere; padding may stand in the midst, where one piece of the original ended. */
export class Base64Stream {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** @returns What is whole by now. */
  take(piece: Uint8Array): Uint8Array {
    const text = this.#rest + this.#decoder.decode(piece);
    const whole = text.length - (text.length % 4);
    this.#rest = text.slice(whole);
    const runs = text.slice(0, whole).match(/[^=]+={0,2}/g) ?? [];
    return Uint8Array.from(runs.map(atob).join(""), (character) => character.charCodeAt(0));
  }
}
