// Azurite's Table service alone, for the process that starts this one and holds its stdin.
// Azurite's own command cannot tell which port it took, and outlives a parent that is killed.
//
//   node server.cjs PORT [FOLDER]     port 0: a free one; no folder: rows are kept in memory
//
// Prints the port once it listens. Ends, and saves, when stdin ends. Exit code 2: the port is taken.
"use strict";

const path = require("node:path");
const { AzuriteTelemetryClient } = require("azurite/dist/src/common/Telemetry");
const { default: TableConfiguration } = require("azurite/dist/src/table/TableConfiguration");
const { default: TableServer } = require("azurite/dist/src/table/TableServer");

const [port, folder] = process.argv.slice(2);

AzuriteTelemetryClient.init(folder, false);
// Other accounts than the well-known one, where a developer has set some up, are not for this run.
delete process.env.AZURITE_ACCOUNTS;

const server = new TableServer(Object.assign(new TableConfiguration(), {
  host: "127.0.0.1",
  port: Number(port),
  metadataDBPath: path.join(folder ?? "", "azurite-tables.json"),
  isMemoryPersistence: folder === undefined,
  enableAccessLog: false,
}));

let closing;

// A terminal sends Ctrl+C, and its end, to every process in it; the parent may still need the tables while it stops.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.on("SIGTERM", close);

server.start().then(
  () => {
    console.log(server.httpServer.address().port);
    process.stdin.on("close", close).resume();
  },
  (error) => {
    console.error(error.message);
    process.exit(error.code === "EADDRINUSE" ? 2 : 1);
  });

function close() {
  closing ??= server.close().finally(() => process.exit());
}
