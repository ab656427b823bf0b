import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundle } from '../../build/bundle.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rudan-bundle-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

const aTree = (): void => {
  write('functions/shared/greet.ts', "export const greet = (name: string): string => 'Hello ' + name;\n");
  write(
    'functions/api/say-hello.ts',
    "import { greet } from '../shared/greet.ts';\nexport const handler = async (name: string) => greet(name);\n",
  );
  write('functions/steps/say-bye.ts', 'export async function handler() {\n  return typeof require;\n}\n');
};

test('every file that exports a handler becomes a function, and no other file', async () => {
  aTree();
  const { functions, bytes } = await bundle({ root });
  expect(functions).toEqual(['say-bye', 'say-hello']);
  const sizes = functions.map((name) => statSync(join(root, 'dist', name, 'index.mjs')).size);
  expect(bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
  expect(existsSync(join(root, 'dist/greet'))).toBe(false);
});

test('a bundle runs by itself as an ES module in which packages may still require', async () => {
  aTree();
  await bundle({ root });
  const hello = await import(join(root, 'dist/say-hello/index.mjs'));
  const bye = await import(join(root, 'dist/say-bye/index.mjs'));
  expect(await hello.handler('Wang')).toBe('Hello Wang');
  expect(await bye.handler()).toBe('function');
});

test('sources of credentials that no function uses stay out', async () => {
  const source = "export const handler = () => import('@aws-sdk/credential-provider-sso');\n";
  write('functions/api/say-hello.ts', source);
  await bundle({ root });
  expect(readFileSync(join(root, 'dist/say-hello/index.mjs'), 'utf8')).toMatch(
    /import\(['"]@aws-sdk\/credential-provider-sso['"]\)/,
  );
});

test('the same sources give the same bytes, wherever they stand, and untouched files', async () => {
  aTree();
  await bundle({ root });
  const read = (outDir: string) =>
    ['say-hello/index.mjs', 'say-bye/index.mjs'].map((file) => readFileSync(join(outDir, file), 'utf8'));
  const first = read(join(root, 'dist'));
  const longAgo = new Date('2001-01-01');
  utimesSync(join(root, 'dist/say-bye/index.mjs'), longAgo, longAgo);
  await bundle({ root });
  await bundle({ root, outDir: join(root, 'elsewhere') });
  expect(read(join(root, 'dist'))).toEqual(first);
  expect(read(join(root, 'elsewhere'))).toEqual(first);
  expect(statSync(join(root, 'dist/say-bye/index.mjs')).mtime).toEqual(longAgo);
});

test('the metafile says what each bundle is made of, in paths of the project', async () => {
  aTree();
  await bundle({ root });
  const text = readFileSync(join(root, 'dist/meta.json'), 'utf8');
  expect(text).not.toContain(root);
  expect(Object.keys(JSON.parse(text).outputs['dist/say-hello/index.mjs'].inputs).sort()).toEqual([
    'functions/api/say-hello.ts',
    'functions/shared/greet.ts',
  ]);
});

test('a function that is gone leaves no bundle behind', async () => {
  aTree();
  await bundle({ root });
  rmSync(join(root, 'functions/steps/say-bye.ts'));
  expect((await bundle({ root })).functions).toEqual(['say-hello']);
  expect(existsSync(join(root, 'dist/say-bye'))).toBe(false);
});

test('two functions of one name are refused by the names of both files', async () => {
  aTree();
  write('functions/steps/say-hello.ts', 'export const handler = () => 1;\n');
  await expect(bundle({ root })).rejects.toThrow(
    /api\/say-hello\.ts and .*steps\/say-hello\.ts are both called say-hello/,
  );
});

test('a tree without handlers is refused', async () => {
  write('functions/shared/greet.ts', 'export const greet = 1;\n');
  await expect(bundle({ root })).rejects.toThrow(/exports a handler/);
});

test('a source that cannot be read is shown with its place, and the last bundles stay', async () => {
  aTree();
  await bundle({ root });
  write('functions/api/say-hello.ts', "import { gone } from './gone.ts';\nexport const handler = gone;\n");
  await expect(bundle({ root })).rejects.toThrow(
    /functions\/api\/say-hello\.ts:1:\d+: ERROR: Could not resolve/,
  );
  expect(existsSync(join(root, 'dist/say-hello/index.mjs'))).toBe(true);
});
