import { expect, type Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { folder } from './run';

/** Where files by email are sent to. */
export const inbox = 'connector.data@health.example';

/** A mail with a file, as the mail server puts it down. */
export interface FileMail {
  from: string;
  /** Who signed in to the mail server to send it; nobody where that is not said. */
  login?: string;
  to?: string;
  subject?: string;
  name: string;
  content: string;
}

/** Delivers a mail into the Maildir folder of serve-for-tests.sh: written beside it, and then there at once. */
export function deliver({ from, login, to = inbox, subject = 'Staff list', name, content }: FileMail) {
  const server = 'mx.health.example';
  const now = new Date().toUTCString().replace('GMT', '+0000');
  const id = randomUUID();
  const part = `=_${id}`;
  const lines = [
    `Return-Path: <${from}>`,
    `Authentication-Results: ${server};`,
    ` ${login ? `auth=pass smtp.auth=${login} smtp.mailfrom=${login}` : 'auth=none'}`,
    `Received: from client.health.example by ${server} with ESMTPSA; ${now}`,
    `From: <${from}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Message-ID: <${id}@health.example>`,
    `Date: ${now}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${part}"`,
    '',
    `--${part}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    'The list of today is attached.',
    `--${part}`,
    `Content-Type: text/csv; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n'),
    `--${part}--`,
    '',
  ];
  const file = `${Date.now()}.${id}.test`;
  const maildir = resolve(folder, 'inbox');
  writeFileSync(resolve(maildir, 'tmp', file), lines.join('\r\n'));
  renameSync(resolve(maildir, 'tmp', file), resolve(maildir, 'new', file));
}

/** Opens the latest letter to an address that is about this. */
export async function openLetter(page: Page, address: string, subject: string) {
  const latest = page.getByRole('row').filter({ hasText: address }).filter({ hasText: subject }).first();
  await expect(async () => {
    await page.goto('/mail');
    await expect(latest).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await latest.getByRole('link').click();
}
