import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { aStack, functionResource } from './a-stack.ts';

const settingsOf = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

test('a clean clone has settings that mail nobody', () => {
  const settings = settingsOf({});
  expect(settings).toMatchObject({ stackName: 'Rudan', retainData: true, companyTimeZone: 'Asia/Shanghai' });
  const addresses = Object.values(settings).filter((value) => String(value).includes('@'));
  expect(addresses.length).toBe(6);
  for (const address of addresses) expect(address).toMatch(/@example\.com$/);
});

test('the context goes before the defaults, and its texts become flags and numbers', () => {
  const context = {
    stackName: 'Rudan-Trial',
    deskEmail: 'a@example.org',
    retainData: 'false',
    uploadConcurrency: '2',
  };
  expect(settingsOf(context)).toMatchObject({ ...context, retainData: false, uploadConcurrency: 2 });
});

test.for([
  ['stackName', '1st'],
  ['deskEmail', 'desk'],
  ['senderAddress', ''],
  ['orderAddress', 'orders-in'],
  ['companyTimeZone', 'Asia/Nowhere'],
  ['staffLanguage', 'fr'],
  ['retainData', 'perhaps'],
  ['uploadConcurrency', '-1'],
  ['uploadMaxRows', '0'],
  ['uploadMaxRows', '100001'],
  ['companyName', ''],
  ['checkMailDomains', 'perhaps'],
] as const)('%s cannot be %j', ([name, value]) => {
  expect(() => settingsOf({ [name]: value })).toThrow(
    new RegExp(`Settings in the CDK context:.*at ${name}`, 's'),
  );
});

test('all wrong settings are told at once', () => {
  expect(() => settingsOf({ deskEmail: 'desk', staffLanguage: 'fr' })).toThrow(/deskEmail.*staffLanguage/s);
});

test.for([
  { uploadMaxRows: undefined, told: '10000', megabytes: 1024 },
  { uploadMaxRows: '100000', told: '100000', megabytes: 2048 },
])('a desk for files of $told rows tells those that let them in', ({ uploadMaxRows, told, megabytes }) => {
  const { template } = aStack({ context: { uploadMaxRows } });
  for (const name of ['request-upload', 'read-upload'])
    expect(functionResource(template, name).Environment.Variables).toMatchObject({ UPLOAD_MAX_ROWS: told });
  for (const name of ['read-upload', 'write-upload-result'])
    expect(functionResource(template, name).MemorySize).toBe(megabytes);
});

test('settings reach the functions that mail', () => {
  const { stack, template } = aStack({
    context: {
      stackName: 'Trial',
      financeEmail: 'money@example.org',
      companyBankAccount: 'Bank of Example 0000',
    },
  });
  expect(stack.stackName).toBe('Trial');
  expect(functionResource(template, 'send-mail').Environment.Variables).toMatchObject({
    FINANCE_EMAIL: 'money@example.org',
    COMPANY_BANK_ACCOUNT: 'Bank of Example 0000',
  });
  expect(functionResource(aStack().template, 'send-mail').Environment.Variables).not.toHaveProperty(
    'COMPANY_BANK_ACCOUNT',
  );
});
