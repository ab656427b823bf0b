import type { Finding } from '../findings/finding.ts';
import { onEachLine } from './context.ts';

/** Spacing and punctuation do not matter, except between digits: 1/2 is not 12. */
const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/(?<=\d)[\s,、/\-_*()]+(?=\d)/g, '|')
    .replaceAll(/[\s,、/\-_*()]/g, '')
    .toLowerCase();

/** Specification and unit agree with the catalogue's, in either language (S11). */
export const checkSpecification = onEachLine((line, product, at): Finding[] => {
  const findings: Finding[] = [];
  const known = product.specification ? Object.values(product.specification) : [];
  const expected = known.join(' / ');
  if (!line.specification && product.hasVariants)
    findings.push({
      severity: 'HOLD',
      code: 'SPEC_MISSING',
      pointer: `${at}/specification`,
      expected,
      suggestion: expected,
    });
  if (
    line.specification &&
    known.length > 0 &&
    !known.some((text) => fold(text) === fold(line.specification ?? ''))
  )
    findings.push({
      severity: 'HOLD',
      code: 'SPEC_MISMATCH',
      pointer: `${at}/specification`,
      value: line.specification,
      expected,
      suggestion: expected,
    });
  if (line.unitCode !== product.unitCode)
    findings.push({
      severity: 'HOLD',
      code: 'UNIT_MISMATCH',
      pointer: `${at}/unitCode`,
      value: line.unitCode,
      expected: product.unitCode,
      suggestion: product.unitCode,
    });
  return findings;
});
