import type { JsonValue } from '../../json.ts';

/** The JSONata inside `{% … %}`, trimmed; undefined for any other value. */
export const expressionIn = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}') && value.length >= 4
    ? value.slice(2, -2).trim()
    : undefined;

/** Every string of a template with its path, such as `Arguments/items[0]/name`. */
export function* stringsIn(template: JsonValue, path: string): Generator<{ text: string; path: string }> {
  if (typeof template === 'string') yield { text: template, path };
  else if (Array.isArray(template)) {
    for (const [index, item] of template.entries()) yield* stringsIn(item, `${path}[${index}]`);
  } else if (template !== null && typeof template === 'object') {
    for (const [key, value] of Object.entries(template)) yield* stringsIn(value, `${path}/${key}`);
  }
}
