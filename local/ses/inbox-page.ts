import { escapeXml } from '../http/xml.ts';
import type { Mail } from './mail-store.ts';
import type { Suppression } from './suppression-list.ts';

const style = `
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3c4249); --soft: light-dark(#5b6570, #a3adb8);
  --paper: light-dark(#fff, #16191d); --wash: light-dark(#f4f6f8, #1e2227); --link: light-dark(#0b57b0, #8ab8f5);
  --warn: light-dark(#a33a00, #ffb68a); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1.5rem; background: var(--paper);
  font: 1rem/1.5 system-ui, "Noto Sans SC", sans-serif; }
a { color: var(--link); }
header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: baseline; justify-content: space-between; }
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; }
form { display: flex; gap: .5rem; align-items: center; }
input, button { font: inherit; padding: .3rem .6rem; border: 1px solid var(--soft); border-radius: .3rem; }
table { width: 100%; border-collapse: collapse; margin-top: 1.25rem; }
caption { text-align: start; color: var(--soft); padding-bottom: .5rem; }
th, td { text-align: start; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; overflow-wrap: normal; }
.scroll { overflow-x: auto; } .scroll table { min-width: 44rem; }
td:first-child, th:first-child { white-space: nowrap; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 1rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
iframe { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: .3rem; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--wash); padding: 1rem; border-radius: .3rem; }
nav { margin-top: 1rem; display: flex; gap: 1rem; }
.fate { display: inline-block; padding: 0 .45rem; border: 1px solid var(--warn); border-radius: .3rem; color: var(--warn);
  font-size: .85rem; }
`;

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;

const shownTime = (receivedAt: string) =>
  `<time datetime="${receivedAt}">${receivedAt.slice(0, 19).replace('T', ' ')}</time>`;

const shownSize = (bytes: number) =>
  bytes < 1024
    ? `${bytes} B`
    : bytes < 1024 ** 2
      ? `${(bytes / 1024).toFixed(1)} kB`
      : `${(bytes / 1024 ** 2).toFixed(1)} MB`;

const messageLink = (mail: Mail, rest = '') => `/messages/${encodeURIComponent(mail.id)}${rest}`;

const badge = (fate: string) => `<span class="fate">${fate}</span>`;

/** An address, and what became of the mail there unless it was taken. */
const shownRecipient = ({ fates }: Mail, address: string) => {
  const { [address]: fate = 'delivered' } = fates;
  return fate === 'delivered' ? escapeXml(address) : `${escapeXml(address)} ${badge(fate)}`;
};

const shownRecipients = (mail: Mail) => mail.to.map((address) => shownRecipient(mail, address)).join(', ');

const row = (mail: Mail) => `<tr>
<td>${shownTime(mail.receivedAt)}</td>
<td>${shownRecipients(mail)}</td>
<td><a href="${messageLink(mail)}">${escapeXml(mail.subject || '(no subject)')}</a></td>
<td>${mail.attachments.length > 0 ? escapeXml(mail.attachments.map(({ fileName }) => fileName).join(', ')) : '–'}</td>
</tr>`;

const pageLink = (query: string, number: number, label: string) =>
  `<a href="/?${escapeXml(new URLSearchParams({ q: query, page: String(number) }).toString())}">${label}</a>`;

const caption = (query: string, total: number) => {
  const messages = `${total} ${total === 1 ? 'message' : 'messages'}`;
  return query === '' ? `${messages}, newest first; times are UTC` : `${messages} with “${escapeXml(query)}”`;
};

/** The list of messages: time, recipients, subject, attachments. */
export const listPage = (
  mails: Mail[],
  view: { query: string; total: number; number: number; hasOlder: boolean },
): string => {
  const { query, total, number, hasOlder } = view;
  const newer = number > 1 ? pageLink(query, number - 1, 'Newer') : '';
  const older = hasOlder ? pageLink(query, number + 1, 'Older') : '';
  return page(
    'Inbox',
    `<header>
<h1><a href="/">Inbox</a></h1>
<form role="search" action="/"><label for="q">Search</label>
<input id="q" name="q" type="search" value="${escapeXml(query)}"><button>Find</button></form>
</header>
<main>
<div class="scroll" role="region" aria-label="Messages" tabindex="0">
<table>
<caption>${caption(query, total)}</caption>
<thead><tr><th scope="col">Received</th><th scope="col">To</th><th scope="col">Subject</th><th scope="col">Attachments</th></tr></thead>
<tbody>
${mails.map(row).join('\n')}
</tbody>
</table>
</div>
<nav aria-label="Pages">${newer}${older}<a href="/suppressed">Suppressed addresses</a></nav>
</main>`,
  );
};

const attachmentList = (mail: Mail) =>
  mail.attachments.length === 0
    ? ''
    : `<h2>Attachments</h2>
<ul>${mail.attachments
        .map(
          ({ fileName, contentType, size }, index) =>
            `<li><a href="${messageLink(mail, `/attachments/${index}`)}" download>${escapeXml(fileName)}</a> (${escapeXml(contentType)}, ${shownSize(size)})</li>`,
        )
        .join('')}</ul>`;

const tagList = ({ tags }: Mail) => {
  const pairs = Object.entries(tags).map(([name, values]) => `${name}=${values.join(', ')}`);
  return pairs.length === 0 ? '' : `<dt>Tags</dt><dd>${escapeXml(pairs.join('; '))}</dd>`;
};

/** The addresses that mail is not sent to, and why. */
export const suppressedPage = (suppressions: Suppression[]): string =>
  page(
    'Suppressed addresses',
    `<header><h1>Suppressed addresses</h1><a href="/">Inbox</a></header>
<main>
<table>
<caption>${suppressions.length === 0 ? 'None: no address has bounced for good or complained' : 'Mail to them is accepted and not sent'}</caption>
<thead><tr><th scope="col">Since</th><th scope="col">Address</th><th scope="col">Reason</th></tr></thead>
<tbody>
${suppressions.map(({ since, address, reason }) => `<tr><td>${shownTime(since)}</td><td>${escapeXml(address)}</td><td>${reason.toLowerCase()}</td></tr>`).join('\n')}
</tbody>
</table>
</main>`,
  );

/** One message: its parts, attachments and source. */
export const messagePage = (mail: Mail, hasHtml: boolean): string =>
  page(
    mail.subject || '(no subject)',
    `<header><h1>${escapeXml(mail.subject || '(no subject)')}</h1><a href="/">Inbox</a></header>
<main>
<dl>
<dt>From</dt><dd>${escapeXml(mail.from)}</dd>
<dt>To</dt><dd>${shownRecipients(mail)}</dd>
<dt>Received</dt><dd>${shownTime(mail.receivedAt)} UTC</dd>
<dt>Message id</dt><dd>${escapeXml(mail.id)}</dd>
${mail.configurationSet === undefined ? '' : `<dt>Set</dt><dd>${escapeXml(mail.configurationSet)}</dd>`}
${tagList(mail)}
</dl>
${attachmentList(mail)}
${hasHtml ? `<h2>HTML</h2><iframe title="HTML part of the message" src="${messageLink(mail, '/html')}" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>` : ''}
${mail.text === '' ? '' : `<h2>Text</h2><pre>${escapeXml(mail.text)}</pre>`}
<nav aria-label="Source"><a href="${messageLink(mail, '/source')}">Source</a><a href="${messageLink(mail, '.eml')}" download>Download as .eml</a></nav>
</main>`,
  );
