import type { HttpHandler, HttpRequest, HttpResponse } from '../http/serve.ts';
import { listPage, messagePage, suppressedPage } from './inbox-page.ts';
import type { Mail, MailStore } from './mail-store.ts';
import { parseMail } from './parse-mail.ts';
import type { SuppressionList } from './suppression-list.ts';

const mailsPerPage = 100;

const safety = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const ownPages =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
// A message runs no script and fetches nothing: its own images stand in it as data.
const mailContent =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const respond = (
  contentType: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): HttpResponse => ({ status: 200, headers: { ...safety, 'content-type': contentType, ...headers }, body });

const html = (body: string, policy: string) =>
  respond('text/html; charset=utf-8', body, { 'content-security-policy': policy });

const notFound: HttpResponse = { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found' };

const listMails = (store: MailStore, query: URLSearchParams): HttpResponse => {
  const text = query.get('q') ?? '';
  const number = Math.max(Math.trunc(Number(query.get('page') ?? 1)) || 1, 1);
  const mails = store.list(text);
  const shown = mails.slice((number - 1) * mailsPerPage, number * mailsPerPage);
  const hasOlder = mails.length > number * mailsPerPage;
  return html(listPage(shown, { query: text, total: mails.length, number, hasOlder }), ownPages);
};

const listAsJson = (store: MailStore, query: URLSearchParams): HttpResponse =>
  respond(
    'application/json',
    JSON.stringify(store.list(query.get('q') ?? '').map(({ file: _, ...mail }) => mail)),
  );

const attachment = async (store: MailStore, mail: Mail, index: number): Promise<HttpResponse> => {
  const { attachments } = await parseMail(await store.raw(mail));
  const [found, described] = [attachments[index], mail.attachments[index]];
  if (!found || !described) return notFound;
  const name = encodeURIComponent(described.fileName).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  // Never shown by the browser itself, whatever the message calls it.
  return respond('application/octet-stream', found.content, {
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
  });
};

const showMail = async (store: MailStore, mail: Mail, part: string): Promise<HttpResponse> => {
  if (part.startsWith('/attachments/'))
    return attachment(store, mail, Number(part.slice('/attachments/'.length)));
  const raw = await store.raw(mail);
  if (part === '.eml') {
    return respond('message/rfc822', raw, { 'content-disposition': `attachment; filename="${mail.file}"` });
  }
  if (part === '/source') return respond('text/plain; charset=utf-8', raw);
  const parsed = await parseMail(raw);
  const content = typeof parsed.html === 'string' ? parsed.html : undefined;
  if (part === '') return html(messagePage(mail, content !== undefined), ownPages);
  if (part !== '/html' || content === undefined) return notFound;
  return html(`<!doctype html><base target="_blank">${content}`, mailContent);
};

type Suppressed = Pick<SuppressionList, 'list'>;

const route = async (
  store: MailStore,
  suppressed: Suppressed,
  { method, path, query }: HttpRequest,
): Promise<HttpResponse> => {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { allow: 'GET, HEAD' } };
  if (path === '/') return listMails(store, query);
  if (path === '/messages.json') return listAsJson(store, query);
  if (path === '/suppressed') return html(suppressedPage(suppressed.list()), ownPages);
  const [, id = '', part = ''] = /^\/messages\/([\w-]+)(\.eml|\/.*)?$/.exec(path) ?? [];
  const mail = store.find(id);
  return mail ? showMail(store, mail, part) : notFound;
};

/** The inbox: a list to search, each message with its parts, and the same as JSON and .eml for tests. */
export const inboxHandler =
  (store: MailStore, suppressed: Suppressed): HttpHandler =>
  (request) =>
    route(store, suppressed, request);
