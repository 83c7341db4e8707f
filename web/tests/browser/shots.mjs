// Screenshots of every view: node shots.mjs URL FOLDER [VIEW…]; looks are judged by people.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { views } from "./page.mjs";

const [url, folder, ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const looks = { light: [1280, 1250, "light"], dark: [1280, 1250, "dark"], phone: [390, 1600, "light"] };
const browser = await launch();
for (const [look, [width, height, colorScheme]] of Object.entries(looks)) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  page.on("console", (m) => { if (m.type() === "error") console.log(`${look}: ${m.text()}`); });
  for (const [name, hash] of Object.entries(views)) {
    if (only.length > 0 && !only.includes(name) && !only.includes(`${look}-${name}`)) continue;
    await page.goto(`${url}/${hash}`);
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll(".ghost").length === 0, null, { timeout: 60_000 });
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(folder, `${look}-${name}.png`), timeout: 120_000 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) console.log(`${look} ${name}: ${wide} px wider than the window`);
  }
  await page.close();
}
await browser.close();
