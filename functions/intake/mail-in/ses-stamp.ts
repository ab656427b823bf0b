import type { MailVerdicts } from '../../../domain/uploads/inbound-mail.ts';
import type { SenderEvidence } from '../../../domain/uploads/mail-sender.ts';
import { type Header, headerValues } from './header-section.ts';

/** What SES wrote on top of a mail when it took it in. */
export type SesStamp = { evidence: SenderEvidence; verdicts: MailVerdicts };

const lastHeader = 'x-ses-receipt';
const mostHeaders = 12;

/**
 * The headers that SES put before the sender's own: from the first to X-SES-RECEIPT. The Received among them names the id
 * that the mail got as it came, which no sender can know; a name that stands there twice means that they are not SES's alone.
 */
const headersOfSes = (headers: readonly Header[], mailId: string): Header[] | undefined => {
  const end = headers.findIndex(({ name }) => name === lastHeader);
  const top = headers.slice(0, end + 1);
  if (top.length === 0 || top.length > mostHeaders) return undefined;
  if (new Set(top.map(({ name }) => name)).size < top.length) return undefined;
  const [received = ''] = headerValues(top.slice(0, 2), 'received');
  const [, id] =
    / by inbound-smtp\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)? with SMTP id (\S+)/.exec(received) ?? [];
  return id === mailId ? top : undefined;
};

const clauseForm = /^(dkim|dmarc)=([a-z]+)\b(.*)$/;

const domainIn = (text: string, property: string): string =>
  new RegExp(`\\b${property}=(?:[^\\s@]*@)?([^\\s@]+)`).exec(text)?.[1] ?? '';

/**
 * Reads `amazonses.com; spf=…; dkim=…; dmarc=…;`. What stands behind `spf=` holds words of the sender (helo, envelope), and
 * is the value of Received-SPF to the letter; so whatever is behind that is SES's.
 */
const readResults = (
  results: string,
  spfCheck: string,
): Pick<SenderEvidence, 'dkim' | 'dmarc'> | undefined => {
  const start = `amazonses.com; spf=${spfCheck}`;
  if (!results.startsWith(start)) return undefined;
  const clauses = results
    .slice(start.length)
    .split(';')
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
  const dkim: { result: string; domain: string }[] = [];
  let dmarc: SenderEvidence['dmarc'];
  for (const clause of clauses) {
    const [, method, result = '', rest = ''] = clauseForm.exec(clause) ?? [];
    if (method === 'dkim') dkim.push({ result, domain: domainIn(rest, 'header\\.i') });
    else if (method === 'dmarc' && !dmarc) dmarc = { result, domain: domainIn(rest, 'header\\.from') };
    else return undefined;
  }
  return { dkim, dmarc };
};

const addressIn = (returnPath: string): string => /^<?([^<>]*)>?$/.exec(returnPath.trim())?.[1] ?? '';

/** What SES found about a mail; undefined unless its headers stand on top, whole and only once. */
export const readSesStamp = (headers: readonly Header[], mailId: string): SesStamp | undefined => {
  const top = headersOfSes(headers, mailId);
  const value = (name: string): string => headerValues(top ?? [], name)[0] ?? '';
  const spfCheck = value('received-spf');
  const [spf] = /^[a-z]+/.exec(spfCheck) ?? [];
  const results = readResults(value('authentication-results'), spfCheck);
  if (!top || !spf || !results) return undefined;
  const { dkim, dmarc } = results;
  return {
    evidence: { envelopeFrom: addressIn(value('return-path')), spf, dkim, dmarc },
    verdicts: {
      spam: value('x-ses-spam-verdict') || 'NONE',
      virus: value('x-ses-virus-verdict') || 'NONE',
      spf,
      dkim: dkim.map(({ result }) => result).join(',') || 'none',
      dmarc: dmarc?.result ?? 'none',
    },
  };
};
