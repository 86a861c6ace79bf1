// Drives Chromium for Browser.cs: a JSON command a line on stdin, a JSON answer or event a line on stdout.
// Command: {id, name, ...}. Answer: {id, result} or {id, error: {code, message}}. Event: {listener, kind, ...}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = new Map();
let browser;

const commands = {
  launch: async ({ path }) => {
    // Chromium has no sandbox for root, and must not talk to anything but this machine.
    const quiet = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    browser = await chromium.launch({ executablePath: path, args: quiet });
  },
  /** A page in a context of its own: another person. It goes by the id of the command. */
  open: async ({ id, width, height, timeout, hasClock }) => {
    const context = await browser.newContext({ viewport: { width, height } });
    context.setDefaultTimeout(timeout);
    if (hasClock) await context.clock.install();
    const page = await context.newPage();
    page.on("console", message => write({ listener: id, kind: "console", text: `${message.type()}: ${message.text()}` }));
    page.on("pageerror", error => write({ listener: id, kind: "console", text: `exception: ${error.message}` }));
    pages.set(id, page);
    return id;
  },
  close: async ({ page }) => {
    await pages.get(page).context().close();
    pages.delete(page);
  },
  goto: async ({ page, url }) => {
    await pages.get(page).goto(url);
  },
  runFor: ({ page, milliseconds }) => pages.get(page).clock.runFor(milliseconds),
  prefer: ({ page, colorScheme }) => pages.get(page).emulateMedia({ colorScheme }),
  offline: async ({ page, offline }) => pages.get(page).context().setOffline(offline),
  click: ({ page, target }) => locate(page, target).click(),
  fill: ({ page, target, text }) => locate(page, target).fill(text),
  type: ({ page, target, text }) => locate(page, target).pressSequentially(text),
  press: ({ page, key }) => pages.get(page).keyboard.press(key),
  /** state: visible, hidden (or gone), attached. */
  waitFor: ({ page, target, state, timeout }) => locate(page, target).first().waitFor({ state, timeout }),
  waitForCount: async ({ page, target, count, timeout }) => {
    const found = locate(page, target);
    for (const end = Date.now() + timeout; (await found.count()) !== count; await new Promise(resolve => setTimeout(resolve, 20))) {
      if (Date.now() > end) throw new Error(`There are ${await found.count()} of ${JSON.stringify(target)}, not ${count}.`);
    }
  },
  texts: ({ page, target }) => locate(page, target).allInnerTexts(),
  value: ({ page, target }) => locate(page, target).inputValue(),
  evaluate: ({ page, script }) => pages.get(page).evaluate(script),
  screenshot: async ({ page, path }) => {
    await pages.get(page).screenshot({ path });
  },
  /** The serious and critical violations that axe-core finds, a line each. */
  violations: async ({ page }) => {
    // Not by a script element: the page's policy forbids those of others.
    await pages.get(page).evaluate(axe);
    const { violations } = await pages.get(page).evaluate(() => globalThis.axe.run());
    return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`);
  },
};

/** {css} or {role, name}, and a text in it; within another target. */
function locate(page, { css, role, name, text, within }) {
  const parent = within ? locate(page, within) : pages.get(page);
  const found = css ? parent.locator(css) : parent.getByRole(role, name ? { name, exact: true } : {});
  return text ? found.filter({ hasText: text }) : found;
}

function write(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  Promise.resolve()
    .then(() => commands[command.name](command))
    .then(result => write({ id: command.id, result }), error => write({ id: command.id, error: { code: "BROWSER", message: error.message } }));
}
await browser?.close();
process.exit();
