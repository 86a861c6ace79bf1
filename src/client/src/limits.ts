/** How long things may take, in milliseconds. The defaults suit the API; tests shorten them. */
export interface Limits {
  /** A stream without so much as a heartbeat for so long is taken for dead. */
  readonly silence: number;

  /** A stream that has not opened after so long is given up. */
  readonly opening: number;

  /** An event that is missing among others is given so long to come before its message is read: instances publish side by side. */
  readonly holePatience: number;

  /** After so long without a sign of a room it is looked at: nothing that is published is sure to arrive. */
  readonly look: number;

  /** The same for a public room, whose topic never changes, in which nothing has happened for ten times {@link Limits.look}. */
  readonly quietLook: number;

  /** How often the list of rooms is read again while somebody sees it. */
  readonly list: number;

  /** How often a presence is renewed. The API forgets who has not done so for 90 s. */
  readonly presence: number;
}

export const defaultLimits: Limits = {
  silence: 30_000,
  opening: 10_000,
  holePatience: 2_000,
  look: 60_000,
  quietLook: 300_000,
  list: 60_000,
  presence: 60_000,
};
