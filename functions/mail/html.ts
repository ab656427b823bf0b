/** Markup that is already safe to stand in a page: made by `html` alone. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Value = string | number | undefined | Html | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"'`]/g, (character) => entities[character] ?? '');

const markupOf = (value: Value): string => {
  if (value === undefined) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(({ markup }) => markup).join('');
  return escaped(String(value));
};

/** A template whose values are escaped, except markup that `html` itself made. Attributes must stand in quotes. */
export const html = (literals: TemplateStringsArray, ...values: Value[]): Html =>
  new Html(literals.reduce((markup, literal, index) => markup + markupOf(values[index - 1]) + literal));

/** Text whose line breaks are kept. */
export const lines = (text: string): Html =>
  text
    .split('\n')
    .map((line) => html`${line}`)
    .reduce((before, line) => html`${before}<br>${line}`);
