// An OAuth2 provider whose tokens live five seconds, and a platform that asks for them: node provider.mjs MODULES '{"port": PORT}'
// GET /counts tells what was asked, POST /forget ends every token at once. Says "ready", and lives until its standard input is closed.
import http from "node:http";
import { join } from "node:path";

const [modules, text] = process.argv.slice(2);
const { port } = JSON.parse(text);
const { default: Provider } = await import(join(modules, "node_modules/oidc-provider/lib/index.js"));

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "earshot", client_secret: "client-secret", grant_types: ["client_credentials"], redirect_uris: [], response_types: [] }],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  ttl: { ClientCredentials: 5 },
});
const counts = { grants: 0, in_flight: 0, in_flight_max: 0, refused: 0, lists_by_token: {} };
const lists = {};
const written_at = Math.floor(Date.now() / 1000) - 600;
provider.on("grant.success", () => counts.grants++);
const callback = provider.callback();

function grant(request, response) {
  counts.in_flight_max = Math.max(counts.in_flight_max, ++counts.in_flight);
  response.on("close", () => counts.in_flight--);
  setTimeout(() => callback(request, response), 300); // long enough for others to come meanwhile
}

function reply(response, status, body, headers = {}) {
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
}

async function list(request, response, url) {
  const token = (request.headers.authorization ?? "").replace("Bearer ", "");
  if (!(await provider.ClientCredentials.find(token))) {
    counts.refused++;
    return reply(response, 401, { error: "invalid_token" }, { "WWW-Authenticate": 'Bearer error="invalid_token"' });
  }
  const name = url.searchParams.get("name");
  const of_token = (lists[token] ??= new Set()).add(name);
  counts.lists_by_token[token.slice(0, 8)] = of_token.size;
  reply(response, 200, { items: [{ id: `${name}-1`, text: `Fernwave hums on ${name}`, at: written_at }] });
}

http
  .createServer(async (request, response) => {
    const url = new URL(request.url, `http://127.0.0.1:${port}`);
    if (url.pathname === "/token") return grant(request, response);
    if (url.pathname === "/list") return list(request, response, url);
    if (url.pathname === "/counts") return reply(response, 200, counts);
    if (url.pathname === "/forget") {
      for (const token of Object.keys(lists)) await (await provider.ClientCredentials.find(token))?.destroy();
      return reply(response, 200, {});
    }
    reply(response, 404, {});
  })
  .listen(port, "127.0.0.1", () => console.log("ready"));
process.stdin.on("close", () => process.exit(0)).resume();
