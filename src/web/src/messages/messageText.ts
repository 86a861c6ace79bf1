/** The API takes so many Unicode code points of a text. */
export const maxTextLength = 2000;

/** How many characters a text has left before it is too long; negative if it is. Counted as the API does: in NFC. */
export function charactersLeft(text: string): number {
  return maxTextLength - Array.from(text.trim().normalize("NFC")).length;
}
