import { Resolver } from 'node:dns/promises';
import * as z from 'zod';
import { env } from './env.ts';

/** Whether domains of addresses are looked up; not where there is no network. */
const domainsEnv = env({ CHECK_MAIL_DOMAINS: z.stringbool() });

const timeoutMs = 1_000;
const tries = 2;
const keptMs = 3_600_000;
const mostKept = 1_000;

type Resolve = (domain: string) => Promise<{ exchange: string }[]>;
type Deps = { resolveMx?: Resolve; isOn?: () => boolean; now?: () => number };

/** Asks the system's DNS servers, or the given ones (`address:port`). */
export const mxFromDns = (servers?: readonly string[]): Resolve => {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers) resolver.setServers(servers);
  return (domain) => resolver.resolveMx(domain);
};

const answerSchema = z.object({ code: z.string() });

/**
 * True where DNS says for certain that nobody can write there: no such domain, or one that declares to take no mail (RFC 7505).
 * A domain without MX may take mail at its own address (RFC 5321), and no answer is no finding.
 */
const takesNoMail = async (domain: string, resolveMx: Resolve): Promise<boolean | undefined> => {
  try {
    const records = await resolveMx(domain);
    return records.length > 0 && records.every(({ exchange }) => exchange === '' || exchange === '.');
  } catch (error) {
    const code = answerSchema.safeParse(error).data?.code;
    if (code === 'ENOTFOUND') return true;
    return code === 'ENODATA' ? false : undefined;
  }
};

const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();

/**
 * Addresses among some that mail cannot be sent to, by their domains. What DNS told is remembered for an hour where the function
 * runs, so that most orders, whose domains are the usual ones, ask nobody; nothing is written, for a validation must not.
 */
export const mailDomains = ({
  resolveMx = mxFromDns(),
  isOn = () => domainsEnv().CHECK_MAIL_DOMAINS,
  now = Date.now,
}: Deps = {}) => {
  const known = new Map<string, { isDead: boolean; until: number }>();

  const isDead = async (domain: string): Promise<boolean> => {
    const earlier = known.get(domain);
    if (earlier && earlier.until > now()) return earlier.isDead;
    const found = await takesNoMail(domain, resolveMx);
    if (found === undefined) return false;
    if (known.size >= mostKept) known.clear();
    known.set(domain, { isDead: found, until: now() + keptMs });
    return found;
  };

  return async (contacts: readonly { email: string }[]): Promise<string[]> => {
    if (!isOn()) return [];
    const dead = await Promise.all(contacts.map(({ email }) => isDead(domainOf(email))));
    return contacts.filter((_, index) => dead[index]).map(({ email }) => email);
  };
};

export type MailDomains = ReturnType<typeof mailDomains>;
