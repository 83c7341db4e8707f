// The system's Chromium, driven by playwright-core; nothing is downloaded.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = process.env.EARSHOT_WEB_TEST_MODULES ?? fileURLToPath(new URL("../node_modules", import.meta.url));
export const require_dev = createRequire(join(modules, "x.cjs"));

export function chromium_path() {
  const candidates = [process.env.EARSHOT_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return candidates.find((path) => path && existsSync(path)) ?? null;
}

export function launch() {
  const executablePath = chromium_path();
  if (!executablePath) throw new Error("no chromium: apt install chromium, or set EARSHOT_CHROMIUM");
  // A container's /dev/shm is small, and its root may not have user namespaces.
  return require_dev("playwright-core").chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
}
