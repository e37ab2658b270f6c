import { defineConfig, devices } from '@playwright/test';
import { existsSync } from 'node:fs';

import { folder, ports } from './tests/support/run';

// Debian's Chromium. Without its windows, where that is installed too, the tests take less than half the time.
const debian = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const executablePath = process.env.CHROMIUM ?? debian.find((program) => existsSync(program));

// By a name, because passkeys belong to one.
const address = `http://localhost:${ports.portal}`;

// The OpenID Connect provider is another site to the browser, as it is in earnest.
const provider = `http://127.0.0.1:${ports.provider}`;

// A worker's tests follow each other in one browser context, emptied in between: half of the browser's work is saved.
process.env.PW_TEST_REUSE_CONTEXT = '1';

// Which tests run where is decided here, by their tags. A journey runs without JavaScript, which every journey must
// do; it runs with it as well where an island or a script of the page acts, and then it is tagged @script. What there is
// with JavaScript only is tagged @script-only; the visit of every page in pages.spec.ts is. @phone needs a small screen.
const script = /@script/;
const scriptOnly = /@script-only/;
const phone = /@phone/;

// These make people by the hundred: letters to others would wait behind theirs. So they come last, as projects do that
// stand last.
const crowds = /(hr-export|long-files)\.spec\.ts/;

const setup = /\.setup\.ts/;
const desktop = devices['Desktop Chrome'];
const withoutScripts = { ...desktop, javaScriptEnabled: false };

export default defineConfig({
  testDir: './tests',
  // The tests of one file share what they make and follow each other; the files stand alone.
  fullyParallel: false,
  // The server that is tested is a process of its own: a third browser would only take from it on two cores.
  workers: 2,
  // What fails now and then is mended, not tried again.
  retries: 0,
  forbidOnly: !!process.env.CI,
  // Far beyond what a step takes: a machine that is busy with something else makes no test fail.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env.BASE_URL ?? address,
    // Following every step takes long; `npx playwright test --trace on` does it for a failure at hand.
    trace: 'off',
    actionTimeout: 20_000,
    // Gliding from page to page would only make the tests wait.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    // Everybody signs in once, and the journeys go on from there. When they are over, the pages they came to are checked.
    { name: 'sign-in', testMatch: setup, teardown: 'html', use: withoutScripts },
    { name: 'html', testMatch: /\.teardown\.ts/ },
    { name: 'desktop-js', dependencies: ['sign-in'], grep: script, testIgnore: [setup, crowds], use: desktop },
    {
      name: 'desktop-no-js',
      dependencies: ['sign-in'],
      grepInvert: [scriptOnly, phone],
      testIgnore: [setup, crowds],
      use: withoutScripts,
    },
    { name: 'phone-js', dependencies: ['sign-in'], grep: phone, use: devices['Pixel 7'] },
    { name: 'crowds-no-js', dependencies: ['sign-in'], grepInvert: scriptOnly, testMatch: crowds, use: withoutScripts },
    { name: 'crowds-js', dependencies: ['sign-in'], grep: script, testMatch: crowds, use: desktop },
  ],
  webServer: process.env.BASE_URL
    ? undefined
    : [
        {
          command: 'bash serve-for-tests.sh',
          env: {
            END2END_FOLDER: folder,
            END2END_PORTAL: `${ports.portal}`,
            END2END_METRICS: `${ports.metrics}`,
            END2END_PROVIDER: `${ports.provider}`,
          },
          url: `${address}/readyz`,
          reuseExistingServer: false,
          timeout: 120_000,
          gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
          stdout: 'ignore',
          stderr: 'pipe',
        },
        {
          command: `node provider.mjs ${provider} ${address}`,
          url: `${provider}/.well-known/openid-configuration`,
          reuseExistingServer: false,
          stdout: 'ignore',
          stderr: 'ignore',
        },
      ],
});
