import { parseArgs } from 'node:util';
import { ChangedMeanwhile } from '../functions/master-data/store.ts';
import type { Command } from './command.ts';
import { commands } from './command-list.ts';
import { NoCloud, Refusal, UsageError } from './refusal.ts';
import type { Target } from './targets.ts';

/** Which installation the command line names; nothing: the one on this machine. */
export type Where = {
  stack?: string | undefined;
  region?: string | undefined;
  stateDir?: string | undefined;
};

export type Io = {
  connect: (where: Where) => Promise<Target>;
  write: (text: string) => void;
  writeError: (text: string) => void;
};

export type ExitCode = 0 | 1 | 2 | 3;

const usageOf = ({ name, parameters, options = {} }: Command): string =>
  [name, ...parameters, ...Object.entries(options).map(([option, value]) => `[--${option} ${value}]`)].join(
    ' ',
  );

const where = [
  'Where:',
  '  (nothing)          the cloud that "npm start" runs on this machine',
  '  --state-dir DIR    the same, with its state in another folder than .rudan',
  '  --stack NAME       an installation in AWS, with your usual AWS credentials',
  '  --region REGION    the region of that stack, if not your default one',
  '',
  '  --json             answer in JSON',
  '  --help             explain a command',
  '',
  'Exit codes: 0 done; 1 refused; 2 the command line is wrong; 3 the cloud cannot be used.',
].join('\n');

const overview = (): string => {
  const width = Math.max(...commands.map((command) => usageOf({ ...command, options: {} }).length));
  const lines = commands.map(
    (command) => `  ${usageOf({ ...command, options: {} }).padEnd(width)}  ${command.summary}`,
  );
  return ['npm run admin -- COMMAND …', '', ...lines, '', where].join('\n');
};

const helpOf = (command: Command): string =>
  [
    `npm run admin -- ${usageOf(command)}`,
    '',
    `  ${command.summary}`,
    ...(command.details ? ['', command.details] : []),
    '',
    where,
  ].join('\n');

const ownOptions = Object.fromEntries(
  commands
    .flatMap(({ options = {} }) => Object.keys(options))
    .map((name) => [name, { type: 'string' } as const]),
);

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        stack: { type: 'string' },
        region: { type: 'string' },
        'state-dir': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        ...ownOptions,
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const find = (words: readonly string[]): { command: Command; parameters: string[] } | undefined => {
  const wordsOf = ({ name }: Command) => name.split(' ').length;
  const command = commands.find((one) => one.name === words.slice(0, wordsOf(one)).join(' '));
  return command && { command, parameters: words.slice(wordsOf(command)) };
};

const checkCall = (
  { name, parameters, options = {} }: Command,
  given: readonly string[],
  values: Readonly<Record<string, unknown>>,
) => {
  const takesMore = parameters.at(-1)?.endsWith('…]') ?? false;
  if (!takesMore && given.length !== parameters.length)
    throw new UsageError(
      `"${name}" takes ${parameters.length === 0 ? 'nothing more' : parameters.join(' ')}.`,
    );
  const foreign = Object.keys(ownOptions).find(
    (option) => values[option] !== undefined && !(option in options),
  );
  if (foreign) throw new UsageError(`"${name}" has no option --${foreign}.`);
};

const call = async (argv: readonly string[], { connect, write }: Io): Promise<ExitCode> => {
  const { values, positionals } = parse(argv);
  const found = find(positionals);
  if (values.help || positionals.length === 0) {
    write(found ? helpOf(found.command) : overview());
    return values.help ? 0 : 2;
  }
  if (!found) throw new UsageError(`There is no command "${positionals.join(' ')}".`);
  const { command, parameters } = found;
  checkCall(command, parameters, values);
  if (values.stack && values['state-dir'])
    throw new UsageError('--stack and --state-dir name two installations; give one.');
  const target = await connect({ stack: values.stack, region: values.region, stateDir: values['state-dir'] });
  const answer = await command.run(target, parameters, values);
  write(values.json ? JSON.stringify(answer.json, null, 2) : answer.text);
  return answer.exitCode;
};

const told = (error: unknown): { text: string; exitCode: ExitCode } => {
  if (error instanceof Refusal || error instanceof ChangedMeanwhile)
    return { text: error.message, exitCode: 1 };
  if (error instanceof UsageError)
    return { text: `${error.message}\nTry npm run admin -- --help`, exitCode: 2 };
  if (error instanceof NoCloud) return { text: error.message, exitCode: 3 };
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const hint =
    message.includes('ECONNREFUSED') || name === 'AggregateError'
      ? '\nDoes the cloud still run? Start it with "npm start".'
      : '';
  return { text: `${name}: ${message}${hint}`, exitCode: 3 };
};

/** Runs one command line and answers its exit code. Answers go to `write`, complaints to `writeError`. */
export const runAdmin = async (argv: readonly string[], io: Io): Promise<ExitCode> => {
  try {
    return await call(argv, io);
  } catch (error) {
    const { text, exitCode } = told(error);
    io.writeError(text);
    return exitCode;
  }
};
