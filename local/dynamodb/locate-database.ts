import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where DynamoDB comes from: an endpoint that already runs, or a binary to start. */
export type DatabaseLocation = { kind: 'endpoint'; url: string } | { kind: 'binary'; path: string };

type Host = { platform: string; arch: string; findPackage: (name: string) => string | undefined };

const require = createRequire(import.meta.url);

const thisHost: Host = {
  platform: process.platform,
  arch: process.arch,
  findPackage(name) {
    try {
      return dirname(require.resolve(`${name}/package.json`));
    } catch {
      return undefined;
    }
  },
};

/**
 * AWS_ENDPOINT_URL_DYNAMODB, then DYNOXIDE_BIN, then the npm package of this platform.
 * Throws an Error that names these three ways.
 */
export const locateDatabase = (
  environment: Record<string, string | undefined>,
  { platform, arch, findPackage }: Host = thisHost,
): DatabaseLocation => {
  const url = environment.AWS_ENDPOINT_URL_DYNAMODB;
  if (url) return { kind: 'endpoint', url: url.replace(/\/$/, '') };
  const configured = environment.DYNOXIDE_BIN;
  if (configured) {
    if (existsSync(configured)) return { kind: 'binary', path: configured };
    throw new Error(`DYNOXIDE_BIN names ${configured}, and there is no such file.`);
  }
  const name = `@dynoxide/${platform}-${arch}`;
  const folder = findPackage(name);
  if (folder !== undefined) {
    return { kind: 'binary', path: join(folder, platform === 'win32' ? 'dynoxide.exe' : 'dynoxide') };
  }
  throw new Error(
    `No DynamoDB for this machine. Either npm install ${name}@1.2.1 (npm install, not npm ci), ` +
      'or set DYNOXIDE_BIN to a dynoxide binary, ' +
      'or set AWS_ENDPOINT_URL_DYNAMODB to a running DynamoDB (DynamoDB Local or another emulator).',
  );
};
