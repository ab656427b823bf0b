import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { html, lines } from '../../functions/mail/html.ts';

test('text is escaped, markup made by html is not escaped again', () => {
  const inner = html`<b>${'a & b'}</b>`;
  expect(html`<p title="${'"quoted"'}">${inner}${'<i>'}</p>`.markup).toBe(
    '<p title="&quot;quoted&quot;"><b>a &amp; b</b>&lt;i&gt;</p>',
  );
});

test('lists of markup stand side by side and nothing stands for undefined', () => {
  expect(html`<ul>${['a', 'b'].map((item) => html`<li>${item}</li>`)}</ul>${undefined}`.markup).toBe(
    '<ul><li>a</li><li>b</li></ul>',
  );
});

test('an object that only looks like markup is refused', () => {
  const forged = JSON.parse('{"markup":"<script>"}');
  expect(() => html`${forged}`.markup).toThrow(TypeError);
});

test('line breaks become <br>, each line escaped', () => {
  expect(lines('a<\nb').markup).toBe('a&lt;<br>b');
});

test('no text leaves its place', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\'`=/;a ') }), (text) => {
      const { markup } = html`<a href="${text}">${text}</a>`;
      expect(markup.match(/[<>"]/g)).toEqual(['<', '"', '"', '>', '<', '>']);
      expect(markup).not.toMatch(/['`]/);
    }),
  );
});
