import {
  MomentoErrorCode,
  NoopMomentoLoggerFactory,
  TopicClient,
  TopicConfigurations,
  TopicPublish,
  type CredentialProvider,
} from "@gomomento/sdk-web";
import type { TokenSource } from "./topicSubscription";
import type { RoomToken } from "./roomTokens";
import { credentialsFor } from "./topicStream";

/** A message was not sent, or may not have been. The message is a text for a person. */
export class PublishFailure extends Error {}

/** Publishes a text to a token's topic. @throws PublishFailure, and what the source of tokens throws. */
export type Publish = (tokens: TokenSource, text: string) => Promise<void>;

/** @param momentoEndpoint Where Momento is, if not where its tokens say. */
export function momentoPublisher(momentoEndpoint: string | undefined): Publish {
  const clients = new WeakMap<RoomToken, TopicClient>();
  const clientFor = (token: RoomToken) => {
    const client = clients.get(token) ?? connect(credentialsFor(token, momentoEndpoint));
    clients.set(token, client);
    return client;
  };
  return async (tokens, text) => {
    const tryOnce = async (token: RoomToken) => clientFor(token).publish(token.cacheName, tokens.topicIn(token), text);
    const token = await tokens.get();
    let answer = await tryOnce(token);
    if (isError(answer, MomentoErrorCode.AUTHENTICATION_ERROR)) {
      tokens.discard(token);
      answer = await tryOnce(await tokens.get());
    }
    if (answer instanceof TopicPublish.Error) throw new PublishFailure(reasonFor(answer));
  };
}

function connect(credentialProvider: CredentialProvider): TopicClient {
  // Its default logger writes to the console.
  const configuration = TopicConfigurations.Default.latest(new NoopMomentoLoggerFactory());
  return new TopicClient({ configuration, credentialProvider });
}

function isError(answer: TopicPublish.Response, code: MomentoErrorCode): boolean {
  return answer instanceof TopicPublish.Error && answer.errorCode() === code;
}

function reasonFor(error: TopicPublish.Error): string {
  switch (error.errorCode()) {
    case MomentoErrorCode.LIMIT_EXCEEDED_ERROR:
      return "Too much is being sent at the moment.";
    case MomentoErrorCode.PERMISSION_ERROR:
    case MomentoErrorCode.AUTHENTICATION_ERROR:
      return "You may not write here.";
    default:
      return "Momento cannot be reached.";
  }
}
