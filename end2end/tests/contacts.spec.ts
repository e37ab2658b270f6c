import { axe, noHorizontalScroll } from './support/checks';
import {
  addressOf,
  askToOffer,
  createContact,
  fullName,
  heading,
  offer,
  offered,
  offerNew,
  onward,
  openOffer,
  readLetter,
  surname,
} from './support/contacts';
import { confirm, expectChange, expectProblems, field, goOn, plan, standing } from './support/people';
import { beSignedIn, personas } from './support/portal';
import { expect, type Page, test } from './support/test';

const main = (page: Page) => page.getByRole('main');
const press = (page: Page, button: string) => main(page).getByRole('button', { name: button, exact: true });
const detail = (page: Page, name: string) =>
  page.locator('.nhsuk-summary-list__row').filter({ has: page.getByText(name, { exact: true }) });
const happened = (page: Page) => page.locator('.app-timeline__what');

test.describe('A contact', () => {
  test.beforeEach(({ page }) => beSignedIn(page, 'Ben'));

  test('is created after a look at what was typed', async ({ page }) => {
    await page.goto('/people?kind=contacts');
    await page.getByRole('link', { name: 'Create contact' }).click();
    await expect(heading(page)).toHaveText('Create a contact Which organisation?');
    await page.getByRole('radio', { name: 'Riverside Hospitals Trust (RIV)' }).check();
    await onward(page).click();
    await field(page, 'First name').fill('Agnes');
    await field(page, 'Last name').fill(surname());
    await field(page, 'Email address').fill(addressOf('Agnes'));
    await field(page, 'Mobile').fill('07700 900461');
    await field(page, 'Notes').fill('Brings the library trolley.');
    await field(page, 'Organisational unit').selectOption('Medicine / Ward 7');
    await goOn(page, onward(page), `Create ${fullName('Agnes')}`);
    const given = plan(page).locator('.app-changes > div');
    await expect(given.filter({ hasText: 'Display name' })).toContainText(`${surname().toUpperCase()}, Agnes (Riverside)`);
    await expect(given.filter({ hasText: 'Mobile' })).toContainText('07700 900461');
    await axe(page);
    await confirm(page, 'Create contact', 'Contact created');
    await page.getByRole('link', { name: `Open ${fullName('Agnes')}` }).click();
    await expect(heading(page)).toHaveText(`Contact ${fullName('Agnes')}`);
    await expect(detail(page, 'Email address')).toContainText(addressOf('Agnes'));
    await expect(detail(page, 'Organisational unit')).toContainText('Medicine / Ward 7');
    await expect(detail(page, 'Notes')).toContainText('Brings the library trolley.');
    await expect(happened(page)).toHaveText(['Contact created']);
    await page.goto(`/people?kind=contacts&words=Agnes+${surname()}`);
    await expect(page.locator('.app-people__name')).toHaveText([`${surname()}, Agnes`]);
  });

  test('is asked for again where a name or the address is missing', { tag: '@script' }, async ({ page }) => {
    await page.goto('/contacts/new?organisation=RIV');
    await onward(page).click();
    await axe(page);
    await expectProblems(page, {
      'First name':
        'First name is missing. Enter the first name. For somebody with only one name, enter that name as both first and last name.',
      'Last name':
        'Last name is missing. Enter the last name. For somebody with only one name, enter that name as both first and last name.',
      'Email address': 'Email address is missing. Enter the email address.',
    });
  });

  test('is changed, with what it was and what it becomes', async ({ page }) => {
    const contact = await createContact(page, 'Dorcas');
    await page.goto(contact);
    await page.getByRole('link', { name: 'Change details' }).click();
    await field(page, 'Email address').fill('dorcas@trust.health.example');
    await onward(page).click();
    await expect(page.getByRole('alert').getByRole('link')).toHaveText(/is an address at health.example. A contact has an address elsewhere/);
    await field(page, 'Email address').fill('dorcas@library.example');
    await field(page, 'First name').fill('Dorothea');
    await goOn(page, onward(page), `Change ${fullName('Dorcas')}`);
    await expectChange(page, 'Email address', addressOf('Dorcas'), 'dorcas@library.example');
    const displayed = (first: string) => `${surname().toUpperCase()}, ${first} (Riverside)`;
    await expectChange(page, 'Display name', displayed('Dorcas'), displayed('Dorothea'));
    await confirm(page, 'Save changes', 'Changes saved');
    await page.goto(contact);
    await expect(heading(page)).toHaveText(`Contact ${fullName('Dorothea')}`);
    await expect(happened(page)).toHaveText(['3 details changed', 'Contact created']);
  });

  test('is deleted and restored', async ({ page }) => {
    const contact = await createContact(page, 'Edmund');
    await page.goto(contact);
    await goOn(page, press(page, 'Delete'), `Delete the contact ${fullName('Edmund')}`);
    await expect(plan(page)).toContainText('It can be restored for 30 days; then it is permanently deleted.');
    await axe(page);
    await confirm(page, 'Delete contact', 'Contact deleted');
    await page.goto(`/directory?words=Edmund+${surname()}`);
    await expect(main(page)).toContainText('No people found.');
    await page.goto(contact);
    await expect(standing(page)).toContainText(/Deleted on .* Can be restored until .*; then it is permanently deleted\./);
    await expect(page.getByRole('link', { name: 'Change details' })).toHaveCount(0);
    await axe(page);
    await goOn(page, press(page, 'Restore'), `Restore the contact ${fullName('Edmund')}`);
    await confirm(page, 'Restore contact', 'Contact restored');
    await page.goto(contact);
    await expect(happened(page)).toHaveText(['Contact restored', 'Contact deleted', 'Contact created']);
    await expect(page.getByRole('link', { name: 'Change details' })).toBeVisible();
  });

  test('is transferred at once between organisations that one manages', async ({ page }) => {
    const contact = await createContact(page, 'Floris');
    await page.goto(contact);
    await page.getByRole('link', { name: 'Transfer to another organisation' }).click();
    await onward(page).click();
    await expect(page.getByRole('alert').getByRole('link')).toHaveText('Choose where the contact goes.');
    await page.getByRole('radio', { name: 'An organisation that I manage' }).check();
    await onward(page).click();
    await expect(page.getByRole('alert').getByRole('link')).toHaveText('Choose an organisation.');
    await expect(page.getByRole('radio', { name: 'An organisation that I manage' })).toBeChecked();
    await axe(page);
    await field(page, 'Organisation').selectOption('Riverside Children’s Hospital (RIV01)');
    await onward(page).click();
    await field(page, 'Organisational unit').selectOption('Paediatrics / Outpatients');
    await axe(page);
    await noHorizontalScroll(page);
    await goOn(page, onward(page), `Transfer the contact ${fullName('Floris')} to Riverside Children’s Hospital`);
    await expectChange(page, 'Organisation', 'Riverside Hospitals Trust (RIV)', 'Riverside Children’s Hospital (RIV01)');
    await expectChange(page, 'Organisational unit', 'nothing', 'Paediatrics / Outpatients');
    await confirm(page, 'Transfer contact', 'Contact transferred');
    await page.goto(contact);
    await expect(detail(page, 'Organisation')).toContainText('Riverside Children’s Hospital RIV01');
    await expect(detail(page, 'Display name')).toContainText('(Riverside Children’s)');
    await expect(happened(page).first()).toHaveText('Transferred from RIV to RIV01');
  });
});

test.describe('An offer of a contact', () => {
  const inNavigation = (page: Page) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Offers/ });

  /** Lines of what was offered and is over: of a contact that stayed with the others they give no name. */
  const ended = (page: Page, how: string) =>
    page.getByRole('table', { name: 'Offered to you' }).getByRole('row').filter({ hasText: how });

  test('is announced in the navigation and by letter, and the contact comes over when it is accepted', async ({ page }) => {
    const contact = await offerNew(page, 'Gilda');
    // Offers of other tests come and go, so that both are counted on one page.
    await expect(async () => {
      await page.goto('/offers');
      const waiting = await page.getByRole('table', { name: 'Offered to you' }).getByRole('link', { name: 'Answer' }).count();
      await expect(inNavigation(page)).toHaveAccessibleName(`Offers ${waiting} waiting`, { timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    await expect(offered(page, 'Gilda')).toContainText('Riverside Hospitals Trust (RIV)');
    await expect(offered(page, 'Gilda')).toContainText('by Ben Cartwright');
    await expect(offered(page, 'Gilda')).toContainText('Waits for an answer');
    await axe(page);
    // Until then it is not hers.
    expect((await page.request.get(contact)).status()).toBe(404);

    const subject = `Riverside Hospitals Trust offers a contact to Mill Lane Surgery: ${fullName('Gilda')}`;
    await readLetter(page, personas.Gwen, subject);
    await expect(main(page)).toContainText('Ben Cartwright is offering a contact of Riverside Hospitals Trust to Mill Lane Surgery.');
    await main(page).locator('a[href$="/offers"]').click();
    await offered(page, 'Gilda').getByRole('link', { name: 'Answer' }).click();
    await expect(main(page)).toContainText(/Ben Cartwright offered it on .*\. Without an answer, the offer expires on /);
    await expect(detail(page, 'Email address')).toContainText(addressOf('Gilda'));
    await axe(page);
    await goOn(page, press(page, 'Accept the contact'), `Accept the contact ${fullName('Gilda')}`);
    await expectChange(page, 'Organisation', 'Riverside Hospitals Trust (RIV)', 'Mill Lane Surgery (G7H8J)');
    await confirm(page, 'Accept contact', 'Contact accepted');

    await page.goto(contact);
    await expect(detail(page, 'Organisation')).toContainText('Mill Lane Surgery G7H8J');
    await page.goto('/offers');
    await expect.soft(offered(page, 'Gilda')).toContainText('Accepted');
    // She has not offered it to anybody.
    await expect.soft(offered(page, 'Gilda', 'Offered by you')).toHaveCount(0);
    await beSignedIn(page, 'Ben');
    expect((await page.request.get(contact)).status()).toBe(404);
    await page.goto('/offers');
    await expect(offered(page, 'Gilda', 'Offered by you')).toContainText(/Accepted.*by Gwen Ashcombe/);
    await expect(offered(page, 'Gilda', 'Offered by you').getByRole('link')).toHaveCount(0);
    await readLetter(page, personas.Ben, `The offer of ${fullName('Gilda')} to Mill Lane Surgery was accepted`);
  });

  test('is withdrawn by the side that made it', async ({ page }) => {
    const contact = await offerNew(page, 'Juniper');
    await openOffer(page, 'Juniper');
    const path = new URL(page.url()).pathname;
    // Where few people are, nothing pushes it off the page.
    await page.goto('/people/upcoming?days=90');
    const lapses = page.getByRole('link', { name: `Offer of ${fullName('Juniper')}, from Riverside Hospitals Trust to Mill Lane Surgery` });
    await expect(lapses).toBeVisible();
    await beSignedIn(page, 'Ben');
    await page.goto(contact);
    await expect(standing(page)).toContainText('Offered to Mill Lane Surgery (G7H8J) by Ben Cartwright');
    await axe(page);
    await goOn(page, press(page, 'Withdraw the offer'), `Withdraw the offer of ${fullName('Juniper')}`);
    await confirm(page, 'Withdraw offer', 'Offer withdrawn');
    await page.goto('/offers');
    await expect(offered(page, 'Juniper', 'Offered by you')).toContainText('Withdrawn');
    await beSignedIn(page, 'Gwen');
    expect((await page.request.get(path)).status()).toBe(404);
    await page.goto('/offers');
    await expect(offered(page, 'Juniper').getByRole('link', { name: 'Answer' })).toHaveCount(0);
    await expect(ended(page, 'Withdrawn').first()).toContainText('by Ben Cartwright');
    await readLetter(page, personas.Gwen, `The offer of ${fullName('Juniper')} to Mill Lane Surgery was withdrawn`);
  });

  test('is not made to no organisation, to a closed one, or to the contact’s own', async ({ page }) => {
    await beSignedIn(page, 'Ben');
    const contact = await createContact(page, 'Keziah');
    const wrong: [string, string | RegExp][] = [
      ['', 'Enter the code of the organisation.'],
      // What to do about it is told in words for somebody who offers, not for somebody who mends a file.
      ['RIV09', 'Riverside Day Centre is closed. Choose another organisation.'],
      ['RIV', 'The contact already belongs to Riverside Hospitals Trust. Choose another organisation.'],
    ];
    for (const [code, problem] of wrong) {
      await askToOffer(page, contact, code);
      await expect.soft(page.getByRole('alert').getByRole('link'), code).toHaveText(problem);
      await expect(field(page, 'Its ODS code')).toHaveValue(code);
    }
    await axe(page);
    await page.getByRole('alert').getByRole('link').click();
    await expect(field(page, 'Its ODS code')).toBeFocused();
  });

  test('shows the contact as it is now, and says what was changed meanwhile', async ({ page }) => {
    const contact = await offerNew(page, 'Lavinia');
    await openOffer(page, 'Lavinia');
    await expect(page.getByText('Changed since it was offered')).toHaveCount(0);
    const path = new URL(page.url()).pathname;
    await goOn(page, press(page, 'Accept the contact'), `Accept the contact ${fullName('Lavinia')}`);
    const check = new URL(page.url()).pathname;

    await beSignedIn(page, 'Ben');
    await page.goto(`${contact}/edit`);
    await field(page, 'Telephone').fill('01632 960777');
    await goOn(page, onward(page), `Change ${fullName('Lavinia')}`);
    await confirm(page, 'Save changes', 'Changes saved');

    await beSignedIn(page, 'Gwen');
    await page.goto(path);
    await expect(page.getByText('Changed since it was offered: Telephone. You see how it is now.')).toBeVisible();
    await expect(detail(page, 'Telephone')).toContainText('01632 960777');
    await axe(page);
    // What she was about to confirm is shown once more, and not done unseen.
    await page.goto(check);
    await press(page, 'Accept contact').click();
    await expect(main(page)).toContainText('Somebody else changed something after you opened this, so nothing has been done yet.');
    await confirm(page, 'Accept contact', 'Contact accepted');
  });
});
