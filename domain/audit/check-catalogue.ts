import type { Finding } from '../findings/finding.ts';
import type { AuditContext, Check } from './context.ts';

const names = ['sku', 'buyerItemId', 'gtin'] as const;
type Named = Pick<AuditContext['order']['lines'][number], (typeof names)[number]>;

const nameOf = (line: Named) => names.find((field) => line[field]) ?? 'sku';

/** The codes of lines whose article is not in the catalogue. */
export const unknownCodes = (lines: readonly Named[], products: AuditContext['products']): string[] =>
  lines.flatMap((line) => {
    const code = line[nameOf(line)];
    return code && !products.has(line.sku ?? '') ? [code] : [];
  });

/** Articles that a code may have been meant as; the only one is suggested. */
const told = (articles: readonly string[]): Partial<Finding> => {
  const [only, ...others] = articles;
  if (only === undefined) return {};
  return {
    ...(others.length === 0 ? { suggestion: only } : { expected: articles.join(', ') }),
    evidence: articles.map((id) => ({ source: 'CATALOGUE', id })),
  };
};

/** Every article is in the catalogue and still sold (S10, S11); what a misspelt code may mean is told, and never taken. */
export const checkCatalogue: Check = ({ order, products, articlesLike }) =>
  order.lines.flatMap((line, index): Finding[] => {
    const product = products.get(line.sku ?? '');
    const named = nameOf(line);
    const value = line[named] ?? '';
    const finding = { severity: 'HOLD', pointer: `#/lines/${index}/${named}`, value } as const;
    if (!product) return [{ ...finding, code: 'SKU_UNKNOWN', ...told(articlesLike.get(value) ?? []) }];
    return product.discontinued ? [{ ...finding, code: 'SKU_DISCONTINUED' }] : [];
  });
