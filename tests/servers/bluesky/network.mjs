// Bluesky's own network on this machine: node network.mjs MODULES '{"kind": "network" | "pds", "pds": PORT, "bsky": PORT, …, "log": FILE}'
// Everything listens on 127.0.0.1. Says "ready" when it answers, notes each request before its answer ends as a line of JSON in the log, and
// lives until its standard input is closed.
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setDefaultResultOrder } from "node:dns";
import { join } from "node:path";
import net from "node:net";

const [modules, text] = process.argv.slice(2);
const settings = JSON.parse(text);
setDefaultResultOrder("ipv4first");

// The servers would listen on every address of the machine, and say nothing of what they are asked.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const options = typeof args[0] === "object" ? args[0] : undefined;
  const port = options ? options.port : args[0];
  if (options) args[0] = { ...options, host: "127.0.0.1" };
  else args.splice(1, typeof args[1] === "string" ? 1 : 0, "127.0.0.1");
  if ([settings.pds, settings.bsky].includes(Number(port)))
    this.prependListener("request", (request, response) => {
      const { method, url } = request;
      const end = response.end;
      response.end = (...rest) => {
        appendFileSync(settings.log, JSON.stringify({ port, method, url, status: response.statusCode }) + "\n");
        return end.apply(response, rest);
      };
    });
  return listen.apply(this, args);
};

const require = createRequire(join(modules, "node_modules", "here.js"));
const { TestNetwork, TestNetworkNoAppView } = require("@atproto/dev-env");
const pds = { port: settings.pds, hostname: "localhost" };
if (settings.kind === "pds")
  await TestNetworkNoAppView.create({ plc: { port: settings.plc }, pds: { ...pds, rateLimitsEnabled: true } });
else
  await TestNetwork.create({
    plc: { port: settings.plc },
    pds,
    bsky: { port: settings.bsky, dbPostgresSchema: "bsky", publicUrl: `http://localhost:${settings.bsky}` },
    ozone: { port: settings.ozone },
  });
console.log("ready");
process.stdin.on("close", () => process.exit(0)).resume();
