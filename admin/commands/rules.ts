import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { versionOn } from '../../domain/rules/rule-index.ts';
import { type RuleName, ruleNames, ruleSchemas, rulesOf } from '../../domain/rules/rules.ts';
import { Refusal } from '../refusal.ts';
import { companyDay, type RuleStart, rulesOfTarget, type StoredRules, storeRules } from '../rule-load.ts';
import type { Target } from '../targets.ts';

const nameOf = (written: string): RuleName => {
  const parsed = z.enum(ruleNames).safeParse(written);
  if (!parsed.success) throw new Refusal(`There are no rules "${written}", only ${ruleNames.join(', ')}.`);
  return parsed.data;
};

const readJson = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Refusal(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Loads a whole document of rules from a JSON file, as `rules show` writes it. */
export const loadRules = async (
  target: Target,
  written: string,
  path: string,
  start: RuleStart = {},
): Promise<StoredRules & { name: RuleName }> => {
  const name = nameOf(written);
  const parsed = ruleSchemas[name].safeParse(await readJson(path));
  if (!parsed.success) throw new Refusal(`${path}: nothing was written.\n${z.prettifyError(parsed.error)}`);
  return { name, ...(await storeRules(target, name, parsed.data, start)) };
};

type ListedRules = { name: RuleName; inForce: number; planned: { version: number; from: string }[] };

/** Every document of rules with the version in force (0: what is built in) and those to come. */
export const listRules = async (target: Target): Promise<ListedRules[]> => {
  const index = await rulesOfTarget(target).readIndex();
  const today = companyDay(target);
  return ruleNames.map((name) => ({
    name,
    inForce: versionOn(index, name, today),
    planned: (index.versions[name] ?? []).filter(({ from }) => from > today),
  }));
};

type ShownRules = {
  name: RuleName;
  version: number;
  from?: string;
  loadedAt?: string;
  loadedBy?: string | undefined;
  note?: string | undefined;
  content: unknown;
};

/** One version of a document, the one in force when none is named; version 0 is what is built in. */
export const showRules = async (target: Target, written: string, wanted?: number): Promise<ShownRules> => {
  const name = nameOf(written);
  const rules = rulesOfTarget(target);
  const version = wanted ?? versionOn(await rules.readIndex(), name, companyDay(target));
  if (version === 0) return { name, version, content: rulesOf({})[name].content };
  const found = await rules.readVersion(name, version);
  if (!found) throw new Refusal(`Rules "${name}" have no version ${version}.`);
  const { from, loadedAt, loadedBy, note, content } = found;
  return { name, version, from, loadedAt, loadedBy, note, content };
};
