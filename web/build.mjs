// Bundles the dashboard: node build.mjs --out DIR [--modules DIR]
// Writes index.html, app-<hash>.js, app-<hash>.css, favicon.svg and licenses.txt, and each of them as .gz and .br.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : resolve(process.argv[at + 1]);
};
const out = option("--out", join(here, "dist"));
const modules = option("--modules", join(here, "node_modules"));
const esbuild = createRequire(join(modules, "x.cjs"))("esbuild");

const bundle = await esbuild.build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.tsx" },
  outdir: out,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: ["es2020", "chrome90", "firefox90", "safari15"],
  jsx: "automatic",
  jsxImportSource: "preact",
  nodePaths: [modules],
  legalComments: "none",
  logLevel: "warning",
});

// The libraries ask that their licences go wherever they go.
function licences() {
  const used = JSON.parse(readFileSync(join(here, "package.json"), "utf8")).dependencies;
  return Object.keys(used)
    .filter((name) => name !== "esbuild")
    .map((name) => `${name} ${used[name]}\n\n${readFileSync(join(modules, name, "LICENSE"), "utf8").trim()}\n`)
    .join("\n----------------------------------------\n\n");
}

const files = new Map();
let page = readFileSync(join(here, "index.html"), "utf8");
for (const file of bundle.outputFiles) {
  const name = file.path.slice(out.length + 1);
  files.set(name, Buffer.from(file.contents));
  page = page.replace(name.endsWith(".css") ? "@STYLE@" : "@SCRIPT@", name);
}
if (/@(STYLE|SCRIPT)@/.test(page)) throw new Error("index.html: the bundle lacks a style or a script");
files.set("index.html", Buffer.from(page));
files.set("favicon.svg", readFileSync(join(here, "favicon.svg")));
files.set("licenses.txt", Buffer.from(licences()));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
let sum = 0;
for (const [name, bytes] of files) {
  const packed = gzipSync(bytes, { level: 9 });
  sum += packed.length;
  writeFileSync(join(out, name), bytes);
  writeFileSync(join(out, `${name}.gz`), packed);
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }));
}
console.log(`dashboard: ${files.size} files, ${(sum / 1024).toFixed(1)} KB compressed`);
