const delimiters = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' } as const;

export type CsvDelimiter = keyof typeof delimiters;

/**
 * The rows of a CSV text, by Step Functions' rules: a quoted field may hold delimiters and line breaks, a doubled
 * quote is one quote, a backslash escapes a quote, a delimiter or a backslash and vanishes before anything else.
 * Empty lines are no rows.
 */
export function* csvRows(text: string, delimiter: CsvDelimiter): Generator<string[]> {
  const mark = delimiters[delimiter];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  const endRow = (): string[] | undefined => {
    const ended = [...row, field];
    row = [];
    field = '';
    return ended.length === 1 && ended[0] === '' ? undefined : ended;
  };
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '\\') {
      if (next === '\\' || next === '"' || next === mark) {
        field += next;
        at += 1;
      }
    } else if (
      character === '"' &&
      next === '"' &&
      (isQuoted || field !== '' || text.charAt(at + 2) === '"')
    ) {
      field += '"';
      at += 1;
    } else if (character === '"') {
      isQuoted = !isQuoted;
    } else if (isQuoted) {
      field += character;
    } else if (character === mark) {
      row.push(field);
      field = '';
    } else if (character === '\n' || (character === '\r' && next === '\n')) {
      if (character === '\r') at += 1;
      const ended = endRow();
      if (ended !== undefined) yield ended;
    } else {
      field += character;
    }
  }
  const last = endRow();
  if (last !== undefined) yield last;
}
