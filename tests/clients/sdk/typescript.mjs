// A client on the TypeScript SDK: 1.x (`sdk`) or 2.x (`client`). See test_sdk_clients.py.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { createInterface } from "node:readline";

const ORDER = JSON.parse(process.argv[2]);
const require = createRequire(ORDER.packages);
const load = (path) => import(pathToFileURL(require.resolve(path)).href);
const sdk = await (ORDER.major === 1 ? first() : second());
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (value) => process.stdout.write(JSON.stringify(value) + "\n");

async function first() {
  const at = "@modelcontextprotocol/sdk/client/";
  return {
    ...(await load(at + "index.js")),
    ...(await load(at + "stdio.js")),
    ...(await load(at + "sse.js")),
    ...(await load(at + "streamableHttp.js")),
  };
}

async function second() {
  const at = "@modelcontextprotocol/client";
  return { ...(await load(at)), ...(await load(at + "/stdio")) };
}

function transport() {
  if (ORDER.transport === "stdio") {
    const [command, ...args] = ORDER.command;
    return new sdk.StdioClientTransport({ command, args, env: ORDER.environment });
  }
  const kind = ORDER.transport === "http" ? sdk.StreamableHTTPClientTransport : sdk.SSEClientTransport;
  return new kind(new URL(ORDER.url));
}

// What the SDK asks for is a constant of it; here the wire says another version.
function asking(version, wire) {
  const send = wire.send.bind(wire);
  wire.send = (message, ...rest) => {
    if (message.method === "initialize") message.params.protocolVersion = version;
    return send(message, ...rest);
  };
  return wire;
}

async function opened(version) {
  const modern = version >= "2026";
  const options = modern ? { versionNegotiation: { mode: "auto" } } : {};
  const client = new sdk.Client({ name: "test", version: "1" }, options);
  const wire = asking(version, transport());
  let negotiated;
  const told = wire.setProtocolVersion?.bind(wire);
  wire.setProtocolVersion = (value) => {
    negotiated = value;
    told?.(value);
  };
  await client.connect(wire);
  return { client, version: client.getNegotiatedProtocolVersion?.() ?? negotiated };
}

function call(client, [name, args], options) {
  const parameters = { name, arguments: args };
  if (ORDER.major === 1) return client.callTool(parameters, undefined, options);
  return client.callTool(parameters, options);
}

async function firstPart({ client, version }) {
  const { tools } = await client.listTools();
  const answer = await call(client, ORDER.call);
  const failure = await call(client, ORDER.failing);
  return {
    version,
    tools: tools.map((tool) => tool.name),
    text: answer.content[0].text,
    structured: answer.structuredContent ?? null,
    error: [failure.isError, failure.content[0].text],
  };
}

async function cancelledAtFirstProgress({ client, version }, told) {
  const [name, { url }] = ORDER.slow;
  const abort = new AbortController();
  const onprogress = ({ progress, total, message }) => {
    told[version] = [progress > 0, total, message];
    abort.abort("enough");
  };
  try {
    await call(client, [name, { url: `${url}?${version}` }], { signal: abort.signal, onprogress });
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  }
}

const clients = [];
for (const version of ORDER.versions) clients.push(await opened(version));
const report = [];
for (const each of clients) report.push(await firstPart(each));
say(report);
await lines.next();
const told = {};
await Promise.all(clients.map((each) => cancelledAtFirstProgress(each, told)));
say(told);
await lines.next();
await Promise.all(clients.map(({ client }) => client.close()));
process.exit(0);
