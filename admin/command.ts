import * as z from 'zod';
import { ruleNoteSchema } from '../domain/rules/rules.ts';
import { day } from '../functions/master-data/columns.ts';
import type { LoadResult } from '../functions/master-data/load-result.ts';
import { UsageError } from './refusal.ts';
import type { RuleLoadResult, RuleStart } from './rule-load.ts';
import type { Target } from './targets.ts';

/** What a command answers: text for people, the same as JSON for programs. A refused file ends with exit code 1. */
export type Answer = { exitCode: 0 | 1; text: string; json: unknown };

export type Options = Readonly<Record<string, string | boolean | undefined>>;

export type Command = {
  /** The words it is called by: `load products`. */
  name: string;
  /** What must follow, in order: `FILE`; one alone in brackets, `[ORDER…]`, stands for any number. */
  parameters: readonly string[];
  /** Its own options with their values, as shown in help: `--rate N`. */
  options?: Readonly<Record<string, string>>;
  summary: string;
  /** More for `--help`, below usage and summary. */
  details?: string;
  run: (target: Target, parameters: readonly string[], options: Options) => Promise<Answer>;
};

export const answered = (text: string, json: unknown): Answer => ({ exitCode: 0, text, json });

const listed = (problems: Extract<LoadResult, { outcome: 'refused' }>['problems']): string[] =>
  problems.map(({ row, column, value, message }) => {
    const where = [`row ${row}`, ...(column ? [column] : [])].join(', ');
    return `  ${where}: ${value === undefined ? '' : `"${value}" `}${message}`;
  });

const loadAnswer = (file: string, result: LoadResult): Answer => {
  if (result.outcome === 'refused') {
    const count = result.problems.length === 1 ? '1 problem' : `${result.problems.length} problems`;
    return {
      exitCode: 1,
      text: [`${file}: ${count}, nothing was written.`, ...listed(result.problems)].join('\n'),
      json: result,
    };
  }
  const { created, changed, unchanged } = result;
  const nothing = created + changed === 0 ? ' Nothing was written.' : '';
  return answered(
    `${file}: ${created} created, ${changed} changed, ${unchanged} unchanged.${nothing}`,
    result,
  );
};

const columnLines = (columns: z.ZodObject): string[] => {
  const entries = Object.entries(columns.shape);
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, column]) => {
    const required = z.safeParse(column, undefined).success ? ' ' : '*';
    return `  ${required} ${name.padEnd(width)}  ${z.globalRegistry.get(column)?.description ?? ''}`;
  });
};

const fileHelp = (what: string, columns: z.ZodObject): string =>
  [
    `Columns of the csv or xlsx file, in any order (* must be there); an example is samples/master-data/${what}.csv:`,
    ...columnLines(columns),
    '',
  ].join('\n');

const closingHelp = [
  'Every problem is reported with its row and column, and nothing is written when there is one.',
  'Loading the same file again changes nothing.',
].join('\n');

/** Reads an option's value by a schema; throws UsageError. */
export const option = <Schema extends z.ZodType>(
  options: Options,
  name: string,
  schema: Schema,
): z.infer<Schema> | undefined => {
  const value = options[name];
  if (value === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new UsageError(
      `--${name} ${value}: ${parsed.error.issues.map(({ message }) => message).join(', ')}`,
    );
  return parsed.data;
};

type Loader = (target: Target, path: string) => Promise<LoadResult>;

/** A `load` command, whose help lists the file's columns. */
export const loadCommand = (what: string, summary: string, columns: z.ZodObject, load: Loader): Command => ({
  name: `load ${what}`,
  parameters: ['FILE'],
  summary,
  details: [fileHelp(what, columns), closingHelp].join('\n'),
  run: async (target, [file = '']) => loadAnswer(file, await load(target, file)),
});

/** The options of a load of rules. */
export const startOptions = { from: 'DAY', note: 'TEXT' };

export const startHelp = [
  '  --from DAY    the first day they hold, such as 2026-04-01, company time; without it they hold at once',
  '  --note TEXT   why, kept with the version',
].join('\n');

/** Reads `startOptions`. Throws UsageError. */
export const startOf = (options: Options): RuleStart => ({
  from: option(options, 'from', day),
  note: option(options, 'note', ruleNoteSchema),
});

/** What came of loading rules: their version, and from when it holds. */
const ruleLoadText = (file: string, result: RuleLoadResult): Answer => {
  const answer = loadAnswer(file, result);
  if (result.outcome === 'refused') return answer;
  const { created, changed, unchanged, removed, version, from } = result;
  return answered(
    `${file}: ${created} created, ${changed} changed, ${unchanged} unchanged, ${removed} left out. Version ${version}, in force from ${from}.`,
    result,
  );
};

type RuleLoader = (target: Target, path: string, start: RuleStart) => Promise<RuleLoadResult>;

/** A `load` command for rules: the file is the whole document, and becomes its next version. */
export const ruleLoadCommand = (
  what: string,
  summary: string,
  columns: z.ZodObject,
  load: RuleLoader,
): Command => ({
  name: `load ${what}`,
  parameters: ['FILE'],
  summary,
  options: startOptions,
  details: [
    fileHelp(what, columns),
    startHelp,
    '',
    'The file is the whole document: what it leaves out holds no more. It becomes the next version, earlier ones stay on file.',
    closingHelp,
  ].join('\n'),
  run: async (target, [file = ''], options) => ruleLoadText(file, await load(target, file, startOf(options))),
});
