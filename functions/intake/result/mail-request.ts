import type { Partner } from '../../../domain/partner.ts';
import type { RowResult, Upload } from '../../../domain/upload.ts';
import type { FinishedUpload } from '../../shared/uploads-table.ts';

const maxFindings = 20;
/** An intent row stays small: its share of DynamoDB's 400 KB. */
const maxCharacters = 20_000;

const severityOrder = { ERROR: 0, HOLD: 1, WARNING: 2 } as const;

/**
 * The mail about a finished upload, with its first findings, the worst first. It answers the mail that brought the file;
 * none when no mail did and the partner gave no address.
 */
export const mailRequest = (
  { notifyEmail }: Pick<Partner, 'notifyEmail'>,
  { mail, language }: Pick<Upload, 'mail' | 'language'>,
  rows: readonly RowResult[],
): FinishedUpload['mail'] => {
  const recipient = mail?.sender ?? notifyEmail;
  if (!recipient) return undefined;
  const findings = rows
    .flatMap(({ row, orderReference, findings }) =>
      findings.map((finding) => ({ ...finding, row, orderReference })),
    )
    .sort((a, b) => severityOrder[a.severity] - severityOrder[b.severity] || a.row - b.row)
    .slice(0, maxFindings);
  while (JSON.stringify(findings).length > maxCharacters) findings.pop();
  return { recipient, language, data: { findings: JSON.stringify(findings) } };
};
