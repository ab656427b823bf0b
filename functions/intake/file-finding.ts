import type { FindingCode } from '../../domain/finding.ts';
import type { Language, Text } from '../../domain/languages.ts';
import { columnNames, templateColumns } from '../../domain/template-columns.ts';
import { type CellFinding, uploadModes } from '../../domain/upload.ts';
import type { InvalidFile, Refusal } from './readers/invalid-file.ts';

type Words = { code: FindingCode; value?: Text; expected?: Text; fix?: Text };

const both = (zh: string, en: string): Text => ({ 'zh-CN': zh, en });
const same = (text: string): Text => both(text, text);

const readable = same('.xlsx, .csv, .tsv');
const saveAsXlsx = same('.xlsx');
const savedAgain = both('用 Excel 重新另存的 .xlsx', 'a copy saved again as .xlsx');

const requiredHeaders = (language: Language): string =>
  columnNames
    .filter((name) => templateColumns[name].requirement === 'required')
    .map((name) => templateColumns[name].header[language])
    .join(', ');

const words: Readonly<Record<Refusal, Words>> = {
  FILE_EMPTY: { code: 'REQUIRED_MISSING', value: both('空文件', 'an empty file') },
  FILE_TOO_LARGE: {
    code: 'TOO_LONG',
    expected: same('<= 10 MB'),
    fix: both('几个较小的文件', 'several smaller files'),
  },
  FILE_GONE: {
    code: 'REQUIRED_MISSING',
    value: both('文件在读取前已被删除', 'the file was removed before it was read'),
  },
  MODE_UNKNOWN: { code: 'ENUM_UNKNOWN', expected: same(uploadModes.join(', ')) },
  XLS: {
    code: 'TYPE_INVALID',
    value: both('旧版 Excel 文件 (.xls)', 'an Excel 97–2003 file (.xls)'),
    expected: readable,
    fix: saveAsXlsx,
  },
  XLSM: {
    code: 'TYPE_INVALID',
    value: both('带宏的工作簿 (.xlsm)', 'a workbook with macros (.xlsm)'),
    expected: readable,
    fix: saveAsXlsx,
  },
  XLSB: {
    code: 'TYPE_INVALID',
    value: both('二进制工作簿 (.xlsb)', 'a binary workbook (.xlsb)'),
    expected: readable,
    fix: saveAsXlsx,
  },
  ENCRYPTED: {
    code: 'TYPE_INVALID',
    value: both('有密码保护的文件', 'a file protected by a password'),
    expected: readable,
    fix: both('不带密码的 .xlsx', '.xlsx without a password'),
  },
  NOT_A_SPREADSHEET: {
    code: 'TYPE_INVALID',
    value: both('不是表格文件', 'not a spreadsheet'),
    expected: readable,
    fix: saveAsXlsx,
  },
  DAMAGED: { code: 'FORMAT_INVALID', value: both('文件已损坏', 'a damaged file'), fix: savedAgain },
  UNSAFE_XML: {
    code: 'FORMAT_INVALID',
    value: both('含有不允许的 XML 内容', 'XML that is not allowed in a workbook'),
    fix: savedAgain,
  },
  INFLATES_TOO_MUCH: {
    code: 'TOO_LONG',
    value: both('解压后内容过大', 'too much content when unpacked'),
    expected: same('<= 200 MB'),
    fix: savedAgain,
  },
  NO_SHEET: {
    code: 'REQUIRED_MISSING',
    expected: both('名为“订单”的工作表或可见的工作表', 'a sheet named Orders, or a visible one'),
  },
  TOO_MANY_ROWS: {
    code: 'TOO_MANY',
    value: both('行数过多', 'too many rows'),
    fix: both('几个较小的文件', 'several smaller files'),
  },
  TOO_MANY_COLUMNS: {
    code: 'TOO_MANY',
    value: both('列数过多', 'too many columns'),
    fix: both('模板中的列', 'the columns of the template'),
  },
  CELL_TOO_LONG: { code: 'TOO_LONG', value: both('单元格内容过长', 'a cell with too much text') },
  ENCODING_UNREADABLE: { code: 'ENCODING_UNREADABLE' },
  HEADER_MISSING: {
    code: 'REQUIRED_MISSING',
    value: both('前 10 行中没有表头', 'no header in the first 10 rows'),
    expected: { 'zh-CN': requiredHeaders('zh-CN'), en: requiredHeaders('en') },
  },
  DUPLICATE_COLUMN: {
    code: 'ORDER_FIELD_CONFLICT',
    fix: both('同一列只保留一次', 'one column of each kind'),
  },
  NO_ROWS: { code: 'REQUIRED_MISSING', value: both('表头下没有数据行', 'no rows below the header') },
  TOO_MANY_FINDINGS: {
    code: 'TOO_MANY',
    value: both('问题过多', 'too many findings'),
    fix: both('几个较小的文件', 'several smaller files'),
  },
  TOO_SLOW: {
    code: 'TOO_LONG',
    value: both('读取时间过长', 'reading takes too long'),
    fix: both('几个较小的文件', 'several smaller files'),
  },
};

/** A refused file as the finding that tells its sender why, in the upload's language. */
export const fileFinding = (
  { refusal, detail }: Pick<InvalidFile, 'refusal' | 'detail'>,
  language: Language,
): CellFinding => {
  const { code, value, expected, fix } = words[refusal];
  const told = [value?.[language], detail.value]
    .filter((text) => text)
    .join(': ')
    .slice(0, 200);
  const wanted = detail.expected ?? expected?.[language];
  return {
    severity: 'ERROR',
    code,
    ...(detail.cell && { cell: detail.cell }),
    ...(told && { value: told }),
    ...(wanted && { expected: wanted }),
    ...(fix && { suggestion: fix[language] }),
  };
};

/** A fault of ours; sending the file again is safe. */
export const faultFinding = (language: Language): CellFinding => ({
  severity: 'ERROR',
  code: 'PROCESSING_FAULT',
  suggestion: both(
    '重新上传同一文件，已创建的订单不会重复',
    'the same file uploaded again, no order is created twice',
  )[language],
});
