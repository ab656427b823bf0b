import type { CellFinding, Upload } from './upload.ts';

/** An upload's row is one item of a table, which holds 400 kB: of this, findings may take their part, in UTF-8. */
const mostFindings = 100;
const mostBytes = 100_000;

const severityOrder = { ERROR: 0, HOLD: 1, WARNING: 2 } as const;

/** What an upload keeps beside itself of the findings about its file: the first of them, the worst first, and how many there are. */
export const keptFindings = (
  all: readonly CellFinding[],
  fileFindingsInAll = all.length,
): Required<Pick<Upload, 'fileFindings' | 'fileFindingsInAll'>> => {
  const worstFirst = all.toSorted((a, b) => severityOrder[a.severity] - severityOrder[b.severity]);
  const fileFindings: CellFinding[] = [];
  let bytes = 0;
  for (const finding of worstFirst.slice(0, mostFindings)) {
    bytes += new TextEncoder().encode(JSON.stringify(finding)).length;
    if (bytes > mostBytes) break;
    fileFindings.push(finding);
  }
  return { fileFindings, fileFindingsInAll };
};
