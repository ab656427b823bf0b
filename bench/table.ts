/** A Markdown table, as the README quotes it. */
export const markdownTable = (
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string => [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The value below which the share of sorted values lies; 0.5 is the median. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
