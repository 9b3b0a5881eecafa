// Opens the page of a snippet in Chromium for each user named, logged in, and prints the
// tokens that its SDKs were given as a line of JSON. The SDKs are stand-ins: their host is
// out of reach.
import { chromium } from "playwright-core";

const [base, ...users] = process.argv.slice(2);
const sdk = `
  window.CozeWebSDK = { WebChatClient: class { constructor(options) { window.chat = options; } } };
  window.cozeWebSDK = { init(options) { window.web = options; } };`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const got = {};
  for (const user of users) {
    const context = await browser.newContext();
    const scripts = [];
    await context.route(/^https:/, (route) => {
      scripts.push(route.request().url());
      return route.fulfill({ contentType: "text/javascript", body: sdk });
    });
    if (user) await context.request.get(`${base}/login?as=${user}`);
    const page = await context.newPage();
    const failed = new Promise((resolve) => page.on("pageerror", (error) => resolve(error.message)));
    await page.goto(`${base}/`);
    const chat = page.waitForFunction(() => window.chat).then(async () => page.evaluate(async () => ({
      bot: chat.config.bot_id, type: chat.auth.type, token: chat.auth.token, refreshed: await chat.auth.onRefreshToken(),
      project: window.web?.projectId, web: await window.web?.refreshToken(),
    })));
    chat.catch(() => {}); // it ends with the context where the page fails first
    got[user] = { ...await Promise.race([chat, failed.then((error) => ({ error }))]), scripts };
    await context.close();
  }
  console.log(JSON.stringify(got));
} finally {
  await browser.close();
}
