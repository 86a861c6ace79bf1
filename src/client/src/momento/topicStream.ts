import type { Token } from "../api/types.ts";
import { callStream, statusCode, type CallEnd } from "./grpcWeb.ts";
import { decode, encode, type Fields } from "./protobuf.ts";

/** A place in a topic: after this message. */
export interface Position {
  /** Tells a topic from an earlier one of the same name. */
  readonly page: bigint;

  /** Counts up by one from message to message. */
  readonly sequence: bigint;
}

/** A message as Momento delivers it. */
export interface TopicMessage extends Position {
  /** Null if it was bytes. */
  readonly text: string | null;
}

/** Why a stream has ended. */
export interface StreamEnd {
  /**
   * `lost`: the network or Momento; another try may work. `expired`: Momento does not accept the token (any more).
   * `refused`: Momento does not accept the request, and will not.
   */
  readonly kind: "lost" | "expired" | "refused";

  readonly message: string;
}

/** What a stream calls. After {@link TopicStream.cancel}, nothing. */
export interface StreamEvents {
  /** Anything came, a heartbeat too: the stream lives. The first call says that it is open. */
  alive(): void;
  message(message: TopicMessage): void;
  /** The messages up to this position will not come. */
  jump(to: Position): void;
  end(end: StreamEnd): void;
}

export interface TopicStream {
  cancel(): void;
}

/** Opens a stream of the messages after a position, or of those to come. */
export type OpenTopicStream = (token: Token, topic: string, after: Position | null, events: StreamEvents) => TopicStream;

/**
 * Subscribes without Momento's SDK, whose `TopicClient.subscribe` cannot resume with a new token, retries an outage without a word,
 * gives up in silence where no message had come before it, and weighs more than all of this package.
 * @param momentoEndpoint Where Momento is, if not where its tokens say.
 */
export function momentoStreams(momentoEndpoint: string | undefined): OpenTopicStream {
  return (token, topic, after, events) => {
    const cancelling = new AbortController();
    void subscribe(token, topic, after, events, momentoEndpoint, cancelling.signal).then((end) => {
      if (!cancelling.signal.aborted) events.end(end);
    });
    return { cancel: () => cancelling.abort() };
  };
}

async function subscribe(
  token: Token,
  topic: string,
  after: Position | null,
  events: StreamEvents,
  momentoEndpoint: string | undefined,
  signal: AbortSignal,
): Promise<StreamEnd> {
  const content = contentOf(token);
  if (!content) return { kind: "expired", message: "The token is none of Momento's." };
  // Browsers are served at a host of their own, which Momento's SDK derives in the same way.
  const origin = momentoEndpoint ?? `https://web.cache.${content.endpoint}`;
  const end = await callStream(
    `${origin.replace(/\/+$/, "")}/cache_client.pubsub.Pubsub/Subscribe`,
    { Authorization: content.apiKey },
    requestFor(token.cacheName, topic, after),
    (item) => signal.aborted || dispatch(decode(item), events),
    signal,
  );
  return endOf(end);
}

/** A disposable token is base64 of JSON: what signs calls, and the account's host. */
function contentOf({ token }: Token): { readonly apiKey: string; readonly endpoint: string } | null {
  try {
    const { api_key, endpoint } = JSON.parse(atob(token)) as Record<string, unknown>;
    return typeof api_key === "string" && typeof endpoint === "string" ? { apiKey: api_key, endpoint } : null;
  } catch {
    return null;
  }
}

/** `_SubscriptionRequest`. */
function requestFor(cacheName: string, topic: string, after: Position | null): Uint8Array {
  return encode({ 1: cacheName, 2: topic, ...(after && { 3: after.sequence + 1n, 4: after.page }) });
}

/** `_SubscriptionItem`: a message, a jump, or a heartbeat. */
function dispatch(item: Fields, events: StreamEvents): void {
  events.alive();
  const message = item.get(1);
  const jump = item.get(2);
  if (message instanceof Uint8Array) events.message(messageOf(decode(message)));
  if (jump instanceof Uint8Array) {
    const to = decode(jump);
    events.jump({ page: numberIn(to, 3), sequence: numberIn(to, 2) });
  }
}

/** `_TopicItem`. */
function messageOf(item: Fields): TopicMessage {
  const value = item.get(2);
  const text = value instanceof Uint8Array ? decode(value).get(1) : undefined;
  return {
    page: numberIn(item, 4),
    sequence: numberIn(item, 1),
    text: text instanceof Uint8Array ? new TextDecoder().decode(text) : null,
  };
}

/** What is zero is not written. */
function numberIn(fields: Fields, number: number): bigint {
  const value = fields.get(number);
  return typeof value === "bigint" ? value : 0n;
}

function endOf({ code, message }: CallEnd): StreamEnd {
  switch (code) {
    case statusCode.unauthenticated:
      return { kind: "expired", message };
    case statusCode.permissionDenied:
    case statusCode.invalidArgument:
    case statusCode.notFound:
    case statusCode.unimplemented:
      return { kind: "refused", message };
    default:
      return { kind: "lost", message };
  }
}
