import type { MailRefusal } from '../../../domain/uploads/inbound-mail.ts';
import type { Language } from '../../../domain/values/languages.ts';
import type { InboundMailMail, MailBody } from '../mail-model.ts';
import { showInstant } from '../wording/dates.ts';

/** Refusals that nobody is told of: the sender is not proven, may not order, or is a program. */
type Untold = 'SENDER_UNKNOWN' | 'SENDER_UNVERIFIED' | 'PARTNER_INACTIVE' | 'AUTOMATIC_REPLY';

type Reason = { why: string; what: string };

const reasons: Readonly<Record<Language, Record<Exclude<MailRefusal, Untold>, Reason>>> = {
  'zh-CN': {
    VIRUS_SUSPECTED: {
      why: '邮件未能通过病毒检查，附件没有打开。',
      what: '请检查您的电脑和文件，然后用新保存的 Excel 或 CSV 文件重新发送。',
    },
    SPAM_SUSPECTED: {
      why: '邮件系统将这封邮件判断为垃圾邮件。',
      what: '请写一封新邮件（不要转发或群发），只附上订单文件后重新发送；或通过接口上传文件。',
    },
    MAIL_TOO_LARGE: {
      why: '邮件超过 25 MB。',
      what: '请只附上订单文件，必要时分几封邮件发送；更大的文件请通过接口上传。',
    },
    MAIL_UNREADABLE: {
      why: '邮件的格式已损坏，附件无法取出。',
      what: '请写一封新邮件，附上订单文件后重新发送。',
    },
    MAIL_ENCRYPTED: {
      why: '邮件已加密，或以我们无法打开的方式签名。',
      what: '请不加密、不使用 S/MIME 或 PGP，将订单文件作为附件重新发送。',
    },
    WINMAIL_DAT: {
      why: '附件以 winmail.dat 的形式到达，这是 Outlook 的 RTF 格式，其中的文件无法取出。',
      what: '请在 Outlook 中把邮件格式改为 HTML 或纯文本，再附上订单文件重新发送。',
    },
    SPREADSHEET_MISSING: {
      why: '邮件中没有附上订单表格。邮件正文、图片、PDF、压缩包和转发的邮件不会作为订单处理。',
      what: '请将订单填入 .xlsx、.csv 或 .tsv 表格，作为附件发送；可通过接口 GET /v1/templates/orders.xlsx 下载模板。',
    },
    TOO_MANY_FILES: {
      why: '邮件中的表格超过 20 个。',
      what: '请把订单合并到较少的文件中，或分几封邮件发送。',
    },
  },
  en: {
    VIRUS_SUSPECTED: {
      why: 'The mail did not pass the virus check, so its attachments were not opened.',
      what: 'Please check your computer and the file, save it anew as Excel or CSV and send it again.',
    },
    SPAM_SUSPECTED: {
      why: 'The mail service took your mail for spam.',
      what: 'Please write a new mail (not a forwarded one, and to us alone) with nothing but the order file attached, or upload the file through the API.',
    },
    MAIL_TOO_LARGE: {
      why: 'The mail is larger than 25 MB.',
      what: 'Please attach order files only, in several mails if need be, or upload the file through the API.',
    },
    MAIL_UNREADABLE: {
      why: 'The mail is damaged, and its attachments cannot be taken out.',
      what: 'Please write a new mail, attach the order file and send it again.',
    },
    MAIL_ENCRYPTED: {
      why: 'The mail is encrypted, or signed in a way that we cannot open.',
      what: 'Please send the order file as an attachment of a mail without encryption, S/MIME or PGP.',
    },
    WINMAIL_DAT: {
      why: 'The attachment arrived as winmail.dat, the RTF format of Outlook, out of which files cannot be taken.',
      what: 'Please set the format of the mail to HTML or plain text in Outlook, attach the order file and send it again.',
    },
    SPREADSHEET_MISSING: {
      why: 'No spreadsheet with orders is attached. The text of a mail, pictures, PDFs, archives and forwarded mails are not taken as orders.',
      what: 'Please put the orders into an .xlsx, .csv or .tsv file and attach it; GET /v1/templates/orders.xlsx gives a template.',
    },
    TOO_MANY_FILES: {
      why: 'More than 20 spreadsheets are attached.',
      what: 'Please put the orders into fewer files, or send several mails.',
    },
  },
};

const isTold = (refusal: MailRefusal | undefined): refusal is Exclude<MailRefusal, Untold> =>
  refusal !== undefined && Object.hasOwn(reasons.en, refusal);

const texts = {
  'zh-CN': {
    title: '您的邮件没有作为订单处理',
    opening: '我们收到了您的邮件，但没有从中创建任何订单。',
    subject: '邮件主题',
    at: '收到时间',
    why: '原因',
    what: '请您这样做',
  },
  en: {
    title: 'Your mail was not taken as an order',
    opening: 'Your mail has reached us, but no order was made of it.',
    subject: 'Subject',
    at: 'Received',
    why: 'Why',
    what: 'What to do',
  },
};

/** To a known sender whose mail held nothing that could be taken as orders: why, and what to do instead. */
export const mailRefused = ({ mail, company, intent: { language } }: InboundMailMail): MailBody => {
  const text = texts[language];
  const reason = isTold(mail.refusal) ? reasons[language][mail.refusal] : undefined;
  return {
    title: text.title,
    blocks: [
      { kind: 'paragraph', text: text.opening },
      {
        kind: 'facts',
        facts: [
          ...(mail.subject ? [{ label: text.subject, value: mail.subject }] : []),
          { label: text.at, value: showInstant(mail.receivedAt, company.timeZone, language) },
          ...(reason
            ? [
                { label: text.why, value: reason.why },
                { label: text.what, value: reason.what },
              ]
            : []),
        ],
      },
    ],
  };
};
