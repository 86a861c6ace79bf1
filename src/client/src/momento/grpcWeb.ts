import { Base64Stream } from "./base64.ts";

/** How a call has ended: a code of gRPC, and its text. */
export interface CallEnd {
  readonly code: number;
  readonly message: string;
}

/** Codes of gRPC that say what to do next. */
export const statusCode = {
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** No message of Momento's is half as long, in bytes. */
const maxFrame = 64 * 1024;

const frameHead = 5;
const trailerFlag = 0x80;

/**
 * Calls a method that answers with a stream, as gRPC-Web in base64: the form that Momento's own SDK for browsers speaks, and the one
 * of which is known that the service takes it from pages of any origin. An answer in bytes is understood, too.
 * @param url The address of the method.
 * @param headers What signs the call.
 * @param request The message.
 * @param onMessage Takes each message of the answer. What it throws ends the call.
 * @param signal Ends the call.
 * @returns How it has ended; never throws. After `signal` it means nothing.
 */
export async function callStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  request: Uint8Array,
  onMessage: (message: Uint8Array) => void,
  signal: AbortSignal,
): Promise<CallEnd> {
  const ending = new AbortController();
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        ...headers,
        Accept: "application/grpc-web-text",
        "Content-Type": "application/grpc-web-text",
        "X-Grpc-Web": "1",
        "X-User-Agent": "grpc-web-javascript/0.1",
      },
      body: btoa(String.fromCharCode(...frameOf(request))),
      signal: AbortSignal.any([signal, ending.signal]),
    });
    // What is refused at once has no body: its status is in the headers.
    const refusal = endIn((name) => answer.headers.get(name));
    if (refusal) return refusal;
    // Something between the client and Momento has answered: it may be another one next time.
    if (!answer.ok || !answer.body) return { code: statusCode.unavailable, message: `Momento answered with status ${answer.status}.` };

    const isText = answer.headers.get("Content-Type")?.startsWith("application/grpc-web-text") ?? false;
    return await readFrames(answer.body.getReader(), isText, onMessage);
  } catch (error) {
    return { code: statusCode.unavailable, message: (error as Error).message };
  } finally {
    ending.abort();
  }
}

async function readFrames(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  isText: boolean,
  onMessage: (message: Uint8Array) => void,
): Promise<CallEnd> {
  const text = new Base64Stream();
  let rest: Uint8Array = new Uint8Array();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return { code: statusCode.unavailable, message: "Momento has ended the stream." };
    rest = join(rest, isText ? text.take(value) : value);
    while (rest.length >= frameHead) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(1);
      if (length > maxFrame) throw new RangeError("Momento has sent more than a message can be.");
      if (rest.length < frameHead + length) break;
      const frame = rest.subarray(frameHead, frameHead + length);
      if (rest[0]! & trailerFlag) return endOf(frame);
      onMessage(frame);
      rest = rest.subarray(frameHead + length);
    }
  }
}

/** Trailers stand in a frame as headers do in HTTP/1.1. */
function endOf(trailers: Uint8Array): CallEnd {
  const lines = new TextDecoder().decode(trailers).split("\r\n");
  const values = new Map(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
  return endIn((name) => values.get(name) ?? null) ?? { code: statusCode.unavailable, message: "Momento has ended the stream." };
}

function endIn(header: (name: string) => string | null): CallEnd | null {
  const code = header("grpc-status");
  return code === null ? null : { code: Number(code), message: unescaped(header("grpc-message") ?? "") };
}

function unescaped(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

function frameOf(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(frameHead + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, frameHead);
  return frame;
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
