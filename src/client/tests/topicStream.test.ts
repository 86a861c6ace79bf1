import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import type { Token } from "../src/api/types.ts";
import { decode, encode } from "../src/momento/protobuf.ts";
import { momentoStreams, type Position, type StreamEnd } from "../src/momento/topicStream.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const token = { token: btoa(JSON.stringify({ endpoint: "momento.example", api_key: "key" })), cacheName: "chat", endpoint: "", expiresAt: "" };

/** A message in a field of another, no longer than 127 bytes. */
const nested = (number: number, bytes: Uint8Array) => Buffer.from([(number << 3) | 2, bytes.length, ...bytes]);

function frame(flag: number, content: Uint8Array | string, length = content.length): Buffer {
  const head = Buffer.alloc(5, flag);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, Buffer.from(content)]);
}

const item = (sequence: bigint, text: string, page: bigint) =>
  frame(0, nested(1, Buffer.concat([encode({ 1: sequence }), nested(2, encode({ 1: text })), encode({ 4: page })])));
const heartbeat = frame(0, "\x1a\x00");
const texts = (...fields: unknown[]) => fields.map((field) => new TextDecoder().decode(field as Uint8Array));

/** What a stream tells, of a server that answers as the test says, until the stream ends. */
async function hear(answer: (response: ServerResponse, body: string, request: IncomingMessage) => void, after: Position | null = null, by: Token = token) {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece)).on("end", () => answer(response, body, request));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => (server.closeAllConnections(), server.close()));
  const open = momentoStreams(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const heard: unknown[] = [];
  const end = await new Promise<StreamEnd>((resolve) =>
    open(by, "topic", after, {
      alive: () => heard.push("alive"),
      message: ({ text, sequence, page }) => heard.push([text, sequence, page]),
      jump: ({ sequence, page }) => heard.push(["jump", sequence, page]),
      end: resolve,
    }),
  );
  return { heard, end };
}

const text = { "Content-Type": "application/grpc-web-text+proto" };

describe("A stream", () => {
  it("asks as Momento's own SDK for browsers does, for what follows the position", async () => {
    let asked: { body: string; request: IncomingMessage } | undefined;
    await hear((response, body, request) => {
      asked = { body, request };
      response.writeHead(200, { ...text, "grpc-status": "14" }).end();
    }, { sequence: 2n ** 60n + 1n, page: 3n });
    const { headers, url } = asked!.request;
    assert.equal(url, "/cache_client.pubsub.Pubsub/Subscribe");
    assert.equal(headers["content-type"], "application/grpc-web-text");
    assert.equal(headers["authorization"], "key");
    const fields = decode(Uint8Array.from(atob(asked!.body), (character) => character.charCodeAt(0)).subarray(5));
    assert.deepEqual(texts(fields.get(1), fields.get(2)), ["chat", "topic"]);
    assert.deepEqual([fields.get(3), fields.get(4)], [2n ** 60n + 2n, 3n]);
  });

  it("tells heartbeats, messages and jumps, however they are cut and padded on their way", async () => {
    const jump = frame(0, nested(2, encode({ 1: 1n, 2: 9n, 3: 2n })));
    const frames = [heartbeat, item(7n, "héllo", 2n ** 60n), item(8n, "", 1n), jump, frame(0x80, "grpc-status: 14\r\ngrpc-message: at%20last\r\n")];
    const { heard, end } = await hear((response) => {
      response.writeHead(200, text);
      // Each frame is padded as Momento pads it, and cut anywhere.
      const whole = frames.map((each) => each.toString("base64")).join("");
      let at = 0;
      const send = () => {
        if (at >= whole.length) return response.end();
        response.write(whole.slice(at, (at += 7)), () => setImmediate(send));
      };
      send();
    });
    assert.deepEqual(heard, ["alive", "alive", ["héllo", 7n, 2n ** 60n], "alive", ["", 8n, 1n], "alive", ["jump", 9n, 2n]]);
    assert.deepEqual(end, { kind: "lost", message: "at last" });
  });

  it("understands an answer in bytes, too", async () => {
    const { heard } = await hear((response) => {
      response.writeHead(200, { "Content-Type": "application/grpc-web+proto" }).end(Buffer.concat([heartbeat, item(1n, "hi", 1n)]));
    });
    assert.deepEqual(heard, ["alive", "alive", ["hi", 1n, 1n]]);
  });

  for (const [status, kind] of [["16", "expired"], ["7", "refused"], ["5", "refused"], ["8", "lost"], ["14", "lost"], ["0", "lost"]] as const) {
    it(`that ends with status ${status} is ${kind}`, async () => {
      const { heard, end } = await hear((response) => void response.writeHead(200, { ...text, "grpc-status": status, "grpc-message": "100%" }).end());
      assert.deepEqual([heard, end], [[], { kind, message: "100%" }]);
    });
  }

  it("is lost where something else answers, or says what is none of Momento's", async () => {
    const portal = await hear((response) => void response.writeHead(404, { "Content-Type": "text/html" }).end("<html>"));
    const noise = await hear((response) => void response.writeHead(200, { "Content-Type": "text/html" }).end("<html>Sign in to this network</html>"));
    const huge = await hear((response) => void response.writeHead(200, text).end(frame(0, "x", 2 ** 31).toString("base64")));
    const broken = await hear((response) => void response.writeHead(200, text).end(frame(0, "\x0a\x7f").toString("base64")));
    const cut = await hear((response) => void response.writeHead(200, text).write(heartbeat.toString("base64"), () => response.destroy()));
    assert.deepEqual([portal, noise, huge, broken, cut].map(({ end }) => end.kind), Array(5).fill("lost"));
    assert.deepEqual(cut.heard, ["alive"]);
  });

  it("with a token that is none has expired", async () => {
    const { end } = await hear(() => {}, null, { ...token, token: "no base64" });
    assert.equal(end.kind, "expired");
  });
});
