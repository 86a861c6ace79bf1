// Runs the client package for ClientLab.cs: a JSON command a line on stdin, a JSON answer a line on stdout.
// Command: {id, name, ...}. Answer: {id, result} or {id, error: {code, message}}.
import { createInterface } from "node:readline";
import { connect } from "../../../src/client/dist/index.js";

const rooms = new Map();

const commands = {
  /** Clients go by the id of this command. */
  open: async ({ id, accessToken, api, momento, limits, chatId }) => {
    const chat = connect({ api, momento, limits, getAccessToken: () => accessToken });
    const room = chat.room(chatId);
    const news = [];
    room.news.subscribe(({ number }) => news.push(number));
    rooms.set(id, { chat, room, news });
    return id;
  },
  state: ({ client }) => {
    const { room, news } = rooms.get(client);
    const messages = room.messages.value.map(({ number, id, version, text, status, reactions }) => ({ number, id, version, text, status, reactions }));
    return { status: room.status.value, error: room.error?.message, messages, news };
  },
  /** Does not wait until it is sent. */
  send: ({ client, text }) => {
    void rooms.get(client).room.send(text);
  },
  /** Calls any method of the room; a message is named by its number. */
  call: async ({ client, method, number, args }) => {
    const { room } = rooms.get(client);
    const message = room.messages.value.find(each => each.number === number);
    return await room[method](...(message ? [message] : []), ...args);
  },
  /** How many messages of the room the list says are unread. */
  unread: async ({ client }) => {
    const { chat, room } = rooms.get(client);
    const list = chat.rooms();
    await list.refresh();
    const { rooms: found, error } = list.value;
    list.close();
    if (error) throw error;
    return found.find(({ chatId }) => chatId === room.id).unread;
  },
  wake: ({ client }) => rooms.get(client).chat.wake(),
  close: ({ client }) => {
    rooms.get(client).chat.close();
    rooms.delete(client);
  },
};

function write(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

createInterface({ input: process.stdin })
  .on("line", async line => {
    const { name, ...command } = JSON.parse(line);
    try {
      write({ id: command.id, result: await commands[name](command) });
    } catch (error) {
      write({ id: command.id, error: { code: error.name, message: error.message } });
    }
  })
  .on("close", () => process.exit());
