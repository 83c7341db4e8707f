// What a browser fetches: under 120 KB compressed, names that say their content, no script or style in the page itself.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

const dist = process.env.EARSHOT_WEB_DIST;
const names = readdirSync(dist);
const plain = names.filter((name) => !/\.(gz|br)$/.test(name));

test("all files together are under 120 KB compressed", () => {
  const sum = names.filter((name) => name.endsWith(".gz")).reduce((n, name) => n + readFileSync(join(dist, name)).length, 0);
  assert.ok(sum > 1000 && sum <= 120 * 1024, `${sum} bytes`);
});

test("every file is there compressed, and unpacks to itself", () => {
  for (const kind of ["index.html", "favicon.svg", "licenses.txt"]) assert.ok(plain.includes(kind), kind);
  assert.equal(plain.filter((name) => /^app-[A-Z0-9]+\.js$/.test(name)).length, 1);
  assert.equal(plain.filter((name) => /^app-[A-Z0-9]+\.css$/.test(name)).length, 1);
  assert.equal(plain.length, 5);
  for (const name of plain) {
    const bytes = readFileSync(join(dist, name));
    assert.ok(gunzipSync(readFileSync(join(dist, `${name}.gz`))).equals(bytes), name);
    assert.ok(brotliDecompressSync(readFileSync(join(dist, `${name}.br`))).equals(bytes), name);
  }
});

test("the page has no script, style or address of its own making", () => {
  const page = readFileSync(join(dist, "index.html"), "utf8");
  assert.ok(!/<script(?![^>]*\bsrc=)/.test(page) && !/<style|\sstyle=|\son[a-z]+=/.test(page));
  assert.ok(!/https?:\/\//.test(page));
  const css = readFileSync(join(dist, plain.find((name) => name.endsWith(".css"))), "utf8");
  assert.ok(!/url\(|@import/.test(css));
});

test("the licences of what is bundled go with it", () => {
  const text = readFileSync(join(dist, "licenses.txt"), "utf8");
  for (const name of ["preact", "uplot"]) assert.ok(text.includes(`${name} `), name);
  assert.equal(text.match(/MIT License/g)?.length, 2);
});
