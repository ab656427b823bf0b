import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { loadPartners } from '../../../admin/commands/load-partners.ts';
import { runAdmin } from '../../../admin/run.ts';
import { useLocalTarget } from '../local-target.ts';

const local = useLocalTarget();
const partners = 'partnerId,name,active,language,currencies,pricesIncludeTax';
beforeEach(async () => {
  const file = await local.file(
    partners,
    'shop,Example Shop,yes,en,USD,no',
    'closed,Example Mill,no,en,USD,no',
  );
  await loadPartners(local.target, file);
});

const run = async (...argv: string[]) => {
  const sts = mockClient(local.target.sts);
  sts.on(AssumeRoleCommand).resolves({
    Credentials: {
      AccessKeyId: 'ASIAEXAMPLE',
      SecretAccessKey: 'secret',
      SessionToken: 'token',
      Expiration: new Date('2026-03-02T10:00:00Z'),
    },
  });
  const [written, complained]: [string[], string[]] = [[], []];
  const exitCode = await runAdmin(argv, {
    connect: async () => local.target,
    write: (text) => written.push(text),
    writeError: (text) => complained.push(text),
  });
  const asked = sts.commandCalls(AssumeRoleCommand).map(({ args: [{ input }] }) => input);
  return { exitCode, output: written.join('\n'), errors: complained.join('\n'), asked };
};

test('the role is taken on with the partner as its tag, and the keys are told as a shell takes them', async () => {
  const { exitCode, output, asked } = await run('drop-key', 'shop', '--hours', '2');
  expect(exitCode).toBe(0);
  expect(asked).toEqual([
    {
      RoleArn: 'arn:aws:iam::000000000000:role/drop',
      RoleSessionName: 'shop',
      DurationSeconds: 7200,
      Tags: [{ Key: 'partnerId', Value: 'shop' }],
    },
  ]);
  expect(output.split('\n').slice(0, 6)).toEqual([
    'export AWS_ACCESS_KEY_ID=ASIAEXAMPLE',
    'export AWS_SECRET_ACCESS_KEY=secret',
    'export AWS_SESSION_TOKEN=token',
    'export AWS_REGION=us-east-1',
    '',
    'aws s3 cp orders.xlsx s3://inbox/inbox/shop/',
  ]);
});

test.for([
  [['drop-key', 'nobody'], 1, 'There is no partner nobody'],
  [['drop-key', 'closed'], 1, 'closed is not active'],
  [['drop-key', 'shop', '--hours', '13'], 2, 'must be at most 12'],
  [['drop-key', 'shop', '--hours', '1.5'], 2, 'must be a whole number'],
  [['drop-key'], 2, '"drop-key" takes PARTNER.'],
] as const)('%j is refused before any role is taken on', async ([argv, code, why]) => {
  const { exitCode, errors, asked } = await run(...argv);
  expect(exitCode).toBe(code);
  expect(errors).toContain(why);
  expect(asked).toEqual([]);
});
