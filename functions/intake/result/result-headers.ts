export const findingHeaders = [
  '级别 Severity',
  '单元格 Cell',
  '列 Column',
  '原值 Value',
  '代码 Code',
  '原因 Reason',
  '建议 Suggestion',
];

/** The headers of the result columns, which also tell a result file from a new one when it comes back. */
export const resultHeaders = ['结果 Result', '系统订单号 Order Number', ...findingHeaders];

export const resultSheetNames = ['结果 Result', '汇总 Summary', '待修正 To fix'] as const;

/** Beside the result columns where the sender's rows had to be written anew, and stand elsewhere than in the file. */
export const rowHeader = '行 Row';
