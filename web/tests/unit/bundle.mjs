// Turns the unit tests and what they test into plain modules for node: node bundle.mjs FOLDER
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = process.env.EARSHOT_WEB_MODULES;
const esbuild = createRequire(join(modules, "x.cjs"))("esbuild");
await esbuild.build({
  entryPoints: readdirSync(here).filter((name) => name.endsWith(".test.ts")).map((name) => join(here, name)),
  outdir: process.argv[2], outExtension: { ".js": ".mjs" }, bundle: true, format: "esm", platform: "node", target: "node18",
  nodePaths: [modules], jsx: "automatic", jsxImportSource: "preact", logLevel: "warning",
});
