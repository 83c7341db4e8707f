// A stream in Jetstream's shape from a real firehose: node jetstream.mjs MODULES '{"port": PORT, "pds": PORT, "plc": PORT}'
// It keeps what it heard, so that a cursor is answered with everything since. Says "ready", and lives until its standard input is closed.
import { createRequire } from "node:module";
import { setDefaultResultOrder } from "node:dns";
import { join } from "node:path";

const [modules, text] = process.argv.slice(2);
const settings = JSON.parse(text);
setDefaultResultOrder("ipv4first");
const require = createRequire(join(modules, "node_modules", "here.js"));
const { Firehose, MemoryRunner } = require("@atproto/sync");
const { IdResolver } = require("@atproto/identity");
const { lexToJson } = require("@atproto/lexicon");
const { WebSocketServer } = require("ws");

const events = [];
const listeners = new Set();
let last = 0;

function shaped(event) {
  const { did } = event;
  if (event.event === "identity") return { did, kind: "identity", identity: { did, handle: event.handle, seq: event.seq, time: event.time } };
  if (event.event === "account") return { did, kind: "account", account: { active: event.active, did, seq: event.seq, status: event.status, time: event.time } };
  if (event.event === "sync") return undefined;
  const commit = { rev: event.rev, operation: event.event, collection: event.collection, rkey: event.rkey };
  if (event.event !== "delete") Object.assign(commit, { record: lexToJson(event.record), cid: event.cid.toString() });
  return { did, kind: "commit", commit };
}

function send(listener, event) {
  if (event.kind === "commit" && listener.wanted.length > 0 && !listener.wanted.includes(event.commit.collection)) return;
  listener.socket.send(JSON.stringify(event));
}

new Firehose({
  service: `ws://localhost:${settings.pds}`,
  idResolver: new IdResolver({ plcUrl: `http://localhost:${settings.plc}` }),
  runner: new MemoryRunner({ startCursor: 0 }),
  unauthenticatedCommits: true,
  unauthenticatedHandles: true,
  handleEvent: (heard) => {
    const event = shaped(heard);
    if (!event) return;
    last = Math.max(last + 1, Date.now() * 1000); // no two events at one moment, as cursors want it
    events.push({ ...event, time_us: last });
    for (const listener of listeners) send(listener, events.at(-1));
  },
  onError: (error) => console.error(error.message),
}).start();

new WebSocketServer({ host: "127.0.0.1", port: settings.port })
  .on("connection", (socket, request) => {
    const query = new URL(request.url, "http://localhost").searchParams;
    const listener = { socket, wanted: query.getAll("wantedCollections") };
    if (query.has("cursor")) for (const event of events) if (event.time_us >= Number(query.get("cursor"))) send(listener, event);
    listeners.add(listener);
    socket.on("close", () => listeners.delete(listener));
  })
  .on("listening", () => console.log("ready"));
process.stdin.on("close", () => process.exit(0)).resume();
