// A server of the TypeScript SDK v2 with two tools: `hello` answers at once, `fetch` reads a URL.
//
//     node hello.mjs PACKAGES/           on stdin and stdout
//     node hello.mjs PACKAGES/ http      on a loopback port, which it prints
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, transport = "stdio"] = process.argv.slice(2);
const found = (name) => pathToFileURL(createRequire(packages).resolve(name)).href.replace(/\.cjs$/, ".mjs");
const { McpServer, createMcpHandler, fromJsonSchema } = await import(found("@modelcontextprotocol/server"));
const TEXT = "The lake lies still in the morning, and nobody is out yet. ".repeat(10);
const text = (words) => ({ content: [{ type: "text", text: words }] });

function server() {
  const made = new McpServer({ name: "hello", version: "1.0.0" });
  made.registerTool("hello", { description: "Says hello" }, () => text(TEXT));
  const url = { type: "object", properties: { url: { type: "string" } }, required: ["url"] };
  made.registerTool(
    "fetch",
    { description: "Reads a URL", inputSchema: fromJsonSchema(url) },
    async (given) => text(await (await fetch(given.url)).text()),
  );
  return made;
}

if (transport === "stdio") {
  const { serveStdio } = await import(found("@modelcontextprotocol/server/stdio"));
  serveStdio(server);
} else {
  const { toNodeHandler } = await import(found("@modelcontextprotocol/node"));
  const listening = createServer(toNodeHandler(createMcpHandler(server)));
  listening.listen(0, "127.0.0.1", () => console.log(listening.address().port));
}
