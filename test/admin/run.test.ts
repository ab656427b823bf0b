import { beforeEach, describe, expect, test } from 'vitest';
import { commands } from '../../admin/command-list.ts';
import { NoCloud } from '../../admin/refusal.ts';
import { runAdmin, type Where } from '../../admin/run.ts';
import { formatOrderNumber } from '../../domain/orders/order-number.ts';
import { mockApiGateway } from './api-gateway.ts';
import { useLocalTarget } from './local-target.ts';

const local = useLocalTarget();
beforeEach(() => {
  mockApiGateway(local.target);
});

const run = async (...argv: string[]) => {
  const [written, complained, asked]: [string[], string[], Where[]] = [[], [], []];
  const exitCode = await runAdmin(argv, {
    connect: async (where) => {
      asked.push(where);
      return local.target;
    },
    write: (text) => written.push(text),
    writeError: (text) => complained.push(text),
  });
  return { exitCode, output: written.join('\n'), errors: complained.join('\n'), asked };
};

const partnersFile = () =>
  local.file(
    'partnerId,name,language,currencies,pricesIncludeTax',
    'shop,Example Shop,en,USD,no',
    'mill,Example Mill,en,EUR,no',
  );

describe('help', () => {
  test('names every command and the exit codes', async () => {
    const { output, exitCode } = await run('--help');
    expect(exitCode).toBe(0);
    for (const { name, summary } of commands)
      expect(output).toMatch(new RegExp(`${name}.*${summary.slice(0, 20)}`));
    expect(output).toContain('Exit codes: 0');
  });

  test.for([
    ['--help', 'load', 'products'],
    ['load', 'products', '--help'],
  ])('of a load lists its columns: %s', async (argv) => {
    const { output, exitCode, asked } = await run(...argv);
    expect(exitCode).toBe(0);
    expect(output).toContain('* taxRate');
    expect(output).toContain('  maximumPerOrder');
    expect(asked).toEqual([]);
  });

  test('every column of every file has a meaning', async () => {
    for (const { details = '' } of commands.filter(({ name }) => name.startsWith('load'))) {
      const columns = details.split('\n').filter((line) => /^ {2}[* ] /.test(line));
      expect(columns.length).toBeGreaterThan(1);
      for (const line of columns) expect(line).toMatch(/^ {2}[* ] \w+ +\S/);
    }
  });
});

describe('a wrong command line', () => {
  test.for([
    { argv: [], says: '' },
    { argv: ['laod', 'products', 'x.csv'], says: 'There is no command "laod products x.csv".' },
    { argv: ['load', 'products'], says: '"load products" takes FILE.' },
    { argv: ['keys', 'revoke', 'shop'], says: '"keys revoke" takes PARTNER KEY_ID.' },
    { argv: ['partners', 'list', 'shop'], says: '"partners list" takes nothing more.' },
    { argv: ['keys', 'list', 'shop', '--rate', '5'], says: '"keys list" has no option --rate.' },
    { argv: ['keys', 'list', 'shop', '--colour'], says: '--colour' },
    { argv: ['plan', 'set', 'shop', '--rate', 'fast'], says: '--rate fast: must be a number' },
    { argv: ['plan', 'set', 'shop', '--burst', '0'], says: '--burst 0: must be at least 1' },
    { argv: ['plan', 'set', 'shop', '--period', 'YEAR'], says: '--period YEAR: must be DAY, WEEK, MONTH' },
    { argv: ['partners', 'list', '--stack', 'a', '--state-dir', 'b'], says: 'give one' },
  ])('$argv ends with 2', async ({ argv, says }) => {
    const { exitCode, errors } = await run(...argv);
    expect(exitCode).toBe(2);
    expect(errors).toContain(says);
  });
});

describe('loads', () => {
  test('tell what they did, and that a second time changes nothing', async () => {
    const path = await partnersFile();
    expect(await run('load', 'partners', path)).toMatchObject({
      exitCode: 0,
      output: `${path}: 2 created, 0 changed, 0 unchanged.`,
    });
    expect(await run('load', 'partners', path)).toMatchObject({
      exitCode: 0,
      output: `${path}: 0 created, 0 changed, 2 unchanged. Nothing was written.`,
    });
  });

  test('list every problem and end with 1', async () => {
    const path = await local.file('sku,quantity', 'TEA,many');
    const { exitCode, output } = await run('load', 'stock', path);
    expect(exitCode).toBe(1);
    expect(output).toBe(
      `${path}: 1 problem, nothing was written.\n  row 2, quantity: "many" must be a number, not negative, with at most three decimals`,
    );
  });

  test('answer programs in JSON', async () => {
    const good = await run('load', 'partners', await partnersFile(), '--json');
    expect(JSON.parse(good.output)).toEqual({ outcome: 'loaded', created: 2, changed: 0, unchanged: 0 });
    const bad = await run('load', 'stock', await local.file('sku,quantity', 'TEA,1'), '--json');
    expect(bad.exitCode).toBe(1);
    expect(JSON.parse(bad.output)).toEqual({
      outcome: 'refused',
      problems: [
        { row: 2, column: 'sku', value: 'TEA', code: 'SKU_UNKNOWN', message: 'is not in the catalogue' },
      ],
    });
  });
});

describe('partners, keys and plans', () => {
  beforeEach(async () => {
    await run('load', 'partners', await partnersFile());
  });

  test('partners are listed by id', async () => {
    const { output } = await run('partners', 'list');
    expect(output.split('\n')).toEqual(['mill  Example Mill  en  EUR', 'shop  Example Shop  en  USD']);
  });

  test('a key is shown when it is issued and never again', async () => {
    const { key, keyId } = JSON.parse((await run('keys', 'issue', 'shop', '--json')).output);
    const { output } = await run('keys', 'list', 'shop');
    expect(output).toMatch(new RegExp(`^${keyId}  ${key.slice(0, 8)}…  created .*  live$`));
    expect(output).not.toContain(key.slice(8));
    expect((await run('keys', 'revoke', 'shop', keyId)).output).toContain('revoked 2026-03-02');
  });

  test('what is refused ends with 1 and says what to do', async () => {
    expect(await run('keys', 'rotate', 'shop')).toMatchObject({
      exitCode: 1,
      errors: 'shop has no live key. Use "keys issue".',
    });
    expect(await run('keys', 'issue', 'nobody')).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('load partners'),
    });
  });

  test('a plan is set and told', async () => {
    const { output } = await run(
      'plan',
      'set',
      'shop',
      '--rate',
      '2.5',
      '--quota',
      '300',
      '--period',
      'WEEK',
    );
    expect(output).toBe('shop: 2.5 a second, 20 at once, 300 a week.');
  });
});

describe('orders', () => {
  test.for([
    { number: 'SO-1', says: 'its form or check digit is wrong' },
    { number: formatOrderNumber('2026-03-02', 1), says: 'There is no order' },
  ])('$number is refused', async ({ number, says }) => {
    const { exitCode, errors } = await run('show', 'order', number);
    expect(exitCode).toBe(1);
    expect(errors).toContain(says);
  });
});

describe('the cloud', () => {
  test('is the one that the command line names', async () => {
    expect((await run('partners', 'list', '--stack', 'rudan', '--region', 'eu-west-1')).asked).toEqual([
      { stack: 'rudan', region: 'eu-west-1', stateDir: undefined },
    ]);
    expect((await run('partners', 'list', '--state-dir', '/tmp/elsewhere')).asked).toEqual([
      { stack: undefined, region: undefined, stateDir: '/tmp/elsewhere' },
    ]);
  });

  test.for([
    { name: 'is not there', fault: new NoCloud('There is no cloud here.'), says: 'There is no cloud here.' },
    { name: 'does not answer', fault: new AggregateError([], ''), says: 'Does the cloud still run?' },
    { name: 'refuses', fault: new Error('access denied'), says: 'access denied' },
  ])('that $name ends with 3', async ({ fault, says }) => {
    const complaints: string[] = [];
    const exitCode = await runAdmin(['partners', 'list'], {
      connect: () => Promise.reject(fault),
      write: () => {},
      writeError: (text) => complaints.push(text),
    });
    expect(exitCode).toBe(3);
    expect(complaints.join('\n')).toContain(says);
  });
});
