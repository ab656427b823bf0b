import { writeFile } from 'node:fs/promises';
import writeXlsxFile from 'write-excel-file/node';
import { dayIn, plusDays } from '../domain/values/calendar.ts';

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

const goods = [
  ['CUP-350-BL', '保温杯', '350ml 蓝色', 39.9],
  ['CUP-350-WH', '保温杯', '350ml 白色', 39.9],
  ['MUG-300-WH', '马克杯', '300ml 白色', 19.9],
  ['MUG-300-BK', '马克杯', '300ml 黑色', 19.9],
] as const;

const customers = 400;

/** A line of an order; each order has one of every article, and one customer of some hundreds. */
const rowOf = (index: number, day: string, prefix: string): (string | number)[] => {
  const order = Math.floor(index / goods.length);
  const customer = (order * 7) % customers;
  const [sku, name, specification, price] = goods[index % goods.length] ?? goods[0];
  return [
    `${prefix}-${order}`,
    `示例咖啡馆 ${customer} 店`,
    '张示例',
    '13800138000',
    `c${customer}@example.com`,
    '上海市',
    '上海市',
    '浦东新区',
    `示例路 ${order} 号`,
    '200000',
    day,
    '月结',
    sku,
    name,
    specification,
    (index % 12) + 1,
    '个',
    price,
  ];
};

const cellOf = (value: string | number) =>
  typeof value === 'number' ? { value, type: Number } : { value, type: String };

/** Writes a file of that many order lines, four to an order, whose references begin so; returns its size in bytes. */
export const writeOrderFile = async (
  file: string,
  format: 'xlsx' | 'csv',
  count: number,
  prefix = 'BENCH',
): Promise<number> => {
  const day = plusDays(dayIn('Asia/Shanghai', new Date()), 7);
  const rows = Array.from({ length: count }, (_, index) => rowOf(index, day, prefix));
  const bytes =
    format === 'csv'
      ? Buffer.from([header, ...rows].map((cells) => cells.join(',')).join('\r\n'))
      : await writeXlsxFile(
          [header, ...rows].map((cells) => cells.map(cellOf)),
          {
            sheet: '订单',
          },
        ).toBuffer();
  await writeFile(file, bytes);
  return bytes.length;
};
