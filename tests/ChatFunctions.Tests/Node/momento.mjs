// Runs the official SDK for NodeClient.cs: a JSON command a line on stdin, a JSON answer or event a line on stdout.
// Command: {id, name, ...}. Answer: {id, result} or {id, error: {code, message}}. Event: {listener, kind, ...}.
import { createInterface } from "node:readline";
import {
  AuthClient, AuthClientConfigurations, CacheClient, Configurations, CredentialProvider, DisposableTokenScopes, ExpiresIn,
  NoopMomentoLoggerFactory, TopicClient, TopicConfigurations,
} from "@gomomento/sdk";

const quiet = new NoopMomentoLoggerFactory();
const topicClients = new Map();
const subscriptions = new Map();

const commands = {
  /** Clients and subscriptions go by the id of the command that makes them. deadline: in milliseconds, the SDK's own. */
  connect: ({ id, token, endpoint, deadline }) => {
    topicClients.set(id, new TopicClient({
      credentialProvider: credentials(token, endpoint),
      configuration: TopicConfigurations.Default.latest(quiet).withNumConnections(1).withClientTimeoutMillis(deadline),
    }));
    return id;
  },
  publish: async ({ client, cache, topic, text }) => {
    checked(await topicClients.get(client).publish(cache, topic, text));
  },
  subscribe: async ({ id, client, cache, topic }) => {
    const tell = (kind, details) => write({ listener: id, kind, ...details });
    subscriptions.set(id, checked(await topicClients.get(client).subscribe(cache, topic, {
      onItem: item => tell("item", { text: item.valueString(), publisherId: item.tokenId(), sequence: item.sequenceNumber() }),
      onHeartbeat: () => tell("heartbeat"),
      onDiscontinuity: () => tell("discontinuity"),
      onConnectionLost: () => tell("connectionLost"),
      onError: error => tell("error", { code: error.errorCode() }),
    })));
    return id;
  },
  unsubscribe: ({ subscription }) => {
    subscriptions.get(subscription).unsubscribe();
    subscriptions.delete(subscription);
  },
  /** scope: a method of DisposableTokenScopes for a name in a cache, such as topicPublishSubscribe. */
  vendToken: async ({ apiKey, endpoint, scope, cache, topic, tokenId, seconds }) => {
    const client = new AuthClient({
      credentialProvider: credentials(apiKey, endpoint),
      configuration: AuthClientConfigurations.Default.latest(quiet),
    });
    const token = checked(await client.generateDisposableToken(
      DisposableTokenScopes[scope](cache, topic), ExpiresIn.seconds(seconds), { tokenId }));
    return { token: token.authToken, endpoint: token.endpoint, expiresAt: token.expiresAt.epoch() };
  },
  createCache: async ({ apiKey, endpoint, cache }) =>
    (await withCaches(apiKey, endpoint, client => client.createCache(cache))).type,
  deleteCache: async ({ apiKey, endpoint, cache }) =>
    (await withCaches(apiKey, endpoint, client => client.deleteCache(cache))).type,
  listCaches: async ({ apiKey, endpoint }) =>
    (await withCaches(apiKey, endpoint, client => client.listCaches())).getCaches().map(cache => cache.getName()),
};

/** Plaintext, and one address for all services. */
function credentials(token, endpoint) {
  return CredentialProvider.fromDisposableToken({
    authToken: token,
    endpointOverrides: { cacheEndpoint: endpoint, controlEndpoint: endpoint, tokenEndpoint: endpoint, secureConnection: false },
  });
}

async function withCaches(apiKey, endpoint, use) {
  const client = new CacheClient({
    credentialProvider: credentials(apiKey, endpoint),
    configuration: Configurations.Laptop.latest(quiet),
    defaultTtlSeconds: 60,
  });
  try {
    return checked(await use(client));
  } finally {
    client.close();
  }
}

function checked(response) {
  if (response.type !== "Error") return response;
  throw Object.assign(new Error(response.message()), { code: response.errorCode() });
}

function write(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

createInterface({ input: process.stdin })
  .on("line", async line => {
    const { name, ...command } = JSON.parse(line);
    try {
      write({ id: command.id, result: await commands[name](command) });
    } catch (error) {
      write({ id: command.id, error: { code: error.code ?? "UNEXPECTED", message: error.message } });
    }
  })
  .on("close", () => process.exit());
