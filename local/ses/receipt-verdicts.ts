import { createHash } from 'node:crypto';
import { type Header, newHeader } from './header-section.ts';

type Verdict = 'PASS' | 'FAIL' | 'GRAY' | 'PROCESSING_FAILED' | 'DISABLED';

/** What SES finds about a mail that comes in; all pass unless told. */
export type Verdicts = { spam?: Verdict; virus?: Verdict; spf?: Verdict; dkim?: Verdict; dmarc?: Verdict };

/** A mail on its way in. */
export type Arrival = {
  messageId: string;
  /** The envelope: MAIL FROM and RCPT TO. */
  from: string;
  to: readonly string[];
  /** Of the header From, which DKIM and DMARC are about. */
  headerFrom: string;
  receivedAtMs: number;
  region: string;
  /** How lines end in it. */
  eol: string;
};

const results: Record<Verdict, string> = {
  PASS: 'pass',
  FAIL: 'fail',
  GRAY: 'none',
  PROCESSING_FAILED: 'temperror',
  DISABLED: 'none',
};

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

const clientIp = '127.0.0.1';
const date = (ms: number): string => `${new Date(ms).toUTCString().replace('GMT', '+0000')} (UTC)`;

/** The headers that SES puts before a mail it received, in its order. */
export const receivedHeaders = (arrival: Arrival, verdicts: Required<Verdicts>): Header[] => {
  const { messageId, from, to, headerFrom, receivedAtMs, region, eol } = arrival;
  const folded = (...lines: string[]) => lines.join(`${eol} `);
  const host = domainOf(from) || 'localhost';
  const { spf } = verdicts;
  const grant = spf === 'PASS' ? 'designates' : 'does not designate';
  const check = `${results[spf]} (spfCheck: domain of ${host} ${grant} ${clientIp} as permitted sender) client-ip=${clientIp}; envelope-from=${from}; helo=${host};`;
  const signer = domainOf(headerFrom);
  const receipt = createHash('sha512').update(messageId).digest('base64');
  return [
    newHeader('Return-Path', `<${from}>`),
    newHeader(
      'Received',
      folded(
        `from ${host} (${host} [${clientIp}])`,
        `by inbound-smtp.${region}.amazonaws.com with SMTP id ${messageId}`,
        `for ${to[0]};`,
        date(receivedAtMs),
      ),
    ),
    newHeader('X-SES-Spam-Verdict', verdicts.spam),
    newHeader('X-SES-Virus-Verdict', verdicts.virus),
    newHeader('Received-SPF', check),
    newHeader(
      'Authentication-Results',
      folded(
        'amazonses.com;',
        `spf=${check}`,
        `dkim=${results[verdicts.dkim]} header.i=@${signer};`,
        `dmarc=${results[verdicts.dmarc]} header.from=${signer};`,
      ),
    ),
    newHeader('X-SES-RECEIPT', receipt),
  ];
};
