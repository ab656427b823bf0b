import { findingSentence, suggestionSentence } from '../../../domain/findings/finding-messages.ts';
import type { CellFinding, UploadCounts } from '../../../domain/uploads/upload.ts';
import type { Language } from '../../../domain/values/languages.ts';
import type { Block, Cell, Fact } from '../mail-content.ts';
import type { MailBody, UploadMail, UploadMailFinding } from '../mail-model.ts';
import { showNumber } from '../wording/amounts.ts';
import { showInstant } from '../wording/dates.ts';

const countNames = {
  'zh-CN': {
    rows: '数据行',
    orders: '文件中的订单',
    created: '已创建订单',
    onHold: '已创建但待处理',
    rejected: '未接受',
    duplicate: '重复，已跳过',
    example: '示例，已跳过',
    valid: '试运行通过',
  },
  en: {
    rows: 'Data rows',
    orders: 'Orders in the file',
    created: 'Created',
    onHold: 'Created, on hold',
    rejected: 'Not accepted',
    duplicate: 'Skipped as duplicates',
    example: 'Skipped as examples',
    valid: 'Found valid',
  },
} as const satisfies Record<Language, Record<keyof UploadCounts, string>>;

const texts = {
  'zh-CN': {
    failed: '文件未能处理',
    clean: '文件已处理完毕',
    withErrors: '文件已处理，部分订单需要更正',
    dryRun: '试运行已完成，没有创建订单',
    refusedWhole: '文件未被接受，没有创建订单',
    stopped: '文件的处理被中断',
    openings: {
      failed: '整个文件没有被接受，没有创建任何订单。请按下列说明更正后重新上传。',
      clean: '文件中的订单已全部读取，结果如下。',
      withErrors: '没有问题的订单已经创建。请只把需要更正的订单改好后重新上传，已创建的订单不会重复创建。',
      dryRun: '这是试运行：文件已按正式规则核对，但没有写入任何订单。',
      refusedWhole:
        '该文件要求整体接受或整体拒绝。其中有订单需要更正，因此没有创建任何订单。请更正下列内容后重新上传整个文件。',
      stopped:
        '由于我方系统故障，文件没有处理完毕，可能已有部分订单创建。请重新上传同一文件，已创建的订单不会重复创建。',
    },
    duplicate: (uploadId: string) =>
      `该文件与之前上传的文件（${uploadId}）内容完全相同，没有再次创建订单，以下是当时的结果。`,
    uploadId: '上传编号',
    fileName: '文件名',
    at: '上传时间',
    fileFindings: '文件的问题',
    findings: { ERROR: '需要更正的内容', HOLD: '需要我方核对的内容', WARNING: '提示，不影响订单' },
    moreOfFile: (shown: number, all: number) =>
      `以上是文件问题共 ${all} 条中的前 ${shown} 条，其余见结果文件。`,
    more: (shown: number, all: number) => `以上是全部 ${all} 条中的前 ${shown} 条，其余见结果文件。`,
    row: (row: number) => `第 ${row} 行`,
    xlsx: '下载结果文件（Excel）',
    csv: '下载结果文件（CSV）',
    json: '结果（JSON）',
    expiry: (at: string, uploadId: string) =>
      `以上链接在 ${at}前有效。之后再次发送同一文件即可收到新链接，订单不会重复创建；也可通过接口 GET /v1/uploads/${uploadId} 取得。`,
  },
  en: {
    failed: 'File could not be processed',
    clean: 'File processed',
    withErrors: 'File processed, some orders need correcting',
    dryRun: 'Dry run finished, no orders were created',
    refusedWhole: 'File not accepted, no orders were created',
    stopped: 'The processing of your file was interrupted',
    openings: {
      failed:
        'The whole file was refused and no order was created. Please correct what is listed below and upload it again.',
      clean: 'All orders in your file have been read. This is what came of them.',
      withErrors:
        'Orders without errors have been created. Correct only the others and upload them again; what has been created is never created twice.',
      dryRun:
        'This was a dry run: your file was checked by the same rules as a real one, but nothing was written.',
      refusedWhole:
        'You asked for this file to be taken whole or not at all. Some of its orders need correcting, so none was created. Please correct what is listed below and upload the whole file again.',
      stopped:
        'A fault of ours stopped the work on your file; some of its orders may have been created. Please upload the same file again; what has been created is never created twice.',
    },
    duplicate: (uploadId: string) =>
      `This file holds exactly what you sent before (${uploadId}). No order was created again; this is the result of then.`,
    uploadId: 'Upload',
    fileName: 'File',
    at: 'Uploaded',
    fileFindings: 'About the file',
    findings: {
      ERROR: 'To be corrected',
      HOLD: 'To be looked at by us',
      WARNING: 'For your information; the orders stand',
    },
    moreOfFile: (shown: number, all: number) =>
      `These are the first ${shown} of ${all} about the file; the result file has the rest.`,
    more: (shown: number, all: number) =>
      `These are the first ${shown} of ${all}; the result file has the rest.`,
    row: (row: number) => `Row ${row}`,
    xlsx: 'Download the result (Excel)',
    csv: 'Download the result (CSV)',
    json: 'Result (JSON)',
    expiry: (at: string, uploadId: string) =>
      `These links are valid until ${at}. After that, send the same file again to get new ones (no order is created twice), or ask GET /v1/uploads/${uploadId}.`,
  },
};

const maxFindings = 20;

const severities = ['ERROR', 'HOLD', 'WARNING'] as const;

const outcomeOf = ({
  status,
  mode,
  counts,
  fileFindings,
}: UploadMail['upload']): keyof (typeof texts)[Language]['openings'] => {
  if (status === 'FAILED')
    return fileFindings.some(({ code }) => code === 'UPLOAD_FAULT') ? 'stopped' : 'failed';
  if (mode === 'DRY_RUN') return 'dryRun';
  if (status !== 'COMPLETED_WITH_ERRORS') return 'clean';
  const hasMade = (counts?.created ?? 0) + (counts?.onHold ?? 0) > 0;
  return mode === 'REJECT_FILE' && !hasMade ? 'refusedWhole' : 'withErrors';
};

const countFacts = (counts: UploadCounts, language: Language): Fact[] => {
  const always = ['rows', 'orders', 'created', 'rejected'] as const;
  const whenAny = (['onHold', 'duplicate', 'example', 'valid'] as const).filter((name) => counts[name] > 0);
  return [...always, ...whenAny].map((name) => ({
    label: countNames[language][name],
    value: showNumber(counts[name], language),
  }));
};

const findingItem = (place: string[], finding: CellFinding, language: Language): Cell => {
  const sentence = findingSentence(finding, language);
  const where = [...place, finding.cell, finding.column].filter((part) => part).join(' · ');
  return {
    main: where ? `${where}${language === 'en' ? ': ' : '：'}${sentence}` : sentence,
    sub: suggestionSentence(finding, language),
  };
};

const fileBlocks = ({ upload, intent: { language } }: UploadMail): Block[] => {
  const text = texts[language];
  const { fileFindings, fileFindingsInAll = fileFindings.length } = upload;
  const shown = fileFindings.slice(0, maxFindings);
  if (shown.length === 0) return [];
  return [
    {
      kind: 'list',
      heading: text.fileFindings,
      items: shown.map((finding) => findingItem([], finding, language)),
    },
    ...(fileFindingsInAll > shown.length
      ? [{ kind: 'paragraph' as const, text: text.moreOfFile(shown.length, fileFindingsInAll) }]
      : []),
  ];
};

const rowBlocks = ({ findings, findingsInAll, intent: { language } }: UploadMail): Block[] => {
  const text = texts[language];
  const shown = findings.slice(0, maxFindings);
  const about = (finding: UploadMailFinding) =>
    findingItem([text.row(finding.row), finding.orderReference], finding, language);
  const blocks = severities.map((severity) => ({
    kind: 'list' as const,
    heading: text.findings[severity],
    items: shown.filter((finding) => finding.severity === severity).map(about),
  }));
  return [
    ...blocks.filter(({ items }) => items.length > 0),
    ...(findingsInAll > shown.length
      ? [{ kind: 'paragraph' as const, text: text.more(shown.length, findingsInAll) }]
      : []),
  ];
};

const linkBlocks = ({ links, upload, company, intent: { language } }: UploadMail): Block[] => {
  if (!links) return [];
  const text = texts[language];
  return [
    { kind: 'link', label: text.xlsx, url: links.xlsx },
    ...(links.csv === undefined ? [] : [{ kind: 'link' as const, label: text.csv, url: links.csv }]),
    { kind: 'link', label: text.json, url: links.json },
    {
      kind: 'paragraph',
      text: text.expiry(showInstant(links.expiresAt, company.timeZone, language), upload.uploadId),
    },
  ];
};

/** To whoever sent a file: what came of it, the first findings, and where the whole result lies. */
export const uploadResult = (mail: UploadMail): MailBody => {
  const { company, upload, intent } = mail;
  const { language } = intent;
  const text = texts[language];
  const outcome = outcomeOf(upload);
  return {
    title: text[outcome],
    blocks: [
      {
        kind: 'paragraph',
        text: upload.duplicateOf ? text.duplicate(upload.duplicateOf) : text.openings[outcome],
      },
      {
        kind: 'facts',
        facts: [
          { label: text.uploadId, value: upload.uploadId },
          { label: text.fileName, value: upload.fileName },
          { label: text.at, value: showInstant(upload.createdAt, company.timeZone, language) },
          ...(upload.counts ? countFacts(upload.counts, language) : []),
        ],
      },
      ...fileBlocks(mail),
      ...rowBlocks(mail),
      ...linkBlocks(mail),
    ],
  };
};
