import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkOutboundSlip,
  type OutboundSlip,
  outboundSlipSchema,
} from '../../../domain/fulfilment/outbound-slip.ts';
import { exactQuantity } from '../../../domain/values/quantity.ts';
import { aSubmission, aSubmittedLine } from '../../builders/a-submission.ts';
import { aMatchingSlip, anOrder } from '../../builders/an-order.ts';

const skus = ['CUP-350-BL', 'TEA-GREEN', 'BOX-A', 'BOX-B'];

/** Orders of one to six lines, some of one article, some in fractions. */
const anyOrder = fc
  .array(fc.record({ sku: fc.constantFrom(...skus), thousandths: fc.integer({ min: 1, max: 20_000 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((lines) =>
    anOrder({
      submission: {
        lines: lines.map(({ sku, thousandths }, index) =>
          aSubmittedLine({ lineId: String(index + 1), sku, quantity: thousandths / 1000, unitCode: 'KGM' }),
        ),
        totals: undefined,
      },
    }),
  );

const pointersOf = (slip: OutboundSlip, order: Parameters<typeof checkOutboundSlip>[1]): string[] => {
  const check = checkOutboundSlip(outboundSlipSchema.parse(slip), order);
  return check.outcome === 'MATCHED' ? [] : check.findings.map(({ pointer }) => pointer);
};

/** Ways in which a packer errs, and what must be named. */
const mistakes = {
  'a piece too many': (slip: OutboundSlip, at: number) => {
    const line = slip.lines[at % slip.lines.length] ?? slip.lines[0];
    const lines = slip.lines.map((other) =>
      other === line ? { ...other, quantity: exactQuantity(other.quantity + 1) } : other,
    );
    return { slip: { ...slip, lines }, pointer: `#/lines/${line?.sku}/quantity` };
  },
  'a line forgotten': (slip: OutboundSlip, at: number) => {
    const line = slip.lines[at % slip.lines.length] ?? slip.lines[0];
    const rest = slip.lines.filter((other) => other !== line);
    const lines = rest.length > 0 ? rest : [{ sku: 'BOX-Z', quantity: 1 }];
    return { slip: { ...slip, lines }, pointer: `#/lines/${line?.sku}/quantity` };
  },
  'another article packed as well': (slip: OutboundSlip) => ({
    slip: { ...slip, lines: [...slip.lines, { sku: 'BOX-Z', quantity: 1 }] },
    pointer: '#/lines/BOX-Z/quantity',
  }),
  'another recipient': (slip: OutboundSlip) => ({
    slip: { ...slip, recipientName: '李雷' },
    pointer: '#/recipientName',
  }),
  'another house number': (slip: OutboundSlip, at: number) => ({
    slip: { ...slip, address: { ...slip.address, line1: `张江路 ${101 + at} 号 3 幢` } },
    pointer: '#/address/line1',
  }),
  'another city': (slip: OutboundSlip) => ({
    slip: { ...slip, address: { ...slip.address, city: '苏州市' } },
    pointer: '#/address/city',
  }),
  'another postcode': (slip: OutboundSlip, at: number) => ({
    slip: { ...slip, address: { ...slip.address, postalCode: String(201_204 + at) } },
    pointer: '#/address/postalCode',
  }),
  'another country': (slip: OutboundSlip) => ({
    slip: { ...slip, address: { ...slip.address, countryCode: 'JP' } },
    pointer: '#/address/countryCode',
  }),
  'the district left out': (slip: OutboundSlip) => ({
    slip: { ...slip, address: { ...slip.address, district: undefined } },
    pointer: '#/address/district',
  }),
  'a second address line invented': (slip: OutboundSlip) => ({
    slip: { ...slip, address: { ...slip.address, line2: 'B 座' } },
    pointer: '#/address/line2',
  }),
};
const kinds = Object.keys(mistakes) as (keyof typeof mistakes)[];

/** What packers write differently without meaning anything else. */
const rewritten = (slip: OutboundSlip): OutboundSlip => ({
  ...slip,
  recipientName: ` ${slip.recipientName} `,
  address: { ...slip.address, line1: '张江路100号,3幢。', region: 'cn-sh' },
  lines: slip.lines.toReversed().flatMap(({ sku, quantity }) =>
    quantity >= 0.002
      ? [
          { sku, quantity: 0.001, lot: 'LOT-1' },
          { sku, quantity: exactQuantity(quantity - 0.001), lot: 'LOT-2' },
        ]
      : [{ sku, quantity }],
  ),
});

test('300 mistaken slips are all caught, and the mistake is named', () => {
  fc.assert(
    fc.property(anyOrder, fc.constantFrom(...kinds), fc.nat(500), (order, kind, at) => {
      const { slip, pointer } = mistakes[kind](aMatchingSlip(order), at);
      expect(pointersOf(slip, order.content)).toContain(pointer);
    }),
    { numRuns: 300, seed: 20_260_302 },
  );
});

test('300 right slips are never blocked, in whatever order, lots and spacing they are written', () => {
  fc.assert(
    fc.property(anyOrder, fc.boolean(), (order, rewrite) => {
      const slip = aMatchingSlip(order);
      expect(pointersOf(rewrite ? rewritten(slip) : slip, order.content)).toEqual([]);
    }),
    { numRuns: 300, seed: 20_260_302 },
  );
});

test('two mistakes are both named, with what the slip and the order say', () => {
  const order = anOrder();
  const slip = {
    ...aMatchingSlip(order),
    recipientName: '李雷',
    lines: [{ sku: 'CUP-350-BL', quantity: 23 }],
  };
  expect(checkOutboundSlip(slip, order.content)).toEqual({
    outcome: 'MISMATCH',
    findings: [
      {
        severity: 'HOLD',
        code: 'SLIP_MISMATCH',
        pointer: '#/lines/CUP-350-BL/quantity',
        value: '23',
        expected: '24',
      },
      {
        severity: 'HOLD',
        code: 'SLIP_MISMATCH',
        pointer: '#/recipientName',
        value: '李雷',
        expected: '王敏',
      },
    ],
  });
});

describe('numbers in an address', () => {
  test.for([
    ['1 23 Main St', '12 3 Main St'],
    ['1.1 Main St', '11 Main St'],
    ['Unit 1, 23 Main St', 'Unit 12, 3 Main St'],
  ])('%s is not %s', ([packed = '', ordered = '']) => {
    const { delivery } = aSubmission();
    const order = anOrder({
      submission: { delivery: { ...delivery, address: { ...delivery.address, line1: ordered } } },
    });
    const slip = aMatchingSlip(order);
    expect(pointersOf({ ...slip, address: { ...slip.address, line1: packed } }, order.content)).toEqual([
      '#/address/line1',
    ]);
  });
});

test('goods go to the recipient, else the contact, else the buyer', () => {
  const { delivery, buyer } = aSubmission();
  const named = anOrder({ submission: { delivery: { ...delivery, recipientName: '赵六' } } });
  const bare = anOrder({ submission: { buyer: { ...buyer, contact: { email: 'wang@example.com' } } } });
  for (const [order, recipientName] of [
    [named, '赵六'],
    [anOrder(), '王敏'],
    [bare, buyer.name],
  ] as const)
    expect(pointersOf({ ...aMatchingSlip(order), recipientName }, order.content)).toEqual([]);
});
