import { type Html, html, lines } from './html.ts';
import type { Block, Cell, Fact, MailContent } from './mail-content.ts';

const font =
  "font-family:-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC',sans-serif";
const ink = '#1f2933';
const soft = '#52606d';
const rule = '#cbd2d9';
const accent = '#0b4f6c';

const cellStyle = (index: number): string =>
  `padding:8px 4px;border-bottom:1px solid ${rule};vertical-align:top;text-align:${index === 0 ? 'left' : 'right;white-space:nowrap'}`;

const heading = (text: string): Html =>
  html`<h2 style="margin:24px 0 8px;font-size:16px;line-height:1.4;color:${accent}">${text}</h2>`;

const cell = ({ main, sub }: Cell): Html =>
  sub
    ? html`${main}<br><span style="font-size:13px;white-space:normal;color:${soft}">${sub}</span>`
    : html`${main}`;

const factRow = ({ label, value }: Fact): Html =>
  html`<tr><th scope="row" style="padding:4px 16px 4px 0;text-align:left;vertical-align:top;font-weight:normal;white-space:nowrap;color:${soft}">${label}</th><td style="padding:4px 0;vertical-align:top;overflow-wrap:anywhere">${lines(value)}</td></tr>`;

const totalRow = (columns: number) => (fact: Fact, index: number, all: readonly Fact[]) => {
  const weight = index === all.length - 1 ? 'bold' : 'normal';
  const style = `padding:6px 4px;text-align:right;font-weight:${weight}`;
  return html`<tr><th scope="row" colspan="${columns - 1}" style="${style}">${fact.label}</th><td style="${style};white-space:nowrap">${fact.value}</td></tr>`;
};

const table = ({ columns, rows, totals }: Extract<Block, { kind: 'table' }>): Html =>
  html`<table style="width:100%;border-collapse:collapse;font-size:14px">
<thead><tr>${columns.map((name, index) => html`<th scope="col" style="${cellStyle(index)};font-size:13px;color:${soft}">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (
    cells,
  ) => html`<tr>${cells.map((content, index) => (index === 0 ? html`<th scope="row" style="${cellStyle(index)};font-weight:normal;min-width:104px;overflow-wrap:anywhere">${cell(content)}</th>` : html`<td style="${cellStyle(index)}">${cell(content)}</td>`))}</tr>
`,
)}</tbody>${totals.length > 0 ? html`<tfoot>${totals.map(totalRow(columns.length))}</tfoot>` : undefined}</table>`;

const isWebAddress = (url: string): boolean => /^https?:$/.test(URL.parse(url)?.protocol ?? '');

const link = (label: string, url: string): Html =>
  isWebAddress(url)
    ? html`<p style="margin:16px 0"><a href="${url}" style="display:inline-block;padding:10px 18px;border-radius:4px;background:${accent};color:#ffffff;text-decoration:none">${label}</a></p>`
    : html`<p style="margin:16px 0">${label}</p>`;

const block = (content: Block): Html => {
  switch (content.kind) {
    case 'paragraph':
      return html`<p style="margin:12px 0">${lines(content.text)}</p>`;
    case 'facts':
      return html`${content.heading ? heading(content.heading) : undefined}<table style="border-collapse:collapse;margin:12px 0">${content.facts.map(factRow)}</table>`;
    case 'table':
      return html`${heading(content.heading)}${table(content)}`;
    case 'list':
      return html`${heading(content.heading)}<ul style="margin:8px 0;padding-left:20px">${content.items.map((item) => html`<li style="margin:8px 0;overflow-wrap:anywhere">${cell(item)}</li>`)}</ul>`;
    case 'link':
      return link(content.label, content.url);
    default:
      return content satisfies never;
  }
};

/** The one layout of all mails: a single column that reads on a phone, without images or scripts. */
export const layOut = (mail: MailContent): string =>
  html`<!doctype html>
<html lang="${mail.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light">
<title>${mail.subject}</title>
</head>
<body style="margin:0;padding:0;background:#f0f2f4">
<table role="presentation" style="width:100%;border-collapse:collapse"><tr><td align="center" style="padding:12px">
<table role="presentation" style="width:100%;max-width:640px;border-collapse:collapse;background:#ffffff;text-align:left;${font};font-size:15px;line-height:1.6;color:${ink}">
<tr><td style="padding:14px 20px;background:${accent};color:#ffffff;font-size:15px">${mail.sender}</td></tr>
<tr><td style="padding:20px">
<h1 style="margin:0 0 12px;font-size:21px;line-height:1.35;color:${ink}">${mail.title}</h1>
${mail.greeting ? html`<p style="margin:12px 0">${mail.greeting}</p>` : undefined}
${mail.blocks.map(block)}
<p style="margin:24px 0 0;padding-top:16px;border-top:1px solid ${rule};font-size:13px;color:${soft}">${lines(mail.closing)}</p>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
`.markup;
