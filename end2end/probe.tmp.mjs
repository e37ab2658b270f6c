import { chromium } from '@playwright/test';
const b = await chromium.launch({executablePath:'/usr/bin/chromium-headless-shell',args:['--no-sandbox']});
const p = await b.newPage({baseURL:'http://127.0.0.1:3310'});
await p.goto('/sign-in'); await p.fill('#address','ben.cartwright@health.example'); await p.fill('#password','correct-horse-battery'); await p.click('main button');
const show = async (path)=>{ await p.goto(path); console.log('=====',path, await p.title()); console.log(await p.locator('main').ariaSnapshot()); };
for (const path of process.argv.slice(2)) await show(path);
await b.close();
