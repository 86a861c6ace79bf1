/** What a message of Protocol Buffers carries: each field by its number, the last of those that come twice. */
export type Fields = ReadonlyMap<number, bigint | Uint8Array>;

const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;

const encoder = new TextEncoder();

/**
 * Writes a message of the kinds that Momento's requests need.
 * @param fields By number: texts and unsigned numbers.
 */
export function encode(fields: Readonly<Record<number, string | bigint>>): Uint8Array {
  const bytes: number[] = [];
  for (const [number, value] of Object.entries(fields)) {
    const isText = typeof value === "string";
    writeVarint(bytes, BigInt((Number(number) << 3) | (isText ? lengthDelimited : varint)));
    if (!isText) {
      writeVarint(bytes, value);
      continue;
    }
    const text = encoder.encode(value);
    writeVarint(bytes, BigInt(text.length));
    bytes.push(...text);
  }
  return Uint8Array.from(bytes);
}

/** @throws RangeError It is no message, or is cut short. */
export function decode(bytes: Uint8Array): Fields {
  const fields = new Map<number, bigint | Uint8Array>();
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError("A message is cut short.");
    return bytes.subarray(at, (at += length));
  };
  const readVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = take(1)[0]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError("A number has no end.");
  };

  while (at < bytes.length) {
    const tag = Number(readVarint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case varint:
        fields.set(number, readVarint());
        break;
      case lengthDelimited:
        fields.set(number, take(Number(readVarint())));
        break;
      // Nothing that is read here is of these kinds; what is added later may be.
      case fixed64:
        take(8);
        break;
      case fixed32:
        take(4);
        break;
      default:
        throw new RangeError("A field is of an unknown kind.");
    }
  }
  return fields;
}

function writeVarint(bytes: number[], value: bigint): void {
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
}
