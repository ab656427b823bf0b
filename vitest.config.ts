import { defineConfig } from 'vitest/config';

/** `--mode nightly` runs kills and faults at their full reach. */
export default defineConfig(({ mode }) => {
  const common = {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT', ...(mode === 'nightly' && { NIGHTLY: '1' }) },
  };
  return {
    test: {
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
