import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { allFunctions, aStack, functionResource } from './a-stack.ts';

const functionsFolder = join(import.meta.dirname, '../../functions');

const handlers = globSync('**/*.ts', { cwd: functionsFolder })
  .map((file) => join(functionsFolder, file))
  .filter((file) => /^export const handler\b/m.test(readFileSync(file, 'utf8')));

const nameOf = (file: string): string => basename(file).replace(/\.[jt]s$/, '');

/** Turns `env({ A: z.string(), B: … })` into `env("A B")` without effects, so that it stands in a bundle only where it is read. */
const markReads = (source: string): string =>
  source.replaceAll(/= env\((\{[^}]*\})\)/g, (_, shape: string) => {
    const names = [...shape.matchAll(/\b([A-Z_]+):/g)].map(([, name]) => name);
    return `= /* @__PURE__ */ env(${JSON.stringify(names.join(' '))})`;
  });

const markEnvironment: Plugin = {
  name: 'mark-environment',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/functions\/.*\.ts$/ }, ({ path }) => ({
      contents: markReads(readFileSync(path, 'utf8')),
      loader: 'ts',
    }));
  },
};

/** The variables that a bundle reads; those named AWS_… are Lambda's own. */
const variablesIn = (bundle: string): string[] =>
  [...bundle.matchAll(/ env\("([A-Z_ ]+)"\)/g)]
    .flatMap(([, names = '']) => names.split(' '))
    .filter((name) => !name.startsWith('AWS_'));

test('every handler under functions/ is deployed, and nothing else', () => {
  expect(handlers.map(nameOf).sort()).toEqual([...allFunctions].sort());
});

describe('a function is given the variables that its code reads, and no others', () => {
  const { template } = aStack({ context: { companyBankAccount: 'Bank of Example 0000' } });
  const bundles = new Map<string, string>();

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: handlers,
      outdir: functionsFolder,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      plugins: [markEnvironment],
    });
    for (const { path, text } of outputFiles) bundles.set(nameOf(path), text);
  });

  test.for(handlers.map(nameOf))('%s', (name) => {
    const read = new Set(variablesIn(bundles.get(name) ?? ''));
    const given = functionResource(template, name).Environment?.Variables ?? {};
    expect(Object.keys(given).sort()).toEqual([...read].sort());
  });
});
