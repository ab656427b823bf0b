import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Minutes each: whoever starts them last waits for them alone. */
const longest = ['crash', 'faults', 'demo', 'grants'].map((name) => `/workflow/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((name) => moduleId.endsWith(name));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

/** `--mode nightly` runs kills and faults at their full reach. */
export default defineConfig(({ mode }) => {
  const common = {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT', ...(mode === 'nightly' && { NIGHTLY: '1' }) },
  };
  return {
    test: {
      // Tests wait for processes of their own, so that two keep two cores busy.
      maxWorkers: Math.max(2, availableParallelism() - 1),
      sequence: { sequencer: LongestFirst },
      projects: [
        {
          test: {
            name: 'parts',
            include: ['test/**/*.test.ts'],
            exclude: ['test/workflow/**', 'test/edge/**'],
            ...common,
          },
        },
        {
          test: {
            name: 'workflow',
            include: ['test/workflow/**/*.test.ts', 'test/edge/**/*.test.ts'],
            globalSetup: 'test/workflow/synthesize-once.ts',
            ...common,
          },
        },
      ],
    },
  };
});
