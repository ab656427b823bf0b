import { expect, test } from 'vitest';
import { mailTemplates } from '../../domain/mail.ts';
import { mailRefusals } from '../../domain/uploads/inbound-mail.ts';
import type { Upload } from '../../domain/uploads/upload.ts';
import type { UploadMailFinding } from '../../functions/mail/mail-model.ts';
import { renderMail } from '../../functions/mail/render-mail.ts';
import { aCompany, anOrder, orderNumber } from './an-order.ts';
import { aModel, anIntent, aRecord, mailCases } from './mail-cases.ts';

const render = (template: (typeof mailTemplates)[number], language: 'zh-CN' | 'en' = 'en') =>
  renderMail(anIntent(template, language), aModel(template, language));

const strip = (markup: string): string =>
  markup
    .replace(/<head>.*<\/head>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

test.for(mailCases)('$template in $language leaves nothing unfilled', ({ template, language, number }) => {
  const { subject, html, text } = render(template, language);
  for (const part of [subject, html, text]) {
    expect(part).not.toMatch(/undefined|\[object|NaN|null|Invalid Date|\$\{/);
    expect(part).toContain(number);
  }
  expect(html).toContain(`<html lang="${language}">`);
  expect(html).toContain(`<title>${subject}`);
});

test.for(mailCases)('$template in $language says all of its text in HTML too', ({ template, language }) => {
  const { html, text } = render(template, language);
  const shown = strip(html).replaceAll(/\s/g, '');
  const words = text.replaceAll(/https:\S+/g, '').split(/[\s：:，,（）()]+/);
  expect(words.filter((word) => word !== '-' && !shown.includes(word))).toEqual([]);
});

test.for(mailCases)('$template in $language is written in its language', ({ template, language }) => {
  const { subject } = render(template, language);
  const title = subject.split(/[:：]/)[0] ?? '';
  expect(/\p{Script=Han}/u.test(title)).toBe(language === 'zh-CN');
});

test.for(mailTemplates.map((template) => ({ template })))(
  '$template is an accessible page',
  ({ template }) => {
    const { html } = render(template);
    expect(html).not.toMatch(/<(img|script|link|iframe|object|form)\b/i);
    for (const [table] of html.matchAll(/<table[^>]*>(?!.*role="presentation").*?<\/table>/gs)) {
      if (!table.includes('role="presentation"')) expect(table).toContain('<th scope="');
    }
    expect(html.match(/<h1/g)).toHaveLength(1);
  },
);

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><script>',
  '{{constructor}}',
  '&lt;b&gt;',
  '<a href="https://evil.example.com">click</a>',
  '<!-- -->',
];

test.for(mailCases)('$template in $language escapes hostile text', ({ template, language }) => {
  if (template === 'mail-refused') {
    const model = aModel(template, language);
    if (model.kind !== 'inbound-mail') throw new Error('not a mail');
    for (const subject of hostile) {
      const { html } = renderMail(anIntent(template, language), {
        ...model,
        mail: { ...model.mail, subject },
      });
      expect(html).not.toMatch(/<script|<img|<a href="https:\/\/evil|onerror=alert\(1\)>/);
    }
    return;
  }
  if (template === 'upload-result') {
    const model = aModel(template, language);
    if (model.kind !== 'upload') throw new Error('not an upload');
    for (const text of hostile) {
      const upload = { ...model.upload, fileName: text };
      const findings = model.findings.map((finding) => ({ ...finding, value: text, column: text }));
      const { html } = renderMail(anIntent(template, language), { ...model, upload, findings });
      expect(html).not.toMatch(/<script|<img|<a href="https:\/\/evil|onerror=alert\(1\)>/);
    }
    return;
  }
  const record = aRecord(template, language);
  for (const text of hostile) {
    const { buyer, lines } = record.content;
    const content = {
      ...record.content,
      buyer: { ...buyer, name: text, contact: { ...buyer.contact, name: text } },
      lines: lines.map((line) => ({ ...line, name: text, specification: text, note: text })),
      notes: text,
      delivery: { ...record.content.delivery, recipientName: text },
    };
    const findings = record.findings.map((finding) => ({
      ...finding,
      value: text,
      expected: text,
      suggestion: text,
    }));
    const { html } = renderMail(anIntent(template, language), {
      kind: 'order',
      record: { ...record, content, findings },
      company: { ...aCompany, name: text },
    });
    expect(html.match(/<script|<img|<a href="https:\/\/evil|<!--/)).toBeNull();
    expect(html).not.toMatch(/<[a-z][^<>]*onmouseover/);
  }
});

test('amounts are the stored ones, in the currency’s own form', () => {
  const record = anOrder({
    lines: [{ name: 'Cup', quantity: 3, unitPrice: '1990' }],
    content: { currency: 'JPY', language: 'en' },
  });
  record.content.amounts.payableAmount = 1_234_567;
  record.content.lines = record.content.lines.map((line) => ({ ...line, lineAmountMinor: 7_654_321 }));
  const { text } = renderMail(anIntent('order-received', 'en'), { kind: 'order', record, company: aCompany });
  expect(text).toContain('Amount due: JP¥1,234,567');
  expect(text).toContain('Amount: JP¥7,654,321');
});

test('a payment whose rest is waived says how much that is', () => {
  const record = aRecord('payment-received', 'en');
  const state = { ...record.state, receivedAmount: 90_900, writtenOffAmount: 72 };
  const model = { kind: 'order', record: { ...record, state }, company: aCompany } as const;
  const { text } = renderMail(anIntent('payment-received', 'en'), model);
  expect(text).toMatch(/Received in all: .*909\.00/);
  expect(text).toMatch(/Waived: .*0\.72/);
  expect(render('payment-received').text).not.toContain('Waived');
});

test('payment time is told in the company’s zone, by name', () => {
  expect(render('payment-instructions').text).toContain('15 October 2025 at 18:30 (China Standard Time)');
  expect(render('payment-instructions', 'zh-CN').text).toContain('2025年10月15日 18:30（中国标准时间）');
});

test('payment instructions name account, amount and the order number as reference', () => {
  const { text } = render('payment-instructions');
  expect(text).toContain('Our account: 示例银行上海分行\n6222 0000 0000 0000');
  expect(text).toContain(`Payment reference: ${orderNumber}`);
  expect(text).toContain('Amount due: CN¥909.72');
});

test('a shipping mail names its own parcel and no other', () => {
  const { html, text, subject } = render('shipped');
  expect(subject).toContain('SF1000000001');
  expect(html).toContain('href="https://carrier.example.com/track?n=SF1000000001&amp;lang=zh"');
  for (const part of [html, text, subject]) expect(part).not.toContain('SF2000000002');
  expect(text).toContain('20 pcs');
  expect(text).not.toContain('绿茶');
});

test('a shipping mail whose parcel is not on file is refused', () => {
  const intent = anIntent('shipped', 'en', { data: { shipmentId: 'OTHER' } });
  expect(() => renderMail(intent, aModel('shipped', 'en'))).toThrow('names no shipment');
});

test('a link that is no web address is not made clickable', () => {
  const record = aRecord('shipped', 'en');
  record.shipments = record.shipments.map((parcel) => ({ ...parcel, trackingUrl: 'javascript:alert(1)' }));
  const { html } = renderMail(anIntent('shipped', 'en'), { kind: 'order', record, company: aCompany });
  expect(html).not.toContain('href=');
});

test('questions name place, both values and a proposal', () => {
  const { text } = render('clarification');
  expect(text).toContain(
    'Line 1 (保温杯), unit price: The unit price differs from ours (on the order: 39.90, ours: 42.00).',
  );
  expect(text).toContain('Change it to “42.00”.');
  expect(text).toContain('16 October 2025 at 10:00');
});

test('a cancelled order says what happens to the money', () => {
  expect(render('order-cancelled').text).toContain('The CN¥909.72 that we have received will be refunded');
  const unpaid = anOrder({ content: { language: 'en' }, state: { status: 'CANCELLED' } });
  const { text } = renderMail(anIntent('order-cancelled', 'en'), {
    kind: 'order',
    record: unpaid,
    company: aCompany,
  });
  expect(text).toContain('We have received no money for this order.');
  const toFinance = anIntent('order-cancelled', 'en', { recipient: aCompany.financeEmail });
  expect(renderMail(toFinance, aModel('order-cancelled', 'en')).text).toContain('Please refund it');
});

test('the invoice travels as the stored document', () => {
  expect(render('invoice-issued').attachments).toEqual([
    {
      fileName: 'INV-20251016-000001.pdf',
      contentType: 'application/pdf',
      documentKey: `orders/${orderNumber}/INV-20251016-000001.pdf`,
    },
  ]);
});

test('only the customer is greeted by name, staff and copies are not', () => {
  const model = aModel('order-confirmed', 'en');
  const textFor = (recipient: string) =>
    renderMail(anIntent('order-confirmed', 'en', { recipient }), model).text;
  expect(textFor('wang@example.com')).toContain('Dear 王敏,');
  expect(textFor('orders@partner.example.com')).not.toContain('Dear');
  expect(textFor(aCompany.deskEmail)).not.toContain('Dear');
});

test('mails of test orders say so in their subject', () => {
  const record = anOrder({ state: { test: true } });
  const model = { kind: 'order' as const, record, company: aCompany };
  expect(renderMail(anIntent('order-received', 'zh-CN'), model).subject).toMatch(/^【测试】/);
});

const anUploadsText = (
  language: 'zh-CN' | 'en',
  changes: Partial<Upload>,
  findings: UploadMailFinding[] = [],
): string => {
  const model = aModel('upload-result', language);
  if (model.kind !== 'upload') throw new Error('not an upload');
  const upload = { ...model.upload, ...changes };
  return renderMail(anIntent('upload-result', language), { ...model, upload, findings }).text;
};

const none = { rows: 3, orders: 3, created: 0, onHold: 0, rejected: 0, duplicate: 0, example: 0, valid: 0 };
const whole = { mode: 'REJECT_FILE' as const, status: 'COMPLETED_WITH_ERRORS' as const };
const openings: [of: string, changes: Partial<Upload>, says: RegExp, doesNotSay: RegExp][] = [
  [
    'a file that must be taken whole and was not',
    { ...whole, counts: { ...none, rejected: 3 } },
    /none was created.*upload the whole file again/s,
    /have been created|Correct only/,
  ],
  [
    'such a file of which an order was refused only when the others were made',
    { ...whole, counts: { ...none, created: 2, rejected: 1 } },
    /Orders without errors have been created/,
    /none was created/,
  ],
  [
    'a file that cannot be read',
    {
      status: 'FAILED',
      counts: none,
      fileFindings: [{ severity: 'ERROR', code: 'FILE_DAMAGED' }],
    },
    /no order was created/,
    /may have been created/,
  ],
  [
    'a file that a fault of ours stopped',
    { status: 'FAILED', counts: undefined, fileFindings: [{ severity: 'ERROR', code: 'UPLOAD_FAULT' }] },
    /may have been created.*upload the same file again/s,
    /no order was created\./,
  ],
  [
    'a dry run',
    { mode: 'DRY_RUN', status: 'COMPLETED_WITH_ERRORS', counts: { ...none, valid: 2, rejected: 1 } },
    /nothing was written/,
    /have been created/,
  ],
];
test.for(openings)('the mail about %s says what is true of it', ([, changes, says, doesNotSay]) => {
  const text = anUploadsText('en', changes);
  expect(text).toMatch(says);
  expect(text).not.toMatch(doesNotSay);
});

test.for([
  ['zh-CN', '以上是文件问题共 5000 条中的前 20 条，其余见结果文件。'],
  ['en', 'These are the first 20 of 5000 about the file; the result file has the rest.'],
] as const)(
  'of thousands of findings about a file the mail in %s has the first 20 and says so',
  ([language, says]) => {
    const fileFindings = Array.from({ length: 100 }, (_, index) => ({
      severity: 'WARNING' as const,
      code: 'TOTALS_ROW' as const,
      cell: `A${index + 2}`,
    }));
    const text = anUploadsText(language, { fileFindings, fileFindingsInAll: 5000 });
    expect(text).toContain(says);
    expect([...text.matchAll(/\bA\d+\b/g)]).toHaveLength(20);
    expect(anUploadsText(language, { fileFindings: fileFindings.slice(0, 20) })).not.toMatch(/20 (of|条)/);
  },
);

test('the findings of a file stand by what they ask of its sender, each with cell, header, value, reason and advice', () => {
  const of = (severity: UploadMailFinding['severity'], more: Partial<UploadMailFinding>) => ({
    severity,
    code: 'POSTCODE_FORMAT' as const,
    row: 14,
    orderReference: 'PO-78',
    cell: 'N14',
    column: '邮编',
    value: '2012',
    ...more,
  });
  const text = anUploadsText('zh-CN', {}, [
    of('ERROR', { suggestion: '201200' }),
    of('HOLD', { code: 'PRICE_MISMATCH', value: '1.00', expected: '39.90' }),
    of('WARNING', { code: 'HIDDEN_ROW' }),
  ]);
  const parts = text.split(/需要更正的内容|需要我方核对的内容|提示，不影响订单/);
  expect(parts).toHaveLength(4);
  expect(parts[1]).toContain(
    '第 14 行 · PO-78 · N14 · 邮编：邮编格式不正确（收到：2012）。\n  请改为“201200”。',
  );
  expect(parts[2]).toContain('单价与我方价格不一致（订单：1.00，我方：39.90）');
  expect(parts[3]).toContain('N14');
});

test('an upload’s mail shows the first 20 findings and counts', () => {
  const model = aModel('upload-result', 'en');
  if (model.kind !== 'upload') throw new Error('not an upload');
  const [first] = model.findings;
  if (!first) throw new Error('no finding');
  const findings = Array.from({ length: 30 }, (_, index) => ({ ...first, row: 100 + index }));
  const { text } = renderMail(anIntent('upload-result', 'en'), { ...model, findings, findingsInAll: 63 });
  expect(text).toContain('Row 119');
  expect(text).not.toContain('Row 120');
  expect(text).toContain('the first 20 of 63');
  expect(text).toContain('Created: 296');
  expect(text).toContain('Data rows: 1,200');
});

const told = mailRefusals.filter(
  (refusal) =>
    !['SENDER_UNKNOWN', 'SENDER_UNVERIFIED', 'PARTNER_INACTIVE', 'AUTOMATIC_REPLY'].includes(refusal),
);

test.for(told.flatMap((refusal) => (['zh-CN', 'en'] as const).map((language) => ({ refusal, language }))))(
  'a mail refused for $refusal says in $language why, and what to do',
  ({ refusal, language }) => {
    const model = aModel('mail-refused', language);
    if (model.kind !== 'inbound-mail') throw new Error('not a mail');
    const { text } = renderMail(anIntent('mail-refused', language), {
      ...model,
      mail: { ...model.mail, refusal },
    });
    expect(text).toMatch(
      language === 'en' ? /Why: .{20}.*What to do: .{20}/s : /原因：.{8}.*请您这样做：.{8}/s,
    );
    expect(text).not.toContain(refusal);
  },
);

test('a refused mail without a subject is answered without brackets', () => {
  const model = aModel('mail-refused', 'en');
  if (model.kind !== 'inbound-mail') throw new Error('not a mail');
  const { subject, text } = renderMail(anIntent('mail-refused', 'en'), {
    ...model,
    mail: { ...model.mail, subject: '' },
  });
  expect(subject).toBe(`Your mail was not taken as an order: ${model.mail.mailId}`);
  expect(text).not.toContain('Subject:');
});
