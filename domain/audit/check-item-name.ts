import { foldName, resembles, sharesScript } from '../customers/resembling-names.ts';
import type { Finding } from '../findings/finding.ts';
import { onEachLine } from './context.ts';

/**
 * What the line calls its article is not something else altogether (S11). Partners name articles in their own words, so
 * only a name that has nothing in common with ours is a question; one by the partner's own code was agreed before.
 */
export const checkItemName = onEachLine((line, product, at): Finding[] => {
  if (line.buyerItemId) return [];
  const name = foldName(line.name);
  const ours = Object.values(product.name);
  const comparable = ours.map(foldName).filter((known) => sharesScript(known, name));
  return comparable.length === 0 || comparable.some((known) => resembles(known, name))
    ? []
    : [
        {
          severity: 'HOLD',
          code: 'NAME_MISMATCH',
          pointer: `${at}/name`,
          value: line.name,
          expected: ours.join(' / '),
          suggestion: ours.find((known) => sharesScript(known, name)) ?? product.name.en,
          evidence: [{ source: 'CATALOGUE', id: product.sku }],
        },
      ];
});
