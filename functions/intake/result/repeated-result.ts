import type { Partner } from '../../../domain/partner.ts';
import type { Upload } from '../../../domain/uploads/upload.ts';
import type { FinishedUpload, UploadsTable } from '../../shared/uploads-table.ts';
import { mailRequest } from './mail-request.ts';

/** The end of an upload whose bytes were imported before: the result of then, under the new id, mailed again. */
export const repeatedResult = (
  upload: Upload,
  { upload: earlier, report }: NonNullable<Awaited<ReturnType<UploadsTable['findFile']>>>,
  fileSha256: string,
  partner: Partner,
): FinishedUpload => ({
  uploadId: upload.uploadId,
  status: earlier.status === 'COMPLETED_WITH_ERRORS' ? 'COMPLETED_WITH_ERRORS' : 'COMPLETED',
  fileSha256,
  counts: earlier.counts,
  fileFindings: earlier.fileFindings,
  fileFindingsInAll: earlier.fileFindingsInAll,
  resultKeys: earlier.resultKeys,
  duplicateOf: earlier.uploadId,
  report,
  mail: mailRequest(partner, upload),
  guardsFile: false,
});
