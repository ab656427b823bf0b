/** What a rule does with a mail; `topicArn` is told that it was done. */
export type ReceiptAction = { topicArn?: string | undefined } & (
  | { kind: 's3'; bucketName: string; prefix: string }
  | { kind: 'lambda'; functionArn: string; isAwaited: boolean }
  | { kind: 'sns'; topicArn: string; encoding: 'UTF-8' | 'Base64' }
  | {
      kind: 'bounce';
      smtpReplyCode: string;
      statusCode?: string | undefined;
      message: string;
      sender: string;
    }
  | { kind: 'addHeader'; name: string; value: string }
  | { kind: 'stop' }
);

export type ReceiptRule = {
  name: string;
  /** `a@example.com`, `example.com` without its subdomains, `.example.com` for these; everybody when empty. */
  recipients: readonly string[];
  /** Whether mails are looked through for spam and viruses. */
  isScanning: boolean;
  actions: readonly ReceiptAction[];
};

const matches = (pattern: string, address: string): boolean => {
  const [wanted, given] = [pattern.toLowerCase(), address.toLowerCase()];
  const domain = given.slice(given.lastIndexOf('@') + 1);
  if (wanted.includes('@')) return wanted === given;
  return wanted.startsWith('.') ? domain.endsWith(wanted) : domain === wanted;
};

/** The recipients that a rule is about. */
export const recipientsOf = ({ recipients }: ReceiptRule, addresses: readonly string[]): string[] =>
  addresses.filter((address) => recipients.length === 0 || recipients.some((one) => matches(one, address)));
