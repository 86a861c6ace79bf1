// Azurite's Table and Blob services, for the process that starts this one and holds its stdin.
// Azurite's own command cannot tell which ports it took, and outlives a parent that is killed.
//
//   node server.cjs TABLES_PORT BLOBS_PORT [FOLDER]     port 0: a free one; no folder: rows are kept in memory
//
// Prints the two ports once it listens. Ends, and saves, when stdin ends. Exit code 2: the tables' port is taken; 3: the blobs'.
"use strict";

const path = require("node:path");
const { AzuriteTelemetryClient } = require("azurite/dist/src/common/Telemetry");
const { default: BlobConfiguration } = require("azurite/dist/src/blob/BlobConfiguration");
const { default: BlobServer } = require("azurite/dist/src/blob/BlobServer");
const { default: TableConfiguration } = require("azurite/dist/src/table/TableConfiguration");
const { default: TableServer } = require("azurite/dist/src/table/TableServer");
const { default: parseQuery } = require("azurite/dist/src/table/persistence/QueryInterpreter/QueryParser");

const [tablesPort, blobsPort, folder] = process.argv.slice(2);

AzuriteTelemetryClient.init(folder, false);
// Other accounts than the well-known one, where a developer has set some up, are not for this run.
delete process.env.AZURITE_ACCOUNTS;

const common = { host: "127.0.0.1", enableAccessLog: false };

const tables = new TableServer(Object.assign(new TableConfiguration(), common, {
  port: Number(tablesPort),
  metadataDBPath: path.join(folder ?? "", "azurite-tables.json"),
  isMemoryPersistence: folder === undefined,
}));

// Azurite looks a row up by the index of partition keys, and then among all rows of the partition: in one of 20,000 rows that takes
// longer than all the rest. It has an index of row keys, too: whichever has fewer rows for its key finds the row as well.
const { getEntityCollection, queryTableEntities } = tables.metadataStore;
tables.metadataStore.getEntityCollection = function (...table) {
  return Object.assign(getEntityCollection.apply(this, table), { findOne: findRow, chain: chainRows });
};

// It puts a query to every row of a table. Of one that names a partition only those of the partition need to be asked.
let partition;
tables.metadataStore.queryTableEntities = function (context, account, table, options, ...next) {
  partition = partitionOf(options.filter);
  try {
    // It reads before it awaits anything, and so before another query comes.
    return queryTableEntities.call(this, context, account, table, options, ...next);
  } finally {
    partition = undefined;
  }
};

function chainRows(...arguments_) {
  const rows = Object.getPrototypeOf(this).chain.apply(this, arguments_);
  return partition === undefined ? rows : rows.find({ PartitionKey: partition });
}

// Undefined where the query may be about more than one, or is none.
function partitionOf(filter) {
  try {
    return filter && partitionIn(parseQuery(filter));
  } catch {
    return undefined;
  }
}

function partitionIn({ name, left, right }) {
  if (name === "and") return partitionIn(left) ?? partitionIn(right);
  return name === "eq" && left.identifier === "PartitionKey" && typeof right.value === "string" ? right.value : undefined;
}

function findRow({ PartitionKey, RowKey }) {
  const count = (index, key) => {
    this.ensureIndex(index);
    const [first, last] = this.calculateRange("$eq", index, key);
    return last - first;
  };
  const keys = count("RowKey", RowKey) < count("PartitionKey", PartitionKey) ? { RowKey, PartitionKey } : { PartitionKey, RowKey };
  return Object.getPrototypeOf(this).findOne.call(this, keys);
}

// The Functions host keeps the leases of its timers there, which nobody needs in the next run.
const blobs = new BlobServer(Object.assign(new BlobConfiguration(), common, {
  port: Number(blobsPort),
  isMemoryPersistence: true,
}));

let closing;

// A terminal sends Ctrl+C, and its end, to every process in it; the parent may still need the tables while it stops.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.on("SIGTERM", close);

start();

async function start() {
  await listen(tables, 2);
  await listen(blobs, 3);
  console.log(tables.httpServer.address().port, blobs.httpServer.address().port);
  process.stdin.on("close", close).resume();
}

async function listen(server, portTaken) {
  try {
    await server.start();
  } catch (error) {
    console.error(error.message);
    process.exit(error.code === "EADDRINUSE" ? portTaken : 1);
  }
}

function close() {
  closing ??= Promise.all([tables.close(), blobs.close()]).finally(() => process.exit());
}
