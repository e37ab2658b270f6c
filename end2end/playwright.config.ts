import { defineConfig, devices } from '@playwright/test';
import { existsSync } from 'node:fs';

// Debian's Chromium. Without its windows, where that is installed too, the tests take less than half the time.
const debian = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const executablePath = process.env.CHROMIUM ?? debian.find((program) => existsSync(program));

// By a name, because passkeys belong to one.
const address = 'http://localhost:3999';

// The OpenID Connect provider is another site to the browser, as it is in earnest.
const provider = 'http://127.0.0.1:3990';

// A worker's tests follow each other in one browser context, emptied in between: half of the browser's work is saved.
process.env.PW_TEST_REUSE_CONTEXT = '1';

// How pages look and fit does not depend on scripts, but on the size of the screen.
const forPhones = /pages/;
const withScriptsOnly = /pages/;

export default defineConfig({
  testDir: './tests',
  // The tests of one file share what they make and follow each other; the files stand alone.
  fullyParallel: false,
  workers: 3,
  retries: process.env.CI ? 1 : 0,
  forbidOnly: !!process.env.CI,
  // Far beyond what a step takes: a machine that is busy with something else makes no test fail.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env.BASE_URL ?? address,
    // Following every step takes long; `npx playwright test --trace on` does it for a failure at hand.
    trace: process.env.CI ? 'on-first-retry' : 'off',
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
    { name: 'desktop-js', use: { ...devices['Desktop Chrome'] } },
    { name: 'desktop-no-js', testIgnore: withScriptsOnly, use: { ...devices['Desktop Chrome'], javaScriptEnabled: false } },
    { name: 'phone-js', testMatch: forPhones, use: { ...devices['Pixel 7'] } },
  ],
  webServer: process.env.BASE_URL
    ? undefined
    : [
        {
          command: 'bash serve-for-tests.sh',
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
