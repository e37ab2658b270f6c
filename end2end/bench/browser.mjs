// A slow phone: 1.6 Mbit/s with 150 ms there and back, a processor four times slower than this one.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Person, base, figure, percentile } from './client.mjs';

const local = await Person.signIn(process.env.SCOPE_ADMINISTRATOR);
const page = (await local.get('/people')).text;
const wasm = page.match(/\/pkg\/[^"']*\.wasm/)?.[0];
const sent = await local.get(wasm, { brotli: true });
if (sent.headers['content-encoding'] === 'br') figure('wasm, as brotli', sent.bytes.length / 1024, 'KiB', { target: 150 });

const debian = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const executablePath = process.env.CHROMIUM ?? debian.find((program) => existsSync(program));
if (!executablePath) {
  console.error('  No browser is here: end2end/setup.sh browser brings one.');
  process.exit(0);
}
const { chromium, devices } = createRequire(new URL('../package.json', import.meta.url))('@playwright/test');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const [paints, controls] = [[], []];
for (let turn = 0; turn < 5; turn += 1) {
  const context = await browser.newContext(devices['Pixel 7']);
  const [name, value] = local.cookie.split('=');
  await context.addCookies([{ name, value, url: base.href }]);
  const tab = await context.newPage();
  const tools = await context.newCDPSession(tab);
  await tools.send('Network.enable');
  const speed = { latency: 150, downloadThroughput: (1.6e6 / 8) | 0, uploadThroughput: (750e3 / 8) | 0 };
  await tools.send('Network.emulateNetworkConditions', { offline: false, ...speed });
  await tools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const began = performance.now();
  await tab.goto(new URL('/people', base).href, { waitUntil: 'commit' });
  await tab.locator('#words').fill('oliv');
  await tab.locator('.app-search__suggestion').first().waitFor({ timeout: 60_000 });
  controls.push((performance.now() - began) / 1000);
  const paint = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  paints.push((await tab.evaluate(paint)) / 1000);
  await context.close();
}
await browser.close();
figure('slow phone: first paint', percentile(paints, 0.5), 's');
figure('slow phone: suggestions for what was typed while the page loaded', percentile(controls, 0.5), 's');
