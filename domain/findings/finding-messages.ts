import { columnNames, templateColumns } from '../uploads/template-columns.ts';
import type { Language, Text } from '../values/languages.ts';
import { causeMessages } from './cause-messages.ts';
import type { Finding, FindingCode } from './finding.ts';

type Told = Pick<Finding, 'code' | 'value' | 'expected' | 'suggestion' | 'cause'>;

/** What the two values of a finding are called, where "sent" and "expected" would not be understood. */
const names = {
  sent: { 'zh-CN': ['收到', '应为'], en: ['sent', 'expected'] },
  read: { 'zh-CN': ['读到', '应为'], en: ['read', 'expected'] },
  limit: { 'zh-CN': ['收到', '限制'], en: ['sent', 'allowed'] },
  minimum: { 'zh-CN': ['订购', '至少'], en: ['ordered', 'needed'] },
  choice: { 'zh-CN': ['收到', '可用'], en: ['sent', 'possible'] },
  stock: { 'zh-CN': ['订购', '可用'], en: ['ordered', 'available'] },
  price: { 'zh-CN': ['订单', '我方'], en: ['on the order', 'ours'] },
  money: { 'zh-CN': ['实收', '应收'], en: ['received', 'due'] },
  twin: { 'zh-CN': ['本单', '另一订单'], en: ['this order', 'the other'] },
  slip: { 'zh-CN': ['出库单', '订单'], en: ['on the slip', 'on the order'] },
  more: { 'zh-CN': ['另有', '共'], en: ['more', 'in all'] },
  validity: { 'zh-CN': ['有效期至', '须有效至'], en: ['valid until', 'needed until'] },
} as const satisfies Record<string, Record<Language, readonly [string, string]>>;

type Message = {
  /** What is wrong, without a full stop: the values follow in brackets. */
  sentence: Text;
  names?: keyof typeof names;
  /** What to do when there is no value to suggest. */
  fix?: Text;
  /** True when a suggested value is a guess at what was meant. */
  guesses?: boolean;
};

const message = (zh: string, en: string, more: Omit<Message, 'sentence'> = {}): Message => ({
  sentence: { 'zh-CN': zh, en },
  ...more,
});
const fix = (zh: string, en: string): Text => ({ 'zh-CN': zh, en });

const retypeAsText = fix(
  '请把该列设为文本格式，再重新填写完整内容。',
  'Format the column as text, then type the whole value again.',
);
const fillIn = fix('请补充后重新提交。', 'Fill it in and send the order again.');
const typeTheValue = fix('请填写数值本身，不要填写公式。', 'Type the value itself instead of a formula.');

const splitFile = fix('请把订单分成几个较小的文件上传。', 'Split the orders over several smaller files.');
const requiredHeaders = (language: Language): string =>
  columnNames
    .filter((name) => templateColumns[name].requirement === 'required')
    .map((name) => templateColumns[name].header[language])
    .join(language === 'en' ? ', ' : '、');

const messages: Readonly<Record<FindingCode, Message>> = {
  REQUIRED_MISSING: message('缺少必填内容', 'A required value is missing', { fix: fillIn }),
  UNKNOWN_FIELD: message('没有这个字段', 'There is no such field', {
    names: 'choice',
    guesses: true,
    fix: fix('请核对字段名称，或将其删除。', 'Check how the field is spelt, or leave it out.'),
  }),
  TYPE_INVALID: message('内容的类型不正确', 'The value is of the wrong type'),
  FORMAT_INVALID: message('内容的格式不正确', 'The value is not written in the right form'),
  DATE_AMBIGUOUS: message('日期可以有多种理解', 'The date can be read in more than one way', {
    fix: fix('请写成“年-月-日”，例如 2026-03-09。', 'Write it as year-month-day, such as 2026-03-09.'),
  }),
  DATE_PAST: message('日期已经过去', 'The date has passed', {
    fix: fix('请选择今天或以后的日期。', 'Choose today or a later date.'),
  }),
  DATE_TOO_FAR: message('日期太远', 'The date is too far ahead', {
    fix: fix('请选择较早的日期。', 'Choose an earlier date.'),
  }),
  ENUM_UNKNOWN: message('不是可选的内容', 'This is not one of the possible values', {
    names: 'choice',
    guesses: true,
  }),
  TOO_LONG: message('内容太长', 'The value is too long', {
    names: 'limit',
    fix: fix('请缩短内容。', 'Shorten it.'),
  }),
  TOO_MANY: message('数目超过上限', 'There are too many of these', {
    names: 'limit',
    fix: fix('请分成几个订单提交。', 'Split them over several orders.'),
  }),
  ORDER_FIELD_CONFLICT: message('同一订单的内容互相矛盾', 'Values of the same order contradict each other', {
    fix: fix('请只保留一个，或让各行一致。', 'Keep one of them, or make all rows of the order agree.'),
  }),
  DUPLICATE_LINE_ID: message('行号在订单中重复', 'The line number is used twice in the order', {
    fix: fix('请为每一行使用不同的行号。', 'Give each line its own number.'),
  }),
  DUPLICATE_REFERENCE: message(
    '该订单号已经提交过，内容不同',
    'An order with this reference and other content has been sent before',
    {
      fix: fix('如为新订单，请使用新的订单号。', 'If this is a new order, give it a new reference.'),
    },
  ),
  QUANTITY_NOT_POSITIVE: message('数量必须大于 0', 'The quantity must be greater than 0'),
  QUANTITY_TOO_LARGE: message('数量超过单行上限', 'The quantity is more than one line may have', {
    names: 'limit',
    fix: fix('请核对数量，或联系订单服务台。', 'Check the quantity, or ask the order desk.'),
  }),
  QUANTITY_NOT_WHOLE: message('该单位的数量必须是整数', 'The quantity must be a whole number in this unit', {
    fix: fix('请填写整数，或改用可带小数的单位。', 'Give a whole number, or a unit that has decimals.'),
  }),
  ITEM_IDENTIFIER_MISSING: message('缺少商品编码', 'The line does not say which article it is for', {
    fix: fix(
      '请填写商品编码、客户料号或条码之一。',
      'Give our article number, your own item code or the barcode.',
    ),
  }),
  ITEM_NAME_MISSING: message('缺少商品名称', 'The name of the article is missing', { fix: fillIn }),
  QUANTITY_MISSING: message('缺少数量', 'The quantity is missing', { fix: fillIn }),
  UNIT_PRICE_MISSING: message('缺少单价', 'The unit price is missing', { fix: fillIn }),
  PAYMENT_METHOD_MISSING: message('缺少付款方式', 'The order does not say how it is paid', { fix: fillIn }),
  DELIVERY_DATE_MISSING: message('缺少交付日期', 'The delivery date is missing', { fix: fillIn }),
  ENCODING_UNREADABLE: message('文件的文字编码无法识别', 'The text of the file cannot be read', {
    fix: fix(
      '请另存为 UTF-8 编码的 CSV，或直接上传 XLSX。',
      'Save it as CSV in UTF-8, or upload it as XLSX.',
    ),
  }),
  NUMBER_PRECISION_LOST: message(
    '数字超过 15 位，表格软件已丢失末尾数字',
    'The number has more than 15 digits, so the spreadsheet has lost its last ones',
    {
      names: 'read',
      fix: retypeAsText,
    },
  ),
  LEADING_ZERO_LOST: message(
    '开头的 0 可能已被表格软件去掉',
    'The spreadsheet has probably dropped leading zeros',
    { names: 'read', fix: retypeAsText },
  ),
  FORMULA_NO_VALUE: message('公式没有保存计算结果', 'The formula has no stored result', {
    names: 'read',
    fix: typeTheValue,
  }),
  CELL_ERROR: message('单元格是错误值', 'The cell holds an error', { names: 'read', fix: typeTheValue }),
  NUMBER_IN_TEXT_COLUMN: message(
    '文本列中是数字，已按整数读取',
    'A text column holds a number, which was read as a whole number',
    { names: 'read', fix: retypeAsText },
  ),
  FORMULA_VALUE_USED: message(
    '单元格是公式，已采用其计算结果',
    'The cell holds a formula, whose stored result was used',
    { names: 'read', fix: typeTheValue },
  ),
  FORMULA_TEXT: message('文本像是公式，已按文本保存', 'The text looks like a formula and was kept as text', {
    names: 'read',
    fix: fix('请核对内容，去掉开头的符号。', 'Check the text, and take the sign off its beginning.'),
  }),
  INVISIBLE_CHARACTERS: message(
    '内容含有不可见字符，读取时已去掉',
    'The text held invisible characters, which were taken out',
    { names: 'read', fix: fix('请核对内容，重新输入。', 'Check the text, and type it again.') },
  ),
  DATE_IN_TEXT_COLUMN: message(
    '文本列中是日期，原来的内容可能已被表格软件改写',
    'A text column holds a date, into which a spreadsheet may have turned the text',
    { names: 'read', fix: retypeAsText },
  ),
  DATE_UNLIKELY: message('日期离今天太远', 'The date is a long way from today', {
    names: 'read',
    guesses: true,
    fix: fix('请核对日期的年份。', 'Check the year.'),
  }),
  NUMBER_AMBIGUOUS: message('数字可以有多种理解', 'The number can be read in more than one way', {
    names: 'read',
    fix: fix(
      '请用小数点，不要使用千位分隔符，例如 1234.50。',
      'Write it with a decimal point and without separators, such as 1234.50.',
    ),
  }),
  DISCOUNT_AMBIGUOUS: message('折扣可以有多种理解', 'The discount can be read in more than one way', {
    names: 'read',
    fix: fix('请写成“5%”或“9.5折”。', 'Write it with its sign, such as 5%.'),
  }),
  MERGED_CELL: message('单元格是合并的', 'The cell is merged with others', {
    names: 'read',
    fix: fix('请取消合并，并在每一格填写内容。', 'Unmerge it, and fill in each cell.'),
  }),
  QUOTES_BROKEN: message('字段的引号不成对', 'The quotes of the field are not in pairs', {
    names: 'read',
    fix: fix(
      '请把含有引号、分隔符或换行的内容放在一对引号中，其中的引号写两次；或直接上传 XLSX。',
      'Put text with quotes, separators or line breaks between two quotes, and write each quote in it twice; or upload the file as XLSX.',
    ),
  }),
  RAGGED_ROW: message('该行的字段数与表头不一致', 'The row has not as many fields as the header', {
    fix: fix(
      '请把含有分隔符的内容放在引号中，或直接上传 XLSX。',
      'Put text that contains the separator between quotes, or upload the file as XLSX.',
    ),
  }),
  DUPLICATE_ROW: message(
    '该行与同一订单前面的一行完全相同',
    'The row says the same as an earlier one of its order',
    {
      names: 'read',
      fix: fix('如为重复，请将其删除。', 'Delete it if it was sent twice by mistake.'),
    },
  ),
  REFERENCE_ASSUMED: message(
    '空行之后的行没有订单号，已归入上一订单',
    'The row follows a blank one and has no order reference, so it was taken for the order above',
    { names: 'read', fix: fix('请填写订单号。', 'Fill in its order reference.') },
  ),
  TOTALS_ROW: message('合计行没有作为订单读取', 'A row of totals was not read as a line of an order', {
    names: 'read',
    fix: fix('如为订单内容，请改写该行的文字。', 'If it is an order line, change its wording.'),
  }),
  HEADER_REPEATED: message('表头在文件中再次出现', 'The header stands in the file again', {
    names: 'read',
    fix: fix(
      '请只保留一个表头，并让各行的列与它一致。',
      'Keep one header only, and let the columns of all rows agree with it.',
    ),
  }),
  TEXT_ABOVE_HEADER: message('表头上方的内容没有读取', 'What stands above the header was not read', {
    names: 'read',
    fix: fix('请把它填在表头下的列中。', 'Fill it in below the header, in a column of its own.'),
  }),
  HEADER_REMARK: message('列名中的说明没有读取', 'The remark in the header was not read', {
    names: 'read',
    fix: fix(
      '请核对数值是否按模板的单位填写。',
      'Check that the values are in the units that the template asks for.',
    ),
  }),
  HIDDEN_COLUMN: message('该列被隐藏，但仍已读取', 'The column is hidden and was read all the same', {
    names: 'read',
    fix: fix('如不需要该列，请将其删除。', 'Delete the column if it was not meant to be sent.'),
  }),
  HIDDEN_SHEET: message('工作表被隐藏，但仍已读取', 'The sheet is hidden and was read all the same', {
    names: 'read',
    fix: fix('请取消隐藏，核对后重新上传。', 'Unhide it, check it and upload the file again.'),
  }),
  SHEET_NOT_READ: message(
    '另一个工作表也含有订单，没有读取',
    'Another sheet holds orders too, which were not read',
    {
      names: 'read',
      fix: fix('请把订单放在同一个工作表中。', 'Put all orders on one sheet.'),
    },
  ),
  HIDDEN_ROW: message('该行被隐藏，但仍已读取', 'The row is hidden and was read all the same', {
    fix: fix('如不需要该行，请将其删除。', 'Delete the row if it was not meant to be sent.'),
  }),
  UNKNOWN_COLUMN: message(
    '无法识别该列，内容仅作备注保存',
    'The column is not known; its content was kept as a note',
    { names: 'read', guesses: true },
  ),
  FILE_EMPTY: message('文件是空的', 'The file is empty', {
    fix: fix('请填写订单后重新上传。', 'Fill in your orders and upload the file again.'),
  }),
  FILE_TOO_LARGE: message('文件太大', 'The file is too large', { names: 'limit', fix: splitFile }),
  FILE_CONTENT_TOO_LARGE: message(
    '文件内容太多，无法一次读取',
    'The file holds more than can be read in one go',
    {
      names: 'limit',
      fix: fix(
        '请只保留订单工作表，另存为新的 .xlsx，或分成几个较小的文件上传。',
        'Keep only the sheet of orders in a new .xlsx, or split the orders over several smaller files.',
      ),
    },
  ),
  FILE_REMOVED: message('文件在读取前已被删除', 'The file was removed before it was read', {
    fix: fix(
      '请重新上传，并在收到结果之前保留该文件。',
      'Upload it again, and leave it until you have its result.',
    ),
  }),
  FILE_TYPE_UNSUPPORTED: message('无法读取这种类型的文件', 'Files of this type cannot be read', {
    names: 'choice',
    fix: fix(
      '请用表格软件打开，另存为不带宏的 .xlsx 后重新上传。',
      'Open it in a spreadsheet program, save it as .xlsx without macros and upload that.',
    ),
  }),
  FILE_ENCRYPTED: message('文件有密码保护', 'The file is protected by a password', {
    fix: fix('请取消密码，保存后重新上传。', 'Take the password off, save the file and upload it again.'),
  }),
  FILE_DAMAGED: message('文件已损坏，无法读取', 'The file is damaged and cannot be read', {
    fix: fix(
      '请用表格软件打开并核对内容，另存为新的 .xlsx 后重新上传。',
      'Open it in a spreadsheet program, check its content, save it as a new .xlsx and upload that.',
    ),
  }),
  FILE_TOO_MANY_ROWS: message('文件的行数太多', 'The file has too many rows', {
    names: 'limit',
    fix: splitFile,
  }),
  FILE_TOO_MANY_COLUMNS: message('文件的列数太多', 'The file has too many columns', {
    names: 'limit',
    fix: fix(
      '请删除模板以外的列及其右侧的残留内容。',
      'Delete columns that are not of the template, and stray content to their right.',
    ),
  }),
  FILE_TOO_MANY_FINDINGS: message('文件中的问题太多', 'Too much is wrong in the file', {
    names: 'limit',
    fix: fix(
      '请先以几行订单试运行并更正，再分成几个较小的文件上传。',
      'Try a few rows as a dry run and correct them first, then split the orders over several smaller files.',
    ),
  }),
  MODE_UNKNOWN: message('没有这种上传模式', 'There is no such upload mode', {
    names: 'choice',
    fix: fix(
      '请更正文件元数据中的 mode，或将其删除。',
      'Correct “mode” in the metadata of the file, or leave it out.',
    ),
  }),
  SHEET_MISSING: message('工作簿中没有可读取的工作表', 'The workbook has no sheet to read', {
    fix: fix(
      '请把订单放在名为“订单”的工作表中，并取消隐藏。',
      'Put the orders on a sheet named “Orders” that is not hidden.',
    ),
  }),
  HEADER_MISSING: message('前 10 行中没有表头', 'There is no header in the first 10 rows', {
    fix: fix(
      `请使用模板的表头，必填列为：${requiredHeaders('zh-CN')}。`,
      `Use the header of the template; its required columns are ${requiredHeaders('en')}.`,
    ),
  }),
  ROWS_MISSING: message('表头下没有数据行', 'There are no rows below the header', {
    fix: fix(
      '请在表头下填写订单后重新上传。',
      'Fill in your orders below the header and upload the file again.',
    ),
  }),
  DUPLICATE_COLUMN: message('有两列是同一内容', 'Two columns have the same meaning', {
    names: 'read',
    fix: fix('请只保留其中一列。', 'Keep only one of them.'),
  }),
  CELL_TOO_LONG: message('单元格的字符数太多', 'A cell has too many characters', {
    names: 'limit',
    fix: fix('请缩短该单元格的内容。', 'Shorten the text of the cell.'),
  }),
  UPLOAD_FAULT: message('系统故障中断了文件的处理', 'A fault of ours stopped the processing of the file', {
    fix: fix(
      '请重新上传同一文件，已创建的订单不会重复。',
      'Upload the same file again; no order is created twice.',
    ),
  }),
  CUSTOMER_NAME_MISSING: message('缺少客户名称', 'The name of the customer is missing', { fix: fillIn }),
  CUSTOMER_UNKNOWN: message('客户档案中没有该客户', 'This customer is not on file', {
    guesses: true,
    fix: fix('请核对客户编号。', 'Check the customer number.'),
  }),
  CUSTOMER_AMBIGUOUS: message(
    '联系方式或税号指向不止一个客户',
    'E-mail address, telephone and tax number lead to more than one customer',
    { names: 'choice', fix: fix('请填写客户编号。', 'Give the customer number.') },
  ),
  CUSTOMER_MISMATCH: message(
    '客户编号与客户名称、联系方式都不一致',
    'The customer number belongs to another name and other contact details',
    { names: 'price', fix: fix('请核对客户编号。', 'Check the customer number.') },
  ),
  PHONE_INVALID: message('电话号码无效', 'The telephone number is not valid', {
    fix: fix('请填写带国家代码的号码，例如 +86 开头。', 'Write it with its country code, beginning with +.'),
  }),
  EMAIL_INVALID: message('电子邮箱地址无效', 'The e-mail address is not valid', {
    fix: fix('请核对邮箱地址。', 'Check the e-mail address.'),
  }),
  CONTACT_MISSING: message('缺少联系方式', 'There is no way to reach the customer', {
    fix: fix('请填写电话或电子邮箱。', 'Give a telephone number or an e-mail address.'),
  }),
  CONTACT_BOUNCED: message('发往该邮箱的邮件无法送达', 'Mail to this address does not arrive', {
    fix: fix('请提供其他邮箱地址。', 'Give another e-mail address.'),
  }),
  ADDRESS_INCOMPLETE: message('收货地址不完整', 'The delivery address is incomplete', {
    fix: fix('请补全省、市、区和详细地址。', 'Give street, city, region and postcode.'),
  }),
  ADDRESS_REGION_MISMATCH: message('省市与邮编不一致', 'Region, city and postcode do not belong together', {
    guesses: true,
    fix: fix('请核对收货地址。', 'Check the delivery address.'),
  }),
  POSTCODE_FORMAT: message('邮编格式不正确', 'The postcode is not written as in its country', {
    fix: fix('请核对邮编，中国大陆为 6 位数字。', 'Check the postcode; in mainland China it has 6 digits.'),
  }),
  AREA_NOT_SERVED: message('目前无法配送到该地区', 'We do not deliver to this area', {
    names: 'choice',
    fix: fix('请更换收货地址，或联系订单服务台。', 'Give another delivery address, or ask the order desk.'),
  }),
  SKU_UNKNOWN: message('没有这个商品编码', 'There is no article with this number', {
    guesses: true,
    fix: fix('请核对商品编码。', 'Check the article number.'),
  }),
  SKU_DISCONTINUED: message('该商品已停售', 'The article is no longer sold', {
    fix: fix('请选择其他商品。', 'Choose another article.'),
  }),
  NAME_MISMATCH: message('商品名称与商品编码不一致', 'The name is not that of the article', {
    names: 'price',
  }),
  SPEC_MISSING: message(
    '该商品有多种规格，请注明规格型号',
    'The article comes in several specifications and the line does not say which',
    { names: 'choice' },
  ),
  SPEC_MISMATCH: message('规格型号与商品编码不一致', 'The specification is not that of the article', {
    names: 'price',
  }),
  UNIT_MISMATCH: message('计量单位与商品不一致', 'The unit is not the one the article is sold in', {
    names: 'price',
  }),
  GTIN_CHECK_DIGIT: message('条码的校验位不正确', 'The check digit of the barcode is wrong', {
    fix: fix('请核对条码，或改填商品编码。', 'Check the barcode, or give our article number.'),
  }),
  LIMIT_EXCEEDED: message('超过该商品的限购数量', 'The quantity is more than may be bought of this article', {
    names: 'limit',
    fix: fix('请减少数量，或联系订单服务台。', 'Order less, or ask the order desk.'),
  }),
  QUALIFICATION_MISSING: message('购买该商品需要资质', 'A licence is needed to buy this article', {
    fix: fix('请提供有效的资质编号。', 'Send us the number of a valid licence.'),
  }),
  QUALIFICATION_EXPIRED: message('资质在交付日前已过期', 'The licence runs out before the delivery date', {
    names: 'validity',
    fix: fix('请提供有效的资质。', 'Send us a valid licence.'),
  }),
  STOCK_SHORT: message('库存不足', 'There is not enough in stock', {
    names: 'stock',
    fix: fix(
      '可以等待到货、减少数量或更换商品。',
      'You can wait for new stock, order less or choose another article.',
    ),
  }),
  CUSTOMIZATION_MISSING: message('定制订单缺少定制要求', 'A custom order must say what to make', {
    fix: fix('请填写定制要求。', 'Describe what is to be made.'),
  }),
  MINIMUM_NOT_MET: message('批发订单未达到起订量或起订金额', 'The order is too small for a wholesale order', {
    names: 'minimum',
    fix: fix('请增加数量，或改为普通订单。', 'Order more, or make it a standard order.'),
  }),
  PRICE_MISMATCH: message('单价与我方价格不一致', 'The unit price differs from ours', { names: 'price' }),
  PRICE_MISSING: message('该商品没有适用的价格', 'We have no price for this article in this order', {
    fix: fix('请联系订单服务台报价。', 'Ask the order desk for a quotation.'),
  }),
  DISCOUNT_NOT_ALLOWED: message('折扣不被允许', 'The discount is not allowed', {
    names: 'limit',
    fix: fix('请减少或取消折扣。', 'Reduce the discount or leave it out.'),
  }),
  PROMOTION_INVALID: message('促销码不可用', 'The promotion code cannot be used', {
    fix: fix('请删除促销码，或更换有效的促销码。', 'Leave the code out, or give a valid one.'),
  }),
  LINE_AMOUNT_MISMATCH: message(
    '行金额与“单价 × 数量 − 折扣”不符',
    'The line amount is not unit price × quantity less discount',
  ),
  TOTAL_MISMATCH: message('订单金额与各行合计不符', 'The total does not agree with the lines'),
  CURRENCY_NOT_ALLOWED: message('未约定使用该币种', 'This currency has not been agreed', { names: 'choice' }),
  CREDIT_EXCEEDED: message('超过信用额度', 'The order is more than the credit that is left', {
    names: 'limit',
    fix: fix('请先结清欠款，或改为预付。', 'Settle open invoices, or pay in advance.'),
  }),
  PAYMENT_METHOD_NOT_ALLOWED: message(
    '该类订单不能使用此付款方式',
    'This kind of order cannot be paid for in this way',
    { names: 'choice', fix: fix('请改用其他付款方式。', 'Choose another way to pay.') },
  ),
  PAYMENT_MISMATCH: message('收到的款项与应付金额不符', 'The payment is not the amount due', {
    names: 'money',
    fix: fix('请补足差额，或联系财务。', 'Pay the difference, or ask our finance desk.'),
  }),
  DUPLICATE_SUSPECTED: message(
    '另一订单有相同的客户、商品和收货地址',
    'Another order has the same customer, goods and address',
    {
      names: 'twin',
      fix: fix('如为重复下单，请取消其中一个。', 'If it was ordered twice by mistake, cancel one of them.'),
    },
  ),
  MORE_FINDINGS: message(
    '问题太多，不能一次全部列出，其余在以上问题解决后重新核对时提出',
    'Too much was found to ask it all at once; the rest is asked when these points are settled',
    { names: 'more' },
  ),
  CLARIFICATION_TIMEOUT: message('在期限内没有收到答复', 'No answer arrived in time'),
  SLIP_MISMATCH: message('出库单与订单不一致', 'The outbound slip differs from the order', {
    names: 'slip',
    fix: fix('请按订单重新配货，并提交新的出库单。', 'Pack as ordered, and send a new slip.'),
  }),
  TRACKING_INVALID: message('物流单号无效', 'The tracking number is not valid', {
    fix: fix('请核对物流单号。', 'Check the tracking number.'),
  }),
  DELIVERY_FAILED: message('包裹未能送达', 'The parcel could not be delivered', {
    fix: fix('请与承运商核实，并安排重新派送。', 'Ask the carrier, and arrange a new delivery.'),
  }),
  PROCESSING_FAULT: message(
    '系统处理时发生故障，订单没有丢失',
    'A fault of ours stopped the order; nothing is lost',
    {
      fix: fix(
        '我们会尽快处理，无需重新提交。',
        'We are looking into it; there is no need to send it again.',
      ),
    },
  ),
};

const maxShown = 80;
const shown = (value: string): string => {
  const characters = [...value];
  return characters.length > maxShown ? `${characters.slice(0, maxShown - 1).join('')}…` : value;
};

const bounds: Readonly<Record<string, { day: Text; number: Text }>> = {
  '<=': { day: { 'zh-CN': '不晚于', en: 'no later than' }, number: { 'zh-CN': '最多', en: 'at most' } },
  '>=': { day: { 'zh-CN': '不早于', en: 'no earlier than' }, number: { 'zh-CN': '至少', en: 'at least' } },
};

/** Checks write bounds as `<= 500` and `>= 2026-03-09`; a clerk reads "at most 500" and "no earlier than 2026-03-09". */
const inWords = (expected: string, language: Language): string => {
  const [, sign = '', bound = ''] = /^([<>]=) (.+)$/.exec(expected) ?? [];
  const words = bounds[sign]?.[/^\d{4}-\d{2}-\d{2}/.test(bound) ? 'day' : 'number'][language];
  return words ? `${words} ${bound}` : shown(expected);
};

const valuesOf = (
  { value, expected }: Told,
  [ofValue, ofExpected]: readonly [string, string],
  language: Language,
): string => {
  const [colon, comma] = language === 'en' ? [': ', ', '] : ['：', '，'];
  return [
    ...(value ? [`${ofValue}${colon}${shown(value)}`] : []),
    ...(expected ? [`${ofExpected}${colon}${inWords(expected, language)}`] : []),
  ].join(comma);
};

/** What was found, in one plain sentence that names the value sent, the value expected and the cause where they are known. */
export const findingSentence = (finding: Told, language: Language): string => {
  const { sentence, names: kind = 'sent' } = messages[finding.code];
  const values = valuesOf(finding, names[kind][language], language);
  const cause = finding.cause && causeMessages[finding.cause][language];
  if (language === 'en') return `${sentence.en}${values && ` (${values})`}${cause ? `: ${cause}` : ''}.`;
  return `${sentence['zh-CN']}${values && `（${values}）`}${cause ? `：${cause}` : ''}。`;
};

/** The sentence in every language, for readers whose language is not known. */
export const findingMessage = (finding: Told): Text => ({
  'zh-CN': findingSentence(finding, 'zh-CN'),
  en: findingSentence(finding, 'en'),
});

/** A concrete fix: the suggested value, else what to do; undefined when the sentence itself says it. */
export const suggestionSentence = (finding: Told, language: Language): string | undefined => {
  const { guesses, fix: advice } = messages[finding.code];
  if (!finding.suggestion) return advice?.[language];
  const value = shown(finding.suggestion);
  if (guesses) return language === 'en' ? `Did you mean “${value}”?` : `是否应为“${value}”？`;
  return language === 'en' ? `Change it to “${value}”.` : `请改为“${value}”。`;
};
