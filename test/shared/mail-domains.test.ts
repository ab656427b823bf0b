import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { mailDomains, mxFromDns } from '../../functions/shared/mail-domains.ts';
import { startDnsServer } from './a-dns-server.ts';

let dns: Awaited<ReturnType<typeof startDnsServer>>;
beforeAll(async () => {
  dns = await startDnsServer({
    'mail.example': ['mx1.mail.example', 'mx2.mail.example'],
    'no-mail.example': ['.'],
    'web-only.example': 'NODATA',
    'broken.example': 'SERVFAIL',
    'silent.example': 'SILENCE',
  });
});
afterAll(() => dns.close());
beforeEach(() => {
  dns.asked.length = 0;
});

const clock = { now: 0 };
const lookUp = (isOn = true) =>
  mailDomains({ resolveMx: mxFromDns([dns.address]), isOn: () => isOn, now: () => clock.now });
const at = (...domains: string[]) => domains.map((domain) => ({ email: `wang@${domain}` }));

test.for<[domain: string, why: string, isDead: boolean]>([
  ['mail.example', 'has mail servers', false],
  ['no-mail.example', 'declares that it takes no mail', true],
  ['gone.example', 'does not exist', true],
  ['web-only.example', 'may take mail at its own address', false],
  ['broken.example', 'cannot be asked', false],
  ['silent.example', 'does not answer', false],
])('%s %s', async ([domain, , isDead]) => {
  expect(await lookUp()(at(domain))).toEqual(isDead ? [`wang@${domain}`] : []);
  expect(dns.asked).toContain(domain);
});

test('a domain is asked about once an hour, however it is written; one that gave no answer, again', async () => {
  const find = lookUp();
  await find(at('mail.example', 'gone.example'));
  expect(await find(at('MAIL.example', 'Gone.Example', 'broken.example'))).toEqual(['wang@Gone.Example']);
  expect(dns.asked.filter((name) => name !== 'broken.example').sort()).toEqual([
    'gone.example',
    'mail.example',
  ]);
  const asked = dns.asked.length;
  await find(at('broken.example'));
  expect(dns.asked.length).toBeGreaterThan(asked);
  clock.now += 3_600_001;
  await find(at('mail.example'));
  expect(dns.asked.filter((name) => name === 'mail.example')).toHaveLength(2);
});

test('nobody is asked where it is switched off', async () => {
  expect(await lookUp(false)(at('gone.example'))).toEqual([]);
  expect(dns.asked).toEqual([]);
});
