// The real daemon on the demo's posts, in a folder of its own; ends what it started.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export async function until(what, condition, seconds = 120) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await pause(200);
  }
}

export async function start(more_config = "") {
  const folder = mkdtempSync(join(tmpdir(), "earshot-web-"));
  const children = [];
  const stop = async () => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const port_file = join(folder, "port");
    children.push(spawn("python3", ["-B", join(root, "demo/server.py"), "--port", "0", "--port-file", port_file], { stdio: "ignore" }));
    await until("the demo's server", () => existsSync(port_file) && readFileSync(port_file, "utf8").trim());
    const config = readFileSync(join(root, "config/demo.toml"), "utf8")
      .replaceAll("@BASE@", `http://127.0.0.1:${readFileSync(port_file, "utf8").trim()}`).replaceAll("@DATA@", folder);
    writeFileSync(join(folder, "c.toml"), `${config}\n[http]\nlisten = "127.0.0.1:0"\n${more_config}`);
    const daemon = spawn(join(process.env.EARSHOT_BIN, "earshotd"), ["--config", join(folder, "c.toml")], {
      stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, EARSHOT_CREDENTIAL_DEMO_TOKEN: "demo" },
    });
    children.push(daemon);
    let base = null;
    const log = [];
    createInterface({ input: daemon.stderr }).on("line", (line) => {
      log.push(line);
      base ??= /serving url=(http:\/\/[^/]+)\//.exec(line)?.[1] ?? null;
    });
    await until("the daemon's address", () => {
      if (daemon.exitCode !== null) throw new Error(`earshotd ended: ${log.join("\n")}`);
      return base;
    });
    const ask = async (path) => (await fetch(`${base}/api/v1/${path}`)).json();
    return { base, ask, stop, log };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Until the demo's eight weeks are stored and the jobs have found its outage. */
export async function caught_up(daemon) {
  await until("the demo's incident", async () => (await daemon.ask("incidents?brand=Fernwave")).incidents?.length > 0, 240);
  await until("the demo's ideas", async () => (await daemon.ask("ideas?brand=Fernwave")).ideas?.length > 5, 60);
}
