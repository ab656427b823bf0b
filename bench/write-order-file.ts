import { writeFile } from 'node:fs/promises';
import writeXlsxFile from 'write-excel-file/node';
import { dayIn, plusDays } from '../domain/calendar.ts';

const header = [
  '订单号',
  '客户名称',
  '联系人',
  '联系电话',
  '邮箱',
  '省份',
  '城市',
  '区县',
  '收货地址',
  '邮编',
  '交付日期',
  '付款方式',
  '商品编码',
  '商品名称',
  '规格型号',
  '数量',
  '单位',
  '单价',
];

const linesPerOrder = 4;

const rowOf = (index: number, day: string): string[] => [
  `BENCH-${Math.floor(index / linesPerOrder)}`,
  '示例咖啡馆',
  '张示例',
  '13800138000',
  'c10001@example.com',
  '上海市',
  '上海市',
  '浦东新区',
  `示例路 ${index} 号`.replace(String(index), String(Math.floor(index / linesPerOrder))),
  '200000',
  day,
  '月结',
  'MUG-300-WH',
  '马克杯',
  '300ml 白色',
  '1',
  '个',
  '39.90',
];

/** Writes a file of that many order lines, four to an order; returns its size in bytes. */
export const writeOrderFile = async (
  file: string,
  format: 'xlsx' | 'csv',
  count: number,
): Promise<number> => {
  const day = plusDays(dayIn('Asia/Shanghai', new Date()), 7);
  const rows = Array.from({ length: count }, (_, index) => rowOf(index, day));
  const bytes =
    format === 'csv'
      ? Buffer.from([header, ...rows].map((cells) => cells.join(',')).join('\r\n'))
      : await writeXlsxFile(
          [header, ...rows].map((cells) => cells.map((value) => ({ value, type: String }))),
          { sheet: '订单' },
        ).toBuffer();
  await writeFile(file, bytes);
  return bytes.length;
};
