import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { versionOn } from '../../domain/rules/rule-index.ts';
import { type RuleName, ruleNames, ruleSchemas, rulesOf } from '../../domain/rules/rules.ts';
import { Refusal } from '../refusal.ts';
import { readIndex, readVersion, type StoredRules, storeRules } from '../rule-versions.ts';
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
  days: { from: string; today: string },
): Promise<StoredRules & { name: RuleName }> => {
  const name = nameOf(written);
  const parsed = ruleSchemas[name].safeParse(await readJson(path));
  if (!parsed.success) throw new Refusal(`${path}: nothing was written.\n${z.prettifyError(parsed.error)}`);
  return { name, ...(await storeRules(target, name, parsed.data, days)) };
};

type ListedRules = { name: RuleName; inForce: number; planned: { version: number; from: string }[] };

/** Every document of rules with the version in force (0: what is built in) and those to come. */
export const listRules = async (target: Target, today: string): Promise<ListedRules[]> => {
  const index = await readIndex(target);
  return ruleNames.map((name) => ({
    name,
    inForce: versionOn(index, name, today),
    planned: (index.versions[name] ?? []).filter(({ from }) => from > today),
  }));
};

/** One version of a document, the one in force when none is named; version 0 is what is built in. */
export const showRules = async (
  target: Target,
  written: string,
  today: string,
  wanted?: number,
): Promise<{ name: RuleName; version: number; from?: string; loadedAt?: string; content: unknown }> => {
  const name = nameOf(written);
  const version = wanted ?? versionOn(await readIndex(target), name, today);
  if (version === 0) return { name, version, content: rulesOf({})[name].content };
  const found = await readVersion(target, name, version);
  if (!found) throw new Refusal(`Rules "${name}" have no version ${version}.`);
  const { from, loadedAt, content } = found;
  return { name, version, from, loadedAt, content };
};
