import { findingMessage } from '../../../domain/findings/finding-messages.ts';
import type { CellFinding, Upload, UploadCounts } from '../../../domain/uploads/upload.ts';
import type { ResultRow } from './row-results.ts';

const told = (finding: CellFinding) => ({ ...finding, message: findingMessage(finding) });

export type ResultOf = Pick<
  Upload,
  'uploadId' | 'versionId' | 'mode' | 'status' | 'fileSha256' | 'fileFindings'
> & {
  counts: UploadCounts;
};

/** The result as JSON, contract §5; messages in both languages. */
export const resultJson = (result: ResultOf, rows: readonly ResultRow[]): string =>
  JSON.stringify({
    uploadId: result.uploadId,
    fileSha256: result.fileSha256,
    versionId: result.versionId,
    mode: result.mode,
    status: result.status,
    counts: result.counts,
    fileFindings: result.fileFindings.map(told),
    rows: rows.map(({ cells: _cells, findings, ...row }) => ({ ...row, findings: findings.map(told) })),
  });
