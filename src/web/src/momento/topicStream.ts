import { PubsubClient } from "@gomomento/generated-types-webtext/dist/CachepubsubServiceClientPb";
import {
  _SubscriptionRequest,
  _TopicValue,
  type _SubscriptionItem,
  type _TopicItem,
} from "@gomomento/generated-types-webtext/dist/cachepubsub_pb";
import { StatusCode, type RpcError } from "grpc-web";
import type { Token } from "../api/chatApi";

/** A place in a topic: after this message. */
export interface Position {
  /** Tells a topic from an earlier one of the same name. */
  readonly page: number;

  /** Counts up by one from message to message. */
  readonly sequence: number;
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
 * Subscribes with the stubs that Momento's SDK is made of rather than with the SDK: its `TopicClient.subscribe` cannot resume
 * with a new token, retries an outage without a word, and gives up in silence where no message had come before it.
 * @param momentoEndpoint Where Momento is, if not where its tokens say.
 */
export function momentoStreams(momentoEndpoint: string | undefined): OpenTopicStream {
  return (token, topic, after, events) => {
    const { api_key, endpoint } = contentOf(token);
    // Browsers are served at a host of their own, which Momento's SDK derives in the same way.
    const client = new PubsubClient(momentoEndpoint ?? `https://web.cache.${endpoint}`, null, null);
    const call = client.subscribe(requestFor(token.cacheName, topic, after), { authorization: api_key });
    let isOver = false;
    const finish = (end: StreamEnd) => {
      if (isOver) return;
      isOver = true;
      events.end(end);
    };

    call.on("data", (item) => isOver || dispatch(item, events));
    call.on("error", (error) => finish(endOf(error)));
    call.on("end", () => finish({ kind: "lost", message: "Momento has ended the stream." }));
    return {
      cancel() {
        isOver = true;
        call.cancel();
      },
    };
  };
}

/** A disposable token is base64 of JSON: what signs calls, and the account's host. */
function contentOf({ token }: Token): { readonly api_key: string; readonly endpoint: string } {
  return JSON.parse(atob(token)) as { api_key: string; endpoint: string };
}

function requestFor(cacheName: string, topic: string, after: Position | null): _SubscriptionRequest {
  const request = new _SubscriptionRequest().setCacheName(cacheName).setTopic(topic);
  return after ? request.setResumeAtTopicSequenceNumber(after.sequence + 1).setSequencePage(after.page) : request;
}

function dispatch(item: _SubscriptionItem, events: StreamEvents): void {
  events.alive();
  const message = item.getItem();
  const jump = item.getDiscontinuity();
  if (message) events.message(messageOf(message));
  if (jump) events.jump({ page: jump.getNewSequencePage(), sequence: jump.getNewTopicSequence() });
}

function messageOf(item: _TopicItem): TopicMessage {
  const value = item.getValue();
  return {
    page: item.getSequencePage(),
    sequence: item.getTopicSequenceNumber(),
    text: value?.getKindCase() === _TopicValue.KindCase.TEXT ? value.getText() : null,
  };
}

function endOf({ code, message }: RpcError): StreamEnd {
  switch (code) {
    case StatusCode.UNAUTHENTICATED:
      return { kind: "expired", message };
    case StatusCode.PERMISSION_DENIED:
    case StatusCode.INVALID_ARGUMENT:
    case StatusCode.NOT_FOUND:
    case StatusCode.UNIMPLEMENTED:
      return { kind: "refused", message };
    default:
      return { kind: "lost", message };
  }
}
