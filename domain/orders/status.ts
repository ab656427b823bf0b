/** Order statuses, contract §6, with the terms staff use. */
export const statusNames = {
  RECEIVED: { 'zh-CN': '已接收', en: 'Received' },
  ON_HOLD: { 'zh-CN': '待处理(问题订单)', en: 'On hold' },
  PENDING_PAYMENT: { 'zh-CN': '待付款', en: 'Pending payment' },
  PAID: { 'zh-CN': '已付款', en: 'Paid' },
  BACKORDERED: { 'zh-CN': '缺货待补', en: 'Backordered' },
  READY_TO_SHIP: { 'zh-CN': '待发货', en: 'Ready to ship' },
  PARTIALLY_SHIPPED: { 'zh-CN': '部分发货', en: 'Partially shipped' },
  SHIPPED: { 'zh-CN': '已发货', en: 'Shipped' },
  DELIVERY_EXCEPTION: { 'zh-CN': '配送异常', en: 'Delivery exception' },
  COMPLETED: { 'zh-CN': '已完成', en: 'Completed' },
  CANCELLED: { 'zh-CN': '已取消', en: 'Cancelled' },
  REJECTED: { 'zh-CN': '已拒收', en: 'Rejected' },
} as const;

export type Status = keyof typeof statusNames;

export const statuses = Object.keys(statusNames) as [Status, ...Status[]];

/** Every legal change of status, contract §6. What is not listed is a 409 `illegal-transition`. */
export const transitions: Readonly<Record<Status, readonly Status[]>> = {
  RECEIVED: ['ON_HOLD', 'REJECTED', 'PENDING_PAYMENT', 'PAID', 'READY_TO_SHIP', 'BACKORDERED'],
  ON_HOLD: ['RECEIVED', 'REJECTED', 'CANCELLED'],
  PENDING_PAYMENT: ['PAID', 'ON_HOLD', 'CANCELLED'],
  PAID: ['READY_TO_SHIP', 'BACKORDERED', 'ON_HOLD', 'CANCELLED'],
  BACKORDERED: ['READY_TO_SHIP', 'ON_HOLD', 'CANCELLED'],
  READY_TO_SHIP: ['PARTIALLY_SHIPPED', 'SHIPPED', 'ON_HOLD', 'CANCELLED'],
  PARTIALLY_SHIPPED: ['SHIPPED', 'DELIVERY_EXCEPTION'],
  SHIPPED: ['DELIVERY_EXCEPTION', 'COMPLETED'],
  DELIVERY_EXCEPTION: ['SHIPPED', 'PARTIALLY_SHIPPED', 'CANCELLED', 'COMPLETED'],
  COMPLETED: [],
  CANCELLED: [],
  REJECTED: [],
};

export const isLegalTransition = (from: Status, to: Status): boolean => transitions[from].includes(to);

export const isTerminal = (status: Status): boolean => transitions[status].length === 0;
