import { statusNames } from '../../../domain/orders/status.ts';
import type { Block } from '../mail-content.ts';
import type { MailBody, OrderMail } from '../mail-model.ts';
import { findingsBlock, numbersBlock } from '../order-blocks.ts';
import { showInstant } from '../wording/dates.ts';

const texts = {
  'zh-CN': {
    title: '订单停滞，需要人工处理',
    opening: '以下订单的自动处理停止了。订单和已有记录都没有丢失，请查明原因后继续处理。',
    status: '当前状态',
    since: '自何时起',
    step: '停在哪一步',
    reason: '原因',
    last: '最近一次事件',
  },
  en: {
    title: 'Order stuck: needs a person',
    opening:
      'Automatic processing of this order has stopped. Neither the order nor its history is lost; please find the cause and move it on.',
    status: 'Status',
    since: 'Since',
    step: 'Stopped at',
    reason: 'Reason',
    last: 'Last event',
  },
};

const heading = { 'zh-CN': '未解决的问题', en: 'Open findings' };

/** To the order desk, when an order's processing failed or a deadline passed. */
export const stuckOrder = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const { language } = intent;
  const { state, findings, events } = record;
  const text = texts[language];
  const { state: step, reason } = intent.data;
  const last = events.at(-1);
  const open = findings.filter((finding) => finding.open);
  const openBlocks: Block[] = open.length > 0 ? [findingsBlock(mail, heading, open)] : [];
  return {
    title: text.title,
    blocks: [
      { kind: 'paragraph', text: text.opening },
      numbersBlock(
        mail,
        { label: text.status, value: statusNames[state.status][language] },
        { label: text.since, value: showInstant(state.statusSince, company.timeZone, language) },
        ...(step ? [{ label: text.step, value: step }] : []),
        ...(reason ? [{ label: text.reason, value: reason }] : []),
        ...(last
          ? [
              {
                label: text.last,
                value: `${last.type}\n${showInstant(last.at, company.timeZone, language)}`,
              },
            ]
          : []),
      ),
      ...openBlocks,
    ],
  };
};
