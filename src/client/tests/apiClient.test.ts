import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { ApiClient } from "../src/api/apiClient.ts";
import { ApiProblem, ApiUnreachable, ChatClosed, SignInRequired } from "../src/api/problem.ts";
import { call } from "../src/api/routes.ts";

const ends: (() => void)[] = [];

/** A server that answers as the test says, and a client of it. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse, number: number) => void) {
  let requests = 0;
  const renewals: boolean[] = [];
  const server = createServer((request, response) => answer(request, response, ++requests));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => (server.closeAllConnections(), server.close()));
  const client = new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ({ renew }) => {
    renewals.push(renew);
    return `token ${renewals.length}`;
  });
  return { client, renewals, count: () => requests };
}

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

describe("A request", () => {
  it("whose token is refused is made once more with another one", async () => {
    const { client, renewals } = await serve((request, response) => {
      response.statusCode = request.headers.authorization === "Bearer token 2" ? 200 : 401;
      response.end('{"id":"a"}');
    });
    assert.deepEqual((await call(client, "GET", "/me")).data, { id: "a" });
    assert.deepEqual(renewals, [false, true]);
  });

  it("whose second token is refused, too, says that the session is over", async () => {
    const { client, count } = await serve((_, response) => void response.writeHead(401).end());
    await assert.rejects(call(client, "GET", "/me"), SignInRequired);
    assert.equal(count(), 2);
  });

  it("that may be repeated waits for as long as the API says, and is repeated three times at most", async () => {
    const { client, count } = await serve((_, response) => void response.writeHead(503, { "Retry-After": "0" }).end("<html>"));
    await assert.rejects(client.request("PUT", "/x", { isRepeated: true }), { name: "ApiProblem", status: 503, type: "", retryAfter: 0 });
    assert.equal(count(), 3);
    await assert.rejects(client.request("POST", "/x"), ApiProblem);
    assert.equal(count(), 4);
  });

  it("that is told to wait for long is not repeated: a person is waiting", async () => {
    const { client, count } = await serve((_, response) => void response.writeHead(429, { "Retry-After": "60" }).end());
    await assert.rejects(client.request("PUT", "/x", { isRepeated: true }), { retryAfter: 60_000 });
    assert.equal(count(), 1);
  });

  it("says what the API says, and that nobody answers", async () => {
    const problem = { type: "urn:chatfunctions:banned", title: "You are banned.", status: 403, traceId: "", reason: "Spam." };
    const { client } = await serve((request, response) => {
      if (request.url === "/gone") request.socket.destroy();
      else response.writeHead(403).end(JSON.stringify(problem));
    });
    await assert.rejects(client.request("GET", "/x"), { type: "banned", message: "You are banned. Spam." });
    await assert.rejects(client.request("GET", "/gone"), ApiUnreachable);
  });

  it("that is under way when the chat is closed ends, as do those that come later", async () => {
    const { client } = await serve(() => client.close());
    await assert.rejects(client.request("GET", "/x"), ChatClosed);
    await assert.rejects(client.request("GET", "/x"), ChatClosed);
  });

  it("carries the parts of its address escaped, and what is given of its query", async () => {
    const urls: (string | undefined)[] = [];
    const { client } = await serve((request, response) => {
      urls.push(request.url);
      response.end("{}");
    });
    await call(client, "GET", "/chats/{chatId}/messages", { path: { chatId: "a/../b?" }, query: { after: null, limit: 50 } });
    await call(client, "GET", "/token", { query: { chatId: ["a", "b"], access: "subscribe" } });
    assert.deepEqual(urls, ["/chats/a%2F..%2Fb%3F/messages?limit=50", "/token?chatId=a&chatId=b&access=subscribe"]);
  });
});
