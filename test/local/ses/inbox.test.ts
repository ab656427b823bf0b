import { SendRawEmailCommand } from '@aws-sdk/client-ses';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { expect, test } from 'vitest';
import { startSes } from './ses-fixture.ts';

const evil = '<script>alert(1)</script>';

const send = async (
  { client }: Awaited<ReturnType<typeof startSes>>,
  mail: ConstructorParameters<typeof MailComposer>[0],
) => {
  const composed = new MailComposer({ from: 'orders@example.com', to: 'li.wei@example.net', ...mail });
  const Data = await composed.compile().build();
  return (await client.send(new SendRawEmailCommand({ RawMessage: { Data } }))).MessageId ?? '';
};

test('the list shows the newest first and finds mail by what it says', async () => {
  const running = await startSes();
  await send(running, { subject: 'Order 1001', text: 'two mugs' });
  await send(running, { subject: 'Order 1002', text: 'ten teas' });
  const read = async (query = '') => (await fetch(`${running.inboxUrl}/${query}`)).text();
  expect(await read()).toMatch(/Order 1002[\s\S]*Order 1001/);
  const found = await read('?q=TWO+mugs');
  expect(found).toContain('Order 1001');
  expect(found).not.toContain('Order 1002');
  expect(found).toContain('1 message with “TWO mugs”');
});

test('the list is paged', async () => {
  const running = await startSes();
  for (let number = 1; number <= 101; number += 1) await send(running, { subject: `Mail no. ${number}.` });
  const first = await (await fetch(running.inboxUrl)).text();
  expect(first).not.toContain('Mail no. 1.');
  const older = /href="([^"]*page=2)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(await (await fetch(new URL(older, running.inboxUrl))).text()).toContain('Mail no. 1.');
});

test('nothing of a message becomes part of the page', async () => {
  const running = await startSes();
  const id = await send(running, {
    subject: evil,
    text: evil,
    attachments: [{ filename: `${evil}.txt`, content: 'x' }],
  });
  for (const path of ['/', `/?q=${encodeURIComponent(evil)}`, `/messages/${id}`]) {
    const response = await fetch(`${running.inboxUrl}${path}`);
    expect(await response.text()).not.toContain('<script>');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  }
});

test('the HTML part stands in a sandbox that runs and fetches nothing, with its own images inside', async () => {
  const running = await startSes();
  const id = await send(running, {
    subject: 'Hello',
    html: `<p>Hello</p>${evil}<img src="https://tracker.example.com/1.gif"><img src="cid:logo">`,
    attachments: [{ filename: 'logo.png', cid: 'logo', content: Buffer.from('png') }],
  });
  const page = await (await fetch(`${running.inboxUrl}/messages/${id}`)).text();
  expect(page).toMatch(/<iframe title="[^"]+" src="\/messages\/[\w-]+\/html" sandbox="allow-popups/);
  const part = await fetch(`${running.inboxUrl}/messages/${id}/html`);
  expect(part.headers.get('content-security-policy')).toMatch(
    /^sandbox [^;]*; default-src 'none'; .*img-src data:$/,
  );
  expect(await part.text()).toContain('src="data:image/png;base64,');
});

test('attachments are downloaded, never shown', async () => {
  const running = await startSes();
  const attachments = [{ filename: "装箱单 'A'.html", content: evil, contentType: 'text/html' }];
  const id = await send(running, { subject: 'Slip', text: 'see there', attachments });
  const response = await fetch(`${running.inboxUrl}/messages/${id}/attachments/0`);
  expect(await response.text()).toBe(evil);
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect(response.headers.get('content-disposition')).toBe(
    "attachment; filename*=UTF-8''%E8%A3%85%E7%AE%B1%E5%8D%95%20%27A%27.html",
  );
  expect((await fetch(`${running.inboxUrl}/messages/${id}/attachments/1`)).status).toBe(404);
});

test('the source is plain text', async () => {
  const running = await startSes();
  const id = await send(running, { subject: 'Hello', text: 'Hi' });
  const response = await fetch(`${running.inboxUrl}/messages/${id}/source`);
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(await response.text()).toContain('Subject: Hello');
});

test.for(['/messages/none', '/messages/..%2f..%2fetc', '/other', '/messages/none.eml'])(
  '%s is not found',
  async (path) => {
    const { inboxUrl } = await startSes();
    expect((await fetch(`${inboxUrl}${path}`)).status).toBe(404);
  },
);
