import { describe, expect, test } from 'vitest';
import {
  findingMessage,
  findingSentence,
  suggestionSentence,
} from '../../domain/findings/finding-messages.ts';
import { cellFindingSchema } from '../../domain/uploads/upload.ts';
import { languages } from '../../domain/values/languages.ts';
import { faultFinding, fileFinding } from '../../functions/intake/file-finding.ts';
import { asDamaged, refusals } from '../../functions/intake/readers/invalid-file.ts';

const han = /\p{Script=Han}/u;

describe.for(refusals)('%s', (refusal) => {
  const finding = fileFinding({ refusal, detail: { value: 'SENT', technical: 'of a parser' } });

  test('becomes an error that holds what was sent and no sentence', () => {
    expect(cellFindingSchema.parse(finding)).toEqual(finding);
    expect(finding).toMatchObject({ severity: 'ERROR', value: 'SENT' });
    expect(finding).not.toHaveProperty('suggestion');
    expect(JSON.stringify(finding)).not.toMatch(/of a parser|\p{Script=Han}/u);
  });

  test.for(languages)('says in %s what was wrong, and what to do', (language) => {
    const sentence = findingSentence(finding, language);
    const advice = suggestionSentence(finding, language);
    expect(sentence).toContain('SENT');
    for (const told of [sentence, advice ?? '']) expect(han.test(told)).toBe(language === 'zh-CN');
  });
});

test('an old workbook is named and told the way out, in both languages alike', () => {
  const finding = fileFinding({ refusal: 'XLS', detail: {} });
  expect(findingMessage(finding)).toEqual({
    'zh-CN': '无法读取这种类型的文件（收到：.xls，可用：.xlsx, .csv, .tsv）。',
    en: 'Files of this type cannot be read (sent: .xls, possible: .xlsx, .csv, .tsv).',
  });
  expect(suggestionSentence(finding, 'en')).toContain('save it as .xlsx');
});

test('a bound is told in words', () => {
  const finding = fileFinding({ refusal: 'TOO_MANY_ROWS', detail: { expected: '<= 10000' } });
  expect(findingSentence(finding, 'en')).toBe('The file has too many rows (allowed: at most 10000).');
});

test('what a parser threw stays with us', () => {
  const damaged = asDamaged(new Error('Invalid local file header signature'));
  expect(damaged.detail.technical).toBe('Invalid local file header signature');
  expect(fileFinding(damaged)).toEqual({ severity: 'ERROR', code: 'FILE_DAMAGED' });
});

test('a long value is cut', () => {
  const { value } = fileFinding({ refusal: 'MODE_UNKNOWN', detail: { value: 'x'.repeat(1000) } });
  expect(value?.length).toBe(200);
});

test.for(languages)('a fault of ours asks in %s for the same file again', (language) => {
  expect(suggestionSentence(faultFinding, language)).toMatch(/同一文件|same file/);
});
