import type { Language } from '../../domain/values/languages.ts';
import type { Block, Cell, Fact, MailContent } from './mail-content.ts';

type Marks = { colon: string; comma: string; open: string; close: string };

const marks: Readonly<Record<Language, Marks>> = {
  'zh-CN': { colon: '：', comma: '，', open: '（', close: '）' },
  en: { colon: ': ', comma: ', ', open: ' (', close: ')' },
};

const fact = ({ label, value }: Fact, { colon }: Marks): string => `${label}${colon}${value}`;

const cell = ({ main, sub }: Cell, { open, close }: Marks): string =>
  sub ? `${main}${open}${sub}${close}` : main;

/** A row reads as its first cell, then the others by the names of their columns: screen readers and phones have no grid. */
const row = (cells: readonly Cell[], columns: readonly string[], language: Marks): string => {
  const [first = { main: '' }, ...rest] = cells;
  const named = rest.map((content, index) =>
    fact({ label: columns[index + 1] ?? '', value: cell(content, language) }, language),
  );
  return `- ${cell(first, language)}\n  ${named.join(language.comma)}`;
};

const block = (content: Block, language: Marks): string => {
  switch (content.kind) {
    case 'paragraph':
      return content.text;
    case 'facts':
      return [
        ...(content.heading ? [content.heading] : []),
        ...content.facts.map((item) => fact(item, language)),
      ].join('\n');
    case 'table':
      return [
        content.heading,
        ...content.rows.map((cells) => row(cells, content.columns, language)),
        ...content.totals.map((total) => fact(total, language)),
      ].join('\n');
    case 'list':
      return [
        content.heading,
        ...content.items.map(({ main, sub }) => (sub ? `- ${main}\n  ${sub}` : `- ${main}`)),
      ].join('\n');
    case 'link':
      return fact({ label: content.label, value: content.url }, language);
    default:
      return content satisfies never;
  }
};

/** The text part of a mail: everything that its HTML says. */
export const plainText = (mail: MailContent): string => {
  const language = marks[mail.language];
  const blocks = mail.blocks.map((content) => block(content, language));
  const parts = [mail.title, mail.greeting, ...blocks, `${mail.closing}\n${mail.sender}`];
  return `${parts.filter((part) => part).join('\n\n')}\n`;
};
