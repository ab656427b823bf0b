import type { Partner } from '../../../domain/partner.ts';
import type { RowResult, Upload } from '../../../domain/uploads/upload.ts';
import type { FinishedUpload } from '../../shared/uploads-table.ts';

const maxFindings = 20;
/** An intent row stays small: its share of DynamoDB's 400 KB. */
const maxCharacters = 20_000;

const severityOrder = { ERROR: 0, HOLD: 1, WARNING: 2 } as const;

/** What the mail about a file tells of its rows: the first findings, the worst first, and how many there are in all. */
export const mailReport = (rows: readonly RowResult[]): FinishedUpload['report'] => {
  const all = rows.flatMap(({ row, orderReference, findings }) =>
    findings.map((finding) => ({ ...finding, row, orderReference })),
  );
  const findings = all
    .toSorted((a, b) => severityOrder[a.severity] - severityOrder[b.severity] || a.row - b.row)
    .slice(0, maxFindings);
  while (JSON.stringify(findings).length > maxCharacters) findings.pop();
  return { findings: JSON.stringify(findings), findingsInAll: String(all.length) };
};

/** Who is told of a finished upload: the sender of the mail that brought the file, else its partner; nobody without an address. */
export const mailRequest = (
  { notifyEmail }: Pick<Partner, 'notifyEmail'>,
  { mail, language }: Pick<Upload, 'mail' | 'language'>,
): FinishedUpload['mail'] => {
  const recipient = mail?.sender ?? notifyEmail;
  return recipient === undefined ? undefined : { recipient, language };
};
