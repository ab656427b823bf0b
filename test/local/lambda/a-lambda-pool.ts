import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { systemClock } from '../../../local/clock.ts';
import type { InvokeResult } from '../../../local/lambda/function-runner.ts';
import type { FunctionSpec } from '../../../local/lambda/function-spec.ts';
import { createLambdaPool, type LambdaPool, type LambdaPoolOptions } from '../../../local/lambda/pool.ts';

export const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const errorSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/** What a failed invocation says; fails where it did not fail. */
export const errorOf = ({ functionError, payload }: Pick<InvokeResult, 'functionError' | 'payload'>) => {
  if (functionError !== 'Unhandled') throw new Error(`it answered ${payload}`);
  return errorSchema.parse(JSON.parse(payload));
};

/** A temporary folder for functions and their pools; `close` ends the pools and removes it. */
export const openLambdaLab = () => {
  const folder = mkdtempSync(join(tmpdir(), 'lambda-'));
  const pools: LambdaPool[] = [];
  return {
    folder,

    aFunction: (code: string, changes: Partial<FunctionSpec> = {}): FunctionSpec => {
      const name = changes.name ?? 'greet';
      const codeDir = mkdtempSync(join(folder, 'code-'));
      writeFileSync(join(codeDir, 'index.mjs'), code);
      return {
        name,
        arn: arnOf(name),
        codeDir,
        handler: 'index.handler',
        environment: {},
        timeoutMs: 10_000,
        memoryMb: 128,
        maxRetryAttempts: 2,
        maxEventAgeMs: 21_600_000,
        ...changes,
      };
    },

    aPool: async (
      functions: FunctionSpec[],
      changes: Partial<LambdaPoolOptions> = {},
    ): Promise<LambdaPool> => {
      const pool = await createLambdaPool({
        functions,
        stateDir: join(folder, 'state'),
        logDir: join(folder, 'logs'),
        clock: systemClock,
        region: 'us-east-1',
        endpoints: () => ({ AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9' }),
        keyOf: (arn) => ({ accessKeyId: `AKIA-${arn.split(':').at(-1)}`, secretAccessKey: 'secret' }),
        sendToQueue: async () => {},
        ...changes,
      });
      pools.push(pool);
      return pool;
    },

    /** Ends the pools, so that whatever was said is on disk. */
    closePools: () => Promise.all(pools.splice(0).map((pool) => pool.close())),

    /** What a function printed: request id and text of each line. */
    logOf: (name: string): { requestId: string; text: string }[] =>
      readFileSync(join(folder, 'logs', `${name}.log`), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => {
          const [, , requestId = '', ...words] = line.split(' ');
          return { requestId, text: words.join(' ') };
        }),

    async close() {
      await Promise.all(pools.splice(0).map((pool) => pool.close()));
      rmSync(folder, { recursive: true });
    },
  };
};

export type LambdaLab = ReturnType<typeof openLambdaLab>;
