import type * as z from 'zod';
import { Fatal } from '../shared/classify-error.ts';
import { type InboundMailsTable, inboundMailsTable } from '../shared/inbound-mails-table.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { type UploadsTable, uploadsTable } from '../shared/uploads-table.ts';
import { faultFinding } from './file-finding.ts';
import { mailRequest } from './result/mail-request.ts';
import { arrivedFileSchema, identifyUpload, partnerIdOf } from './upload-identity.ts';

type Deps = {
  uploads: Pick<UploadsTable, 'read' | 'claim' | 'finish'>;
  mails: Pick<InboundMailsTable, 'read'>;
  partners: Pick<PartnersTable, 'readPartner'>;
  now?: () => Date;
};

/** Ends an upload that a fault of ours stopped: FAILED, and its sender is told. The same file may be sent again. */
export const createFailUpload =
  ({ uploads, mails, partners, now = () => new Date() }: Deps) =>
  async (arrived: z.infer<typeof arrivedFileSchema>) => {
    const partnerId = partnerIdOf(arrived.key);
    const partner = partnerId === undefined ? undefined : await partners.readPartner(partnerId);
    if (!partner) throw new Fatal(`no partner for upload ${arrived.versionId}`);
    const upload = await identifyUpload(arrived, partner, { uploads, mails }, now());
    const { uploadId } = upload;
    if ((await uploads.claim(upload, arrived.executionId)) === 'taken')
      return { outcome: 'repeated' as const, uploadId };
    const outcome = await uploads.finish(
      upload,
      {
        uploadId,
        status: 'FAILED',
        fileFindings: [faultFinding],
        report: {},
        mail: mailRequest(partner, upload),
        guardsFile: false,
      },
      now(),
    );
    return { outcome, uploadId };
  };

export const handler = stepHandler(arrivedFileSchema, (arrived) =>
  createFailUpload({ uploads: uploadsTable(), mails: inboundMailsTable(), partners: partnersTable() })(
    arrived,
  ),
);
