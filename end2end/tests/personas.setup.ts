import { test as setup } from '@playwright/test';
import { mkdirSync, rmSync } from 'node:fs';

import { checked } from './support/checks';
import { personas, type Persona, sessionOf, signInByForm } from './support/portal';

setup('Everybody signs in once, and the journeys go on from there', async ({ browser }) => {
  // What was looked at in another run says nothing of this one.
  rmSync(checked, { recursive: true, force: true });
  mkdirSync(checked, { recursive: true });
  for (const persona of Object.keys(personas) as Persona[]) {
    const page = await browser.newPage();
    await signInByForm(page, persona);
    await page.context().storageState({ path: sessionOf(persona) });
    await page.close();
  }
});
