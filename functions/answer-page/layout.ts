import { createHash } from 'node:crypto';
import type { Language } from '../../domain/values/languages.ts';
import { Html, html } from '../mail/html.ts';
import { texts } from './texts.ts';

const css = `
:root{color-scheme:light;--ink:#1f2933;--soft:#4b5763;--rule:#7b8794;--accent:#0b4f6c;--wrong:#a61b1b}
*{box-sizing:border-box}
body{margin:0;background:#f0f2f4;color:var(--ink);font:16px/1.6 -apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC',sans-serif;overflow-wrap:anywhere}
header,main{max-width:40rem;margin:0 auto;padding:.75rem 1rem}
header{display:flex;justify-content:space-between;gap:1rem;flex-wrap:wrap}
main{background:#fff;border-radius:.5rem;padding:1rem}
h1{font-size:1.4rem;line-height:1.3;margin:.25rem 0 .75rem}
h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
a{color:var(--accent)}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.25rem;background:#fff;padding:.5rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0 0 1rem}
dt{color:var(--soft)}dd{margin:0}
fieldset{border:1px solid var(--rule);border-radius:.4rem;margin:0 0 1.25rem;padding:.5rem 1rem 1rem;min-width:0}
legend{font-weight:600;padding:0 .35rem}
.choice{display:flex;gap:.6rem;align-items:flex-start;padding:.35rem 0}
.choice input{width:1.35rem;height:1.35rem;margin:.15rem 0 0;flex:none}
.field{margin:.35rem 0 .35rem 1.95rem}
.field label{display:block;color:var(--soft)}
input[type=text],textarea{width:100%;font:inherit;padding:.5rem;border:1px solid var(--rule);border-radius:.3rem;background:#fff;color:inherit}
button{font:inherit;min-height:2.75rem;padding:.5rem 1.25rem;border:2px solid var(--accent);border-radius:.3rem;background:var(--accent);color:#fff;cursor:pointer}
button.plain{background:#fff;color:var(--accent)}
:focus-visible{outline:3px solid #f0a202;outline-offset:2px}
.wrong{border:2px solid var(--wrong);border-radius:.4rem;padding:.5rem 1rem;margin:0 0 1rem}
.wrong h2{margin:.25rem 0;color:var(--wrong)}
.message{color:var(--wrong);font-weight:600;margin:.25rem 0}
`;

/** Nothing but this very style and a form to where the page came from: no script, no frame, no other site. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The address holds the token: it is kept from caches, other sites, search engines and frames. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': contentSecurityPolicy,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex, nofollow',
  'Strict-Transport-Security': 'max-age=31536000',
};

const style = new Html(`<style>${css}</style>`);

type Page = {
  language: Language;
  title: string;
  /** The company's name, where the caller may know it. */
  sender?: string | undefined;
  /** Where the page stands in the other language. */
  otherLanguageUrl?: string | undefined;
  main: Html;
};

const otherLanguageOf = (language: Language): Language => (language === 'en' ? 'zh-CN' : 'en');

/** A whole page: one column that reads on a phone and by ear, and works without scripts. */
export const layOutPage = ({ language, title, sender, otherLanguageUrl, main }: Page): string => {
  const text = texts[language];
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${style}
</head>
<body>
<a class="skip" href="#main">${text.skip}</a>
<header><span>${sender}</span>${
    otherLanguageUrl
      ? html`<a href="${otherLanguageUrl}" hreflang="${otherLanguageOf(language)}" lang="${otherLanguageOf(language)}">${text.otherLanguage}</a>`
      : undefined
  }</header>
<main id="main" tabindex="-1">
${main}
</main>
</body>
</html>
`.markup;
};
