// When a browser first paints the dashboard, and when it stands complete: node first_paint.mjs FOLDER http://127.0.0.1:PORT [RUNS]
// FOLDER is where the browser tests keep their packages (build/test/web/tests). Each run is a fresh browser profile on a 1280 by 900
// window. Prints milliseconds. State the machine, and how many mentions there are.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [folder, base, runs = "6"] = process.argv.slice(2);
const { chromium } = createRequire(join(resolve(folder), "node_modules", "x.cjs"))("playwright-core");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
for (let run = 0; run < Number(runs); run++) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const began = Date.now();
  await page.goto(`${base}/`);
  await page.waitForFunction(() => document.querySelector("main[data-address]")?.childElementCount > 0 && document.querySelectorAll(".ghost").length === 0);
  const complete = Date.now() - began;
  const paints = await page.evaluate(() => performance.getEntriesByType("paint").map((entry) => `${entry.name} ${Math.round(entry.startTime)}`));
  console.log(`${paints.join(", ")}, complete ${complete} ms`);
  await context.close();
}
await browser.close();
