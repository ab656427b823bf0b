import type { Language } from '../../domain/values/languages.ts';

type Texts = {
  title: string;
  skip: string;
  otherLanguage: string;
  intro: (deadline: string) => string;
  facts: Record<'order' | 'reference' | 'status' | 'payment' | 'amount' | 'delivery' | 'shipping', string>;
  question: (number: number, of: number) => string;
  fromDesk: string;
  accept: (value: string | undefined) => string;
  byOurRules: string;
  correct: string;
  value: string;
  confirm: string;
  note: string;
  send: string;
  cancelTitle: string;
  cancelHint: string;
  cancelConfirm: string;
  cancelSend: string;
  errorTitle: string;
  errorPrefix: string;
  choose: string;
  thanks: string;
  answered: string;
  passed: string;
  cancelled: string;
  refusedTitle: string;
  refused: string;
  failedTitle: string;
  failed: string;
  payments: Record<'UNPAID' | 'PARTIALLY_PAID' | 'PAID' | 'REFUND_DUE', string>;
  shipments: Record<'UNFULFILLED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'DELIVERED', string>;
};

/** What the page says, in both languages. */
export const texts: Readonly<Record<Language, Texts>> = {
  'zh-CN': {
    title: '订单问题确认',
    skip: '跳到问题',
    otherLanguage: 'English',
    intro: (deadline) =>
      `您的订单已保存，以下问题需要您确认后才能继续处理。请在 ${deadline}前答复，逾期订单会自动取消。`,
    facts: {
      order: '订单号',
      reference: '贵方单号',
      status: '状态',
      payment: '付款',
      amount: '应付金额',
      delivery: '交付日期',
      shipping: '发货',
    },
    question: (number, of) => `问题 ${number}（共 ${of} 个）`,
    fromDesk: '订单服务台的问题：',
    accept: (value) => (value === undefined ? '不使用该项' : `改为 ${value}`),
    byOurRules: '按贵方的价格和规定计算',
    correct: '更正为以下内容',
    value: '正确的内容',
    confirm: '按原订单不变，由工作人员决定',
    note: '给工作人员的说明（选填）',
    send: '提交答复',
    cancelTitle: '取消订单',
    cancelHint: '如果不再需要这些商品，可以取消整个订单。取消后不能恢复。',
    cancelConfirm: '是的，取消整个订单',
    cancelSend: '取消订单',
    errorTitle: '请检查以下内容',
    errorPrefix: '有误：',
    choose: '请选择一个答复。',
    thanks: '谢谢，答复已收到',
    answered: '我们会重新检查订单，结果将以邮件通知您。',
    passed: '有些问题由我们的工作人员决定，结果将以邮件通知您。',
    cancelled: '订单正在取消，确认邮件稍后发出。',
    refusedTitle: '此链接无效',
    refused: '链接已使用、已过期或不正确。如果您已经答复，答复已经生效。如有疑问，请直接回复我们的邮件。',
    failedTitle: '暂时无法处理',
    failed: '您的答复没有保存，请稍后重试。',
    payments: { UNPAID: '未付款', PARTIALLY_PAID: '部分付款', PAID: '已付款', REFUND_DUE: '待退款' },
    shipments: {
      UNFULFILLED: '未发货',
      PARTIALLY_SHIPPED: '部分发货',
      SHIPPED: '已发货',
      DELIVERED: '已送达',
    },
  },
  en: {
    title: 'Questions about your order',
    skip: 'Skip to the questions',
    otherLanguage: '中文',
    intro: (deadline) =>
      `Your order is on file. We need your answers to go on with it. Please answer before ${deadline}; an order without an answer is cancelled then.`,
    facts: {
      order: 'Order number',
      reference: 'Your reference',
      status: 'Status',
      payment: 'Payment',
      amount: 'Amount due',
      delivery: 'Delivery date',
      shipping: 'Shipping',
    },
    question: (number, of) => `Question ${number} of ${of}`,
    fromDesk: 'Our order desk asks:',
    accept: (value) => (value === undefined ? 'Go on without it' : `Change it to ${value}`),
    byOurRules: 'Charge it by your prices and rules',
    correct: 'Correct it as follows',
    value: 'The right value',
    confirm: 'Keep it as ordered; our staff decide',
    note: 'A note to our staff (optional)',
    send: 'Send the answers',
    cancelTitle: 'Cancel the order',
    cancelHint:
      'If you do not want these goods any more, you can cancel the whole order. This cannot be undone.',
    cancelConfirm: 'Yes, cancel the whole order',
    cancelSend: 'Cancel the order',
    errorTitle: 'Please check the following',
    errorPrefix: 'Error: ',
    choose: 'Choose one of the answers.',
    thanks: 'Thank you, we have your answers',
    answered: 'We now check the order again and tell you the result by mail.',
    passed: 'Some points are for our staff to decide; we tell you the result by mail.',
    cancelled: 'The order is being cancelled; a mail will confirm it.',
    refusedTitle: 'This link is not valid',
    refused:
      'It was used, has expired or is not right. If you have answered already, your answer counts. Questions? Just reply to our mail.',
    failedTitle: 'Not possible just now',
    failed: 'Your answer was not stored; please try again in a moment.',
    payments: { UNPAID: 'Unpaid', PARTIALLY_PAID: 'Paid in part', PAID: 'Paid', REFUND_DUE: 'Refund due' },
    shipments: {
      UNFULFILLED: 'Not shipped',
      PARTIALLY_SHIPPED: 'Shipped in part',
      SHIPPED: 'Shipped',
      DELIVERED: 'Delivered',
    },
  },
};
