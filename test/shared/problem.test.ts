import { expect, test } from 'vitest';
import { problemBody, validationFailed } from '../../functions/shared/problem.ts';

const request = { path: '/v1/orders', requestId: 'req-1' };

test.for([
  { language: 'zh-CN', detail: '共 2 处问题' },
  { language: 'en', detail: '2 problems' },
] as const)(
  'all problems are told at once in $language, a suggestion as the value to use',
  ({ language, detail }) => {
    const problem = validationFailed([
      { code: 'UNKNOWN_FIELD', pointer: '#/lines/0/unitPirce', value: 'unitPirce', suggestion: 'unitPrice' },
      { code: 'QUANTITY_NOT_POSITIVE', pointer: '#/lines/0/quantity', value: '-2' },
    ]);
    expect(problemBody(problem, { ...request, language })).toMatchObject({
      type: expect.stringMatching(/\/validation-failed$/),
      status: 422,
      detail,
      instance: '/v1/orders#req-1',
      requestId: 'req-1',
      errors: [
        {
          pointer: '#/lines/0/unitPirce',
          code: 'UNKNOWN_FIELD',
          value: 'unitPirce',
          suggestion: 'unitPrice',
        },
        { pointer: '#/lines/0/quantity', code: 'QUANTITY_NOT_POSITIVE', value: '-2' },
      ],
    });
  },
);
