import { chromium, devices } from '@playwright/test';
const base = process.env.BASE ?? 'http://127.0.0.1:3300';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: ['--no-sandbox'] });
const phone = process.env.PHONE === '1';
const ctx = await browser.newContext(phone ? { ...devices['Pixel 7'], reducedMotion: 'reduce' } : { viewport: { width: 1200, height: 900 }, reducedMotion: 'reduce', javaScriptEnabled: process.env.NOJS !== '1' });
const page = await ctx.newPage();
const problems = [];
page.on('console', m => { if (['error', 'warning'].includes(m.type())) problems.push(page.url() + ' ' + m.text()); });
page.on('pageerror', e => problems.push(page.url() + ' ' + e.message));
export const shot = async name => { await page.waitForTimeout(250); await page.screenshot({ path: `/tmp/shots/${phone ? 'p-' : ''}${name}.png`, fullPage: true }); };
const who = process.env.WHO ?? 'ben.cartwright';
await page.goto(base + '/sign-in');
await page.fill('#address', who + '@health.example'); await page.fill('#password', process.env.PW ?? 'correct-horse-battery');
await page.click('button:has-text("Sign in")');
const steps = (await import(process.env.STEPS)).default;
try { await steps({ page, base, shot, ctx }); } catch (e) { console.log('FAILED', e.message.slice(0, 800)); await shot('failed'); console.log(page.url()); }
console.log(problems.join('\n'));
await browser.close();
