// Drives the sandbox's console in Chromium, as a person does. Each line of stdin is
// an action, its words separated by tabs:
//
//	create NAME TYPE CLIENT    an app, by the official guide or not
//	key APP_ID DIR             Generate Key; the download goes to DIR
//	demo APP_ID DIR            Download DEMO file, to DIR
//	upload APP_ID FILE         a public key, pasted
//	authorize APP_ID           permissions, OK, authorize
//	select APP_ID LOCALE       Select all and the shared link, in a language
//	fail KIND                  something that goes wrong, "" for nothing
//	confirm NAME LOCALE        what is said after each action, and where the focus is
//	noscript APP_ID            what the pages say without JavaScript
//	audit APP_ID DIR           axe on every page, with its errors; screenshots to DIR where it is named
//	intrude                    a page of another origin tries to read and to change
//
// It prints what came of each as a line of JSON. Where a page asks another host,
// that is an error.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [address] = process.argv.slice(2);
const base = new URL(address).origin;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const hosts = new Set();

async function open(options = {}) {
  const context = await browser.newContext({ locale: "en-US", acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.on("request", (request) => { if (!request.url().startsWith("blob:")) hosts.add(new URL(request.url()).origin); });
  page.on("pageerror", (error) => { throw error; });
  await page.goto(address);
  return page;
}

const app = (id) => `${base}/open/oauth/apps/${id}`;
const idOf = (page) => new URL(page.url()).pathname.split("/").pop();

async function create(name, type = "Normal", client = "Service app") {
  const page = await open();
  await page.getByRole("link", { name: "Create new app" }).first().click();
  await page.getByRole("radio", { name: new RegExp(`^${type}`) }).check();
  await page.getByRole("radio", { name: new RegExp(`^${client}`) }).check();
  await page.getByLabel("App name").fill(name);
  await page.getByRole("button", { name: "Create and continue" }).click();
  await page.waitForURL(/apps\/\d+$/);
  return { app_id: idOf(page) };
}

async function createKey(id, dir) {
  const page = await open();
  await page.goto(app(id));
  const sent = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Generate Key" }).click()]);
  const path = join(dir, download.suggestedFilename());
  await download.saveAs(path);
  if (sent.some((body) => decodeURIComponent(body).includes("PRIVATE"))) throw new Error("the private key was sent");
  await page.locator(".keys code").first().waitFor();
  return { download: path, key_id: await page.locator(".keys code").first().textContent() };
}

async function demo(id, dir) {
  const page = await open();
  await page.goto(app(id));
  const sent = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download DEMO file" }).click()]);
  const path = join(dir, download.suggestedFilename());
  await download.saveAs(path);
  if (sent.some((body) => body.includes("PRIVATE"))) throw new Error("the private key was sent");
  return { download: path };
}

async function upload(id, file) {
  const page = await open();
  await page.goto(app(id));
  await page.getByLabel("Add a public key").fill(readFileSync(file, "utf8"));
  await page.getByRole("button", { name: "Add public key" }).click();
  await page.locator(".keys code").first().waitFor();
  return { key_id: await page.locator(".keys code").first().textContent() };
}

async function authorize(id) {
  const page = await open();
  await page.goto(app(id));
  await page.locator("input[name=permission]").evaluateAll((points) => { for (const point of points) point.checked = true; });
  await page.getByRole("button", { name: "OK" }).click();
  const dialog = page.getByRole("dialog", { name: /^Install and Authorize/ });
  await dialog.getByRole("button", { name: "Authorize" }).click();
  await page.getByText("Authorized", { exact: true }).waitFor();
  return {};
}

// The console's words, in the languages that it has.
const words = {
  "en-US": { all: "Select all", bots: /^Bot management/, ok: "OK", workspaces: "Workspaces", share: "Share the authorization link", install: /^Install and Authorize/, authorize: "Authorize", authorized: "Authorized" },
  "zh-CN": { all: "全选", bots: /^Bot管理/, ok: "确定", workspaces: "空间", share: "分享应用的授权链接", install: /^安装并授权/, authorize: "授权", authorized: "已授权" },
};

// ticked counts the boxes of a group that are ticked, without that for all.
const ticked = (group) => group.locator("input:not([data-all]):checked").count();

async function selectAll(id, locale) {
  const say = words[locale];
  const page = await open({ locale });
  await page.goto(app(id));
  const bots = page.getByRole("group", { name: say.bots });
  const all = bots.getByRole("checkbox", { name: say.all });
  const count = (await bots.getByRole("checkbox").count()) - 1;
  const steps = [];
  await all.uncheck();
  steps.push(await ticked(bots));
  await all.check();
  steps.push(await ticked(bots));
  await bots.getByRole("checkbox").nth(1).uncheck();
  steps.push(await all.isChecked(), await all.evaluate((box) => box.indeterminate));
  await bots.getByRole("checkbox").nth(1).check();
  steps.push(await all.isChecked());
  await page.getByRole("button", { name: say.ok, exact: true }).click();
  await page.getByRole("dialog", { name: say.install }).waitFor();

  // Whoever gets the link sees the dialog at once.
  await page.goto(app(id));
  const link = await page.getByRole("region", { name: say.share }).getByRole("link").getAttribute("href");
  await page.goto(link);
  const dialog = page.getByRole("dialog", { name: say.install });
  await dialog.getByRole("group", { name: say.workspaces }).getByRole("checkbox", { name: say.all }).check();
  await dialog.getByRole("button", { name: say.authorize }).click();
  await page.getByText(say.authorized, { exact: true }).waitFor();
  return { count, steps };
}

async function fail(kind) {
  const page = await open();
  await page.goto(`${base}/open/trouble`);
  await page.locator(`input[value="${kind}"]`).check();
  await page.getByRole("button", { name: "Apply" }).click();
  if (kind) await page.getByRole("status").first().waitFor();
  return {};
}

// The word in the focus, with its role, after each action.
async function confirm(name, locale) {
  const zh = locale === "zh-CN";
  const page = await open({ locale, permissions: ["clipboard-read", "clipboard-write"] });
  const said = [];
  const press = async (within, text) => {
    await Promise.all([page.waitForNavigation(), within.getByRole("button", { name: text, exact: true }).click()]);
    const focus = page.locator(":focus");
    said.push(`${await focus.getAttribute("role")} ${await focus.textContent()}`);
  };
  await page.goto(`${base}/open/oauth/apps/new`);
  await page.locator("#name").fill(name);
  await press(page, zh ? "创建并继续" : "Create and continue");
  await page.goto(page.url());
  said.push(`again ${await page.locator("#done").count()}`);

  const copy = page.locator("[data-copy]").first();
  await copy.click();
  await page.locator("[data-copy] + [role=status]:not(:empty)").waitFor();
  said.push(`copied ${await page.locator("[data-copy] + [role=status]").first().textContent()}`);

  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#create-key").click()]);
  await download.delete();
  await page.locator("#create-key-state:focus").waitFor();
  said.push(`status ${await page.locator(":focus").textContent()}`);

  await page.locator("input[name=permission]").first().check();
  await press(page, zh ? "确定" : "OK");
  await press(page.getByRole("dialog"), zh ? "授权" : "Authorize");
  await press(page, zh ? "禁用" : "Disable");
  await press(page, zh ? "启用" : "Enable");
  await page.locator(".keys summary").first().click();
  await press(page, zh ? "删除密钥" : "Delete key");
  await page.locator(".actions summary").click();
  await press(page, zh ? "删除应用" : "Delete app");
  return { said };
}

async function noscript(id) {
  const page = await open({ javaScriptEnabled: false });
  const said = {};
  for (const path of [`/open/oauth/apps/${id}`, `/open/oauth/apps/${id}?authorize`, "/open/requests"]) {
    await page.goto(base + path);
    said[path.replace(id, "APP")] = (await page.locator("noscript").allInnerTexts()).length;
    for (const control of ["#create-key", "#demo", "#file", "[data-copy]", "dialog"]) {
      for (const one of await page.locator(control).all()) if (await one.isVisible()) said[control] = "is shown";
    }
  }
  return said;
}

// What is smaller than 24 pixels: a box counts with its label.
const small = () => [...document.querySelectorAll("a, button, summary, input, textarea")].filter((one) => one.checkVisibility() && !one.matches(".skip")).flatMap((one) => {
  const { width, height } = (one.closest("label") ?? one).getBoundingClientRect();
  return width < 24 || height < 24 ? [`${one.outerHTML.slice(0, 80)} is ${width}x${height}`] : [];
});

// Each refused form, with its error at the field.
const refusals = [
  ["twice", "/open/oauth/apps/new", (page) => page.locator("#name").fill("by hand"), "Create and continue|创建并继续"],
  ["key", "/open/oauth/apps/ID", (page) => page.locator("#public_key").fill("no key"), "Add public key|添加公钥"],
  ["minutes", "/open/trouble", async (page) => { await page.locator("input[value=clock]").check(); await page.locator("#minutes").fill("0"); }, "Apply|生效"],
];

async function audit(id, dir) {
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const found = [];
  for (const locale of ["en-US", "zh-CN"]) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open({ locale, colorScheme, bypassCSP: true });
      const look = async (name) => {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run({ rules: { "target-size": { enabled: true } } }));
        for (const v of violations) found.push(`${locale} ${colorScheme} ${name}: ${v.id} ${v.nodes.map((n) => n.html).join(" ")}`);
        for (const width of [360, 768, 1280]) {
          await page.setViewportSize({ width, height: 900 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          if (wide > width) found.push(`${locale} ${name}: ${wide} pixels wide at ${width}`);
          for (const one of await page.evaluate(small)) found.push(`${locale} ${name} at ${width}: ${one}`);
          if (dir) await page.screenshot({ path: join(dir, `${name}-${locale}-${colorScheme}-${width}.png`), fullPage: true });
        }
      };
      for (const [name, path] of [["apps", "/open/oauth/apps"], ["new", "/open/oauth/apps/new"], ["app", `/open/oauth/apps/${id}`],
        ["authorize", `/open/oauth/apps/${id}?authorize`], ["requests", "/open/requests"], ["failures", "/open/trouble"], ["error", "/open/oauth/apps/nope"], ["missing", "/open/nothing"]]) {
        await page.goto(base + path);
        await look(name);
      }
      for (const [name, path, fill, button] of refusals) {
        await page.goto(base + path.replace("ID", id));
        await fill(page);
        await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: new RegExp(`^(${button})$`) }).click()]);
        if (!(await page.locator("[aria-invalid]:focus").count())) found.push(`${locale} ${name}: the field is not in the focus`);
        await look(name);
      }
      await page.goto(`${base}/open/oauth/apps/${id}`);
      await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: /^(OK|确定)$/ }).click()]);
      await look("saved");
      await page.context().clearCookies();
      await page.getByRole("dialog").getByRole("button", { name: /^(Authorize|授权)$/ }).click();
      await page.waitForURL(/authorize$/);
      await look("session");
    }
  }
  return { violations: found };
}

// A page of another origin: it may send, but neither read nor change.
async function intrude() {
  await open(); // someone who is logged in here...
  const evil = createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<title>evil</title>"));
  await new Promise((ready) => evil.listen(0, "127.0.0.1", ready));
  const page = await open();
  await page.goto(`http://localhost:${evil.address().port}/`); // ...visits another page
  const got = await page.evaluate(async (base) => {
    const tried = {};
    const attempt = async (name, path, options) => {
      try {
        const answer = await fetch(base + path, { credentials: "include", ...options });
        tried[name] = answer.type === "opaque" ? "unreadable" : await answer.text();
      } catch { tried[name] = "refused"; }
    };
    await attempt("page", "/open/oauth/apps", {});
    await attempt("apps", "/sandbox/apps", {});
    await attempt("create", "/sandbox/apps", { method: "POST", mode: "no-cors", body: "{}" });
    await attempt("form", "/open/oauth/apps", { method: "POST", mode: "no-cors", body: new URLSearchParams({ name: "evil", type: "normal", client_type: "service" }) });
    await attempt("events", "/open/requests/events", {});
    return tried;
  }, base);
  evil.close();
  hosts.delete(new URL(page.url()).origin);
  return got;
}

const actions = { create, key: createKey, demo, upload, authorize, select: selectAll, fail, confirm, noscript, audit, intrude };

try {
  for await (const line of createInterface({ input: process.stdin })) {
    const [action, ...words] = line.split("\t");
    let result;
    try {
      result = await actions[action](...words);
      const others = [...hosts].filter((origin) => origin !== base);
      if (others.length > 0) throw new Error(`the pages asked ${others}`);
    } catch (error) {
      result = { error: String(error) };
    }
    console.log(JSON.stringify(result));
    for (const context of browser.contexts()) await context.close();
  }
} finally {
  await browser.close();
}
