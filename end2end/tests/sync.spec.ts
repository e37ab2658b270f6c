import { axe, complaints, noHorizontalScroll } from './support/checks';
import { confirm, field, goOn, heading, linkFromMail, onward, plan } from './support/people';
import { beSignedIn, download } from './support/portal';
import { type APIRequestContext, expect, type Page, test } from './support/test';

// People whom no other test knows, in the children's hospital.
const last = 'Penhaligon';
const machine = { first: 'Loveday', address: `loveday.${last}@health.example`.toLowerCase() };
const main = (page: Page) => page.getByRole('main');
const row = (page: Page, words: string) => page.getByRole('row').filter({ hasText: words });

/** What another system asks for by SCIM, over HTTP and without a browser. */
function scim(request: APIRequestContext, token: string) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' };
  return {
    create: (first: string) =>
      request.post('/scim/v2/organisations/RIV01/Users', {
        headers,
        data: {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          userName: `${first}.${last}`.toLowerCase(),
          externalId: first,
          name: { givenName: first, familyName: last },
        },
      }),
    read: (id: string) => request.get(`/scim/v2/Users/${id}`, { headers }),
    remove: (id: string) => request.delete(`/scim/v2/Users/${id}`, { headers }),
  };
}

/** Somebody new takes up their account, and is signed in then. */
async function newcomer(page: Page, first: string, address: string) {
  await beSignedIn(page, 'Ben');
  await page.goto('/accounts/new?organisation=RIV01');
  await field(page, 'First name').fill(first);
  await field(page, 'Last name').fill(last);
  await goOn(page, onward(page), `Create ${first} ${last}`);
  await confirm(page, 'Create account', 'Account created');
  await page.context().clearCookies();
  await page.goto(await linkFromMail(page, address));
  await field(page, 'Password').fill('copper-lantern-meadow');
  await field(page, 'I accept the use policy').check();
  await page.getByRole('button', { name: 'Choose password and sign in' }).click();
  await expect(heading(page)).toHaveText(`Hello, ${first}`);
}

/** Loads the page again until what came in meanwhile stands on it. */
async function reloadUntil(page: Page, words: string) {
  await expect(async () => {
    await page.reload();
    await expect(main(page)).toContainText(words, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
}

test('A system is connected, creates somebody, and its deletion waits for an administrator', async ({ page, browser, request }) => {
  test.slow();
  const heard = complaints(page);
  const own = await browser.newPage({ javaScriptEnabled: test.info().project.use.javaScriptEnabled });
  await newcomer(own, machine.first, machine.address);

  // A Primary Local Administrator gives the role, with the right to disable accounts.
  await beSignedIn(page, 'Priya');
  await page.goto('/administrators/new');
  await field(page, 'Email address').fill(machine.address);
  await field(page, 'Connector').check();
  await page.getByLabel('API', { exact: true }).check();
  await page.getByLabel('May disable accounts').check();
  await page.getByLabel('For which organisation?').selectOption('RIV01');
  await page.getByLabel('Why do they need it?').fill('Synchronises people from Entra ID');
  await goOn(page, onward(page), `Give ${machine.first} ${last} the role Connector of Riverside Children’s Hospital`);
  await expect(plan(page)).toContainText('disable and enable accounts through the API');
  await confirm(page, 'Give role', 'Role given');
  await page.goto('/administrators?role=connector');
  await expect(row(page, `${machine.first} ${last}`)).toContainText('API; may disable accounts');

  // The connector makes a token, and reads what to enter.
  await own.goto('/me/tokens');
  await expect(main(own)).toContainText('The other system has not been here yet.');
  await expect(main(own)).toContainText('/scim/v2/organisations/RIV01');
  await axe(own);
  await noHorizontalScroll(own);
  await field(own, 'Name').fill('Entra ID');
  await main(own).getByRole('button', { name: 'Make token' }).click();
  const token = await own.getByRole('region', { name: 'Copy your new token now' }).getByLabel('Entra ID').inputValue();
  await own.close();

  const system = scim(request, token);
  const created = await system.create('Meraud');
  expect(created.status()).toBe(201);
  const { id } = await created.json();
  expect((await system.remove(id)).status()).toBe(405);

  // The refusal stands on the connector's page, with what to do.
  await row(page, `${machine.first} ${last}`).getByRole('link', { name: 'Connector', exact: true }).click();
  await reloadUntil(page, 'Refused requests by reason');
  await expect(page.getByRole('table', { name: 'Refused requests by reason' }).getByRole('row')).toHaveCount(2);
  await axe(page);
  await noHorizontalScroll(page);
  const refusals = await download(page, main(page).getByRole('link', { name: 'Download the refusals (CSV)' }));
  expect(refusals.text).toContain('405');

  // From now on deletions are proposed.
  await main(page).getByLabel('Propose it to administrators').check();
  await main(page).getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('alert')).toContainText('The settings are saved.');
  await expect(main(page).getByLabel('Propose it to administrators')).toBeChecked();
  await axe(page);
  expect((await system.remove(id)).status()).toBe(204);

  // An administrator accepts it by the check page.
  await beSignedIn(page, 'Ben');
  await page.goto('/');
  await page.getByRole('region', { name: 'To do' }).getByRole('link', { name: /proposals? to answer$/ }).click();
  await expect(heading(page)).toHaveText('Proposals');
  await axe(page);
  await noHorizontalScroll(page);
  const deletions = page.getByRole('region', { name: /^Delete \d+ accounts?$/ });
  await deletions.getByRole('button', { name: 'Accept selected' }).click();
  await expect(page.getByRole('alert')).toContainText('Tick the proposals that you want to accept.');
  await axe(page);
  // A tablet held upright shows a table.
  const wide = page.viewportSize()!;
  await page.setViewportSize({ width: 768, height: 1024 });
  await expect(row(page, `Meraud ${last}`)).toHaveCSS('display', 'table-row');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(768);
  await page.setViewportSize(wide);
  await deletions.getByLabel(`Select Meraud ${last}: Delete account`).check();
  await deletions.getByRole('button', { name: 'Accept selected' }).click();
  await expect(heading(page)).toContainText('Check before it is done');
  await confirm(page, 'Delete account', 'Account deleted');
  await page.goto('/proposals');
  await expect(row(page, `Meraud ${last}`)).toHaveCount(0);

  // Another is declined, and changes nothing.
  const kept = (await (await system.create('Sidwell')).json()).id;
  expect((await system.remove(kept)).status()).toBe(204);
  await page.goto('/people');
  await main(page).getByRole('link', { name: 'Proposals of connectors' }).click();
  await row(page, `Sidwell ${last}`).getByRole('button', { name: 'Decline' }).click();
  await expect(page.getByRole('alert')).toContainText('The proposal is declined.');
  await page.goto(`/accounts/${kept}`);
  await expect(heading(page)).toContainText(`Sidwell ${last}`);
  expect(heard.filter((line) => !line.includes('422'))).toEqual([]);
});

test('A system is tried out before anything that it sends is applied', async ({ page, browser, request }) => {
  test.slow();
  const own = await browser.newPage({ javaScriptEnabled: test.info().project.use.javaScriptEnabled });
  await newcomer(own, 'Kerensa', `kerensa.${last}@health.example`.toLowerCase());
  await beSignedIn(page, 'Priya');
  await page.goto('/administrators/new');
  await field(page, 'Email address').fill(`kerensa.${last}@health.example`.toLowerCase());
  await field(page, 'Connector').check();
  await page.getByLabel('API', { exact: true }).check();
  await page.getByLabel('For which organisation?').selectOption('RIV01');
  await page.getByLabel('Why do they need it?').fill('Tries out a new staff system');
  await goOn(page, onward(page), `Give Kerensa ${last} the role Connector of Riverside Children’s Hospital`);
  await confirm(page, 'Give role', 'Role given');
  await own.goto('/me/tokens');
  await field(own, 'Name').fill('Staff system');
  await main(own).getByRole('button', { name: 'Make token' }).click();
  const token = await own.getByRole('region', { name: 'Copy your new token now' }).getByLabel('Staff system').inputValue();
  await own.close();

  // From now on nothing that it sends is applied.
  await page.goto('/administrators?role=connector');
  await row(page, `Kerensa ${last}`).getByRole('link', { name: 'Connector', exact: true }).click();
  await main(page).getByLabel('Apply nothing that it sends').check();
  await main(page).getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('alert')).toContainText('The settings are saved.');

  // The program creates somebody, and reads them back.
  const system = scim(request, token);
  const created = await system.create('Jenifer');
  expect(created.status()).toBe(201);
  const { id } = await created.json();
  expect((await system.read(id)).status()).toBe(200);

  // The page says what would happen, and takes a number for the end of the trial.
  await main(page).getByRole('link', { name: 'See what it would do, and go live' }).click();
  await expect(heading(page)).toContainText(`Kerensa ${last}`);
  await expect(main(page)).toContainText('1 account would be created');
  await expect(row(page, `Jenifer ${last}`)).toContainText('RIV01');
  await axe(page);
  await noHorizontalScroll(page);
  const live = main(page).getByRole('button', { name: 'Go live' });
  await live.click();
  await expect(page.getByRole('alert')).toContainText('Type the number of people that you see above the field.');
  await axe(page);
  await field(page, 'Is this what the other system should do?').fill('1');
  await live.click();
  await expect(page.getByRole('alert')).toContainText(`Kerensa ${last} is live.`);

  // What was tried is forgotten; sent again, it is done.
  expect((await system.read(id)).status()).toBe(404);
  const again = await system.create('Jenifer');
  expect(again.status()).toBe(201);
  await page.goto(`/accounts/${(await again.json()).id}`);
  await expect(heading(page)).toContainText(`Jenifer ${last}`);
});
