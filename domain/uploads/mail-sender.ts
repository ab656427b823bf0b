/** What the mail service found about who sent a mail, by the names of RFC 8601. */
export type SenderEvidence = {
  /** SMTP's MAIL FROM; empty for a mail that reports of another. */
  envelopeFrom: string;
  /** Of the domain of `envelopeFrom`. */
  spf: string;
  dkim: readonly { result: string; domain: string }[];
  /** Of the domain of the header From. */
  dmarc: { result: string; domain: string } | undefined;
};

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** A domain speaks for itself and for those below it; one below cannot speak for the one above, which may have many tenants. */
const speaksFor = (signer: string, domain: string): boolean =>
  signer !== '' && (domain === signer || domain.endsWith(`.${signer}`));

/** What the sender's own domain disowns, or what was changed on the way, counts as forged whatever else is right with it. */
const isDisowned = ({ spf, dkim, dmarc }: SenderEvidence): boolean =>
  spf === 'fail' ||
  dmarc?.result === 'fail' ||
  (dkim.some(({ result }) => result === 'fail') && !dkim.some(({ result }) => result === 'pass'));

/** Whether a mail was proven to come from the domain of its header From. */
export const isFromVerified = (headerFrom: string, evidence: SenderEvidence): boolean => {
  if (isDisowned(evidence)) return false;
  const domain = domainOf(headerFrom);
  const { spf, dkim, dmarc, envelopeFrom } = evidence;
  return (
    (dmarc?.result === 'pass' && dmarc.domain.toLowerCase() === domain) ||
    (spf === 'pass' && speaksFor(domainOf(envelopeFrom), domain)) ||
    dkim.some(({ result, domain: signer }) => result === 'pass' && speaksFor(signer.toLowerCase(), domain))
  );
};

/** Whether a mail was proven to come from the domain of its envelope. */
export const isEnvelopeVerified = (evidence: SenderEvidence): boolean =>
  evidence.spf === 'pass' && !isDisowned(evidence);
