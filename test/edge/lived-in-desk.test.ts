import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentSchema, undescribed } from './described-api.ts';
import { type Exchange, type LivedInDesk, openLivedInDesk } from './lived-in-desk.ts';
import { revealed, told } from './personal-texts.ts';

let desk: LivedInDesk;
beforeAll(async () => {
  desk = await openLivedInDesk();
});
afterAll(() => desk.close());

/** All that lies in a folder of the desk's state, file by file. */
const textsUnder = async (folder: string): Promise<[file: string, text: string][]> => {
  const root = join(desk.stateDir, folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const text = await readFile(join(parentPath, name), 'utf8');
        return [join(parentPath, name), text] as [string, string];
      }),
  );
};

test.for([
  ['logs', 'no line of a log'],
  ['states', 'no input, output or history of an execution'],
])('%s: %s says anything of a person', async ([folder = '']) => {
  expect(told.length).toBeGreaterThan(50);
  const texts = await textsUnder(folder);
  for (const number of desk.orderNumbers)
    expect(
      texts.some(([, text]) => text.includes(number)),
      number,
    ).toBe(true);
  expect(texts.flatMap(([file, text]) => revealed(text).map((one) => `${file}: ${one}`))).toEqual([]);
});

test('no refusal tells a stranger anything of a person', () => {
  expect(desk.strangersAnswers.map(({ status }) => status)).toEqual([404, 404, 409, 409, 404]);
  for (const { text } of desk.strangersAnswers) expect(revealed(text)).toEqual([]);
});

test('whatever the texts are, a mail has the headers that ours have, and its one recipient', async () => {
  const files = (await readdir(desk.endpoints.mailDir)).filter((name) => name.endsWith('.eml'));
  const mails = await Promise.all(
    files.map(async (name) => simpleParser(await readFile(join(desk.endpoints.mailDir, name)))),
  );
  expect(mails.filter(({ text = '' }) => revealed(text).length > 0).length).toBeGreaterThan(5);
  for (const { headers, to, cc, bcc, headerLines } of mails) {
    expect([cc, bcc]).toEqual([undefined, undefined]);
    expect(headerLines.filter(({ key }) => key === 'subject')).toHaveLength(1);
    expect(Array.isArray(to) ? to.length : to?.value.length).toBe(1);
    expect(JSON.stringify([...headers.keys()])).not.toMatch(/bcc|evil/);
    expect(JSON.stringify(headers.get('to'))).not.toContain('evil');
  }
});

test('every answer about them is what the API says that it answers', async () => {
  const document = documentSchema.parse((await desk.mall('GET', '/v1/openapi.json')).body);
  const routes = Object.keys(document.paths)
    .toSorted((a, b) => a.split('{').length - b.split('{').length)
    .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));
  const faultsOf = ({ method, path, answer }: Exchange) => {
    const route = routes.find(({ pattern }) => pattern.test(path.split('?')[0] ?? ''));
    const { status, headers, text } = answer;
    const mediaType = String(headers['content-type']).split(';')[0];
    return undescribed(document, method, route?.path, { status, mediaType, text }).map(
      (fault) => `${method} ${path} ${status} ${fault}`,
    );
  };
  expect(desk.exchanges.flatMap(faultsOf)).toEqual([]);
  const statuses = new Set(desk.exchanges.map(({ answer }) => answer.status));
  expect([...statuses].sort()).toEqual([200, 201, 202, 400, 404, 409, 422]);
});
