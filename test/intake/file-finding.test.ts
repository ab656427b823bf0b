import { describe, expect, test } from 'vitest';
import { findingSentence, suggestionSentence } from '../../domain/finding-messages.ts';
import { languages } from '../../domain/languages.ts';
import { cellFindingSchema } from '../../domain/upload.ts';
import { faultFinding, fileFinding } from '../../functions/intake/file-finding.ts';
import { refusals } from '../../functions/intake/readers/invalid-file.ts';

describe.for(languages)('in %s', (language) => {
  test.for(refusals)('%s says what was wrong, and what would be right', (refusal) => {
    const finding = fileFinding({ refusal, detail: { value: 'detail' } }, language);
    expect(cellFindingSchema.parse(finding)).toEqual(finding);
    expect(finding.severity).toBe('ERROR');
    const told = `${findingSentence(finding, language)} ${suggestionSentence(finding, language) ?? ''}`;
    expect(told).toContain('detail');
    expect(/\p{Script=Han}/u.test(told)).toBe(language === 'zh-CN');
    expect(finding.expected ?? finding.suggestion ?? suggestionSentence(finding, language)).toBeDefined();
  });

  test('a fault of ours asks for the same file again', () => {
    expect(suggestionSentence(faultFinding(language), language)).toMatch(/同一文件|same file/);
  });
});

test('an old workbook is named and told the way out', () => {
  const finding = fileFinding({ refusal: 'XLS', detail: {} }, 'en');
  expect(findingSentence(finding, 'en')).toContain('an Excel 97–2003 file (.xls)');
  expect(suggestionSentence(finding, 'en')).toContain('.xlsx');
});

test('a long detail is cut', () => {
  expect(fileFinding({ refusal: 'DAMAGED', detail: { value: 'x'.repeat(1000) } }, 'en').value?.length).toBe(
    200,
  );
});
