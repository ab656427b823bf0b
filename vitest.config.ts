import { defineConfig } from 'vitest/config';

const common = { testTimeout: 60_000, hookTimeout: 120_000, env: { POWERTOOLS_LOG_LEVEL: 'SILENT' } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/workflow/**'],
          ...common,
        },
      },
      {
        test: {
          name: 'workflow',
          include: ['test/workflow/**/*.test.ts'],
          globalSetup: 'test/workflow/synthesize-once.ts',
          ...common,
        },
      },
    ],
  },
});
