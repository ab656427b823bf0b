import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { writeInvoiceFont } from './convert-font.ts';
import { openApiDocument } from './openapi.ts';

const projectRoot = join(import.meta.dirname, '..');

/** CommonJS packages inside an ESM bundle still call require for Node's own modules. */
const requireBanner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** A function's credentials stand in its environment; the SDK imports its other sources of them only when they do not. */
const otherCredentialSources = ['ini', 'login', 'process', 'sso', 'web-identity']
  .map((source) => `@aws-sdk/credential-provider-${source}`)
  .concat('@smithy/credential-provider-imds');

export type Bundles = {
  /** Names of the functions, sorted; each has a folder of that name in dist. */
  functions: string[];
  /** Size of the code together, fonts apart. */
  bytes: number;
};

type BundleOptions = {
  /** Folder that holds `functions/`. */
  root?: string;
  outDir?: string;
};

/** Every file under functions/ that exports `handler`, by its base name. Throws when two share a name or there is none. */
const findHandlers = (root: string): Map<string, string> => {
  const handlers = new Map<string, string>();
  for (const file of globSync('functions/**/*.ts', { cwd: root }).sort()) {
    if (!/^export (?:const|(?:async )?function) handler\b/m.test(readFileSync(join(root, file), 'utf8')))
      continue;
    const name = basename(file, '.ts');
    const twin = handlers.get(name);
    if (twin !== undefined)
      throw new Error(`${twin} and ${file} are both called ${name}: a function's name is its file's.`);
    handlers.set(name, file);
  }
  if (handlers.size === 0) throw new Error(`No file under ${join(root, 'functions')} exports a handler.`);
  return handlers;
};

const compile = (root: string, outDir: string, handlers: ReadonlyMap<string, string>) =>
  build({
    absWorkingDir: root,
    entryPoints: [...handlers].map(([name, file]) => ({ in: file, out: `${name}/index` })),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    banner: { js: requireBanner },
    external: otherCredentialSources,
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });

/** A file that did not change keeps its date; a reader never sees half of one that did. */
const writeIfChanged = (path: string, content: Uint8Array): void => {
  if (existsSync(path) && readFileSync(path).equals(content)) return;
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.${process.pid}`;
  writeFileSync(half, content);
  renameSync(half, path);
};

const removeStale = (outDir: string, handlers: ReadonlyMap<string, string>): void => {
  for (const { name } of readdirSync(outDir, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    if (!handlers.has(name)) rmSync(join(outDir, name), { recursive: true });
};

/**
 * Bundles every Lambda function to dist/<name>/index.mjs, with esbuild's metafile in dist/meta.json (paths relative to
 * the project). The same sources give the same bytes. Throws an Error that shows what esbuild could not read.
 */
export const bundle = async ({
  root = projectRoot,
  outDir = join(root, 'dist'),
}: BundleOptions = {}): Promise<Bundles> => {
  const handlers = findHandlers(root);
  const { outputFiles, metafile } = await compile(root, outDir, handlers);
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents);
  writeIfChanged(join(outDir, 'meta.json'), Buffer.from(JSON.stringify(metafile)));
  removeStale(outDir, handlers);
  if (handlers.has('read-openapi'))
    writeIfChanged(
      join(outDir, 'read-openapi', 'openapi.json'),
      Buffer.from(JSON.stringify(await openApiDocument())),
    );
  if (handlers.has('issue-invoice')) await writeInvoiceFont(join(outDir, 'issue-invoice'));
  return {
    functions: [...handlers.keys()].sort(),
    bytes: outputFiles.reduce((sum, { contents }) => sum + contents.byteLength, 0),
  };
};

if (import.meta.main) {
  const { functions, bytes } = await bundle();
  console.error(`Bundled ${functions.length} functions, ${Math.round(bytes / 1000)} kB, into dist/.`);
}
