import { gzipSync } from 'node:zlib';
import type { DeskView } from './desk-view.ts';

/** The orders on the desk that is changed: completed on account, completed and paid, and so on. */
export type Numbers = Record<'account' | 'paid' | 'unpaid' | 'held' | 'cancelled', string>;

type View = DeskView & {
  numbers: Numbers;
  row(pk: string, sk: string): Record<string, unknown>;
  without(pk: string, sk: string): void;
};

/** A desk as it was seen, changed. */
export const changed = (seen: DeskView, numbers: Numbers, change: (view: View) => void): DeskView => {
  const view: View = {
    ...structuredClone(seen),
    numbers,
    row(pk, sk) {
      const found = [...this.orderRows, ...this.stockRows].find((row) => row.pk === pk && row.sk === sk);
      if (!found) throw new Error(`no row ${pk} ${sk}`);
      return found;
    },
    without(pk, sk) {
      this.row(pk, sk);
      this.orderRows = this.orderRows.filter((row) => row.pk !== pk || row.sk !== sk);
      this.stockRows = this.stockRows.filter((row) => row.pk !== pk || row.sk !== sk);
    },
  };
  change(view);
  return view;
};

const state = (view: View, orderNumber: string) => view.row(`ORDER#${orderNumber}`, 'STATE');
const rowsLike = (view: View, pattern: RegExp) =>
  view.orderRows.filter(({ pk, sk }) => pattern.test(`${pk} ${sk}`));
const only = <Value>([value, ...others]: Value[]): Value => {
  if (value === undefined || others.length > 0) throw new Error('expected exactly one');
  return value;
};
export const mailOf = (view: View, orderNumber: string, template: string) =>
  only(rowsLike(view, new RegExp(`^ORDER#${orderNumber} MAIL#${template}#`)));
const executionOf = (view: View, orderNumber: string) =>
  only(view.executions.filter(({ name }) => name === orderNumber));
export const fileOf = (view: View, mail: Record<string, unknown>) =>
  only(view.mailFiles.filter(({ messageId }) => messageId === mail.messageId));
const level = (view: View) => view.row('SKU#MUG-300-WH', 'LEVEL');
const listOf = (view: View, partnerId: string) =>
  only(view.lists.filter((list) => list.partnerId === partnerId)).orderNumbers;

/** What is changed on a desk, and what has to be said about it; `{paid}` stands for the order's number. */
type Violation = [name: string, plant: (view: View) => void, said: string];

export const violations: Record<string, Violation[]> = {
  I1: [
    [
      'a second order of one reference',
      (view) => {
        const copies = rowsLike(view, new RegExp(`^ORDER#${view.numbers.paid} (STATE|CONTENT)`)).map(
          (row) => ({
            ...row,
            pk: 'ORDER#SECOND',
            ...(row.sk === 'STATE' && { orderNumber: 'SECOND' }),
          }),
        );
        view.orderRows.push(...copies);
      },
      '{paid} and SECOND are both REFERENCE#example-mall#PAID',
    ],
    [
      'a reference that names another order',
      (view) => {
        view.row('REFERENCE#example-mall#PAID', 'REFERENCE').orderNumber = view.numbers.unpaid;
      },
      '{paid} is not what REFERENCE#example-mall#PAID names',
    ],
    [
      'an order without its state',
      (view) => view.without(`ORDER#${view.numbers.unpaid}`, 'STATE'),
      'ORDER#{unpaid} CONTENT belongs to no whole order',
    ],
    [
      'an acknowledged order that is gone',
      (view) => view.answers.push({ partnerId: 'example-mall', key: 'LOST', orderNumber: 'LOST-1' }),
      'LOST-1 was acknowledged and is not on file',
    ],
    [
      'one key answered with two orders',
      (view) =>
        view.answers.push({ partnerId: 'example-mall', key: 'key-PAID', orderNumber: view.numbers.unpaid }),
      "example-mall's key key-PAID was answered with {paid} and {unpaid}",
    ],
    [
      'a stored answer that names no order',
      (view) => {
        const row = rowsLike(view, /^IDEMPOTENCY#/)[0];
        if (row) row.response = new Uint8Array(gzipSync(JSON.stringify({ orderNumber: 'GONE-1' })));
      },
      'answers with GONE-1, which is not on file',
    ],
    [
      'a file that was imported twice',
      (view) => {
        const upload = only(rowsLike(view, /^UPLOAD#\S+ UPLOAD$/));
        view.orderRows.push({ ...upload, pk: 'UPLOAD#AGAIN', uploadId: 'AGAIN' });
      },
      'was taken as',
    ],
    [
      'a file that made fewer orders than it tells of',
      (view) => {
        const upload = only(rowsLike(view, /^UPLOAD#\S+ UPLOAD$/));
        Object.assign(upload.counts ?? {}, { created: 2 });
      },
      'tells of 2 orders and made 1',
    ],
    [
      'a file sent again that made orders again',
      (view) => {
        const upload = only(rowsLike(view, /^UPLOAD#\S+ UPLOAD$/));
        upload.duplicateOf = 'EARLIER';
      },
      'repeats EARLIER and made orders',
    ],
  ],
  I2: [
    [
      'stock below zero',
      (view) => Object.assign(level(view), { available: -1 }),
      'SKU#MUG-300-WH LEVEL: available is -1',
    ],
    [
      'stock that left and is still counted',
      (view) => {
        const { onHand, available } = level(view);
        Object.assign(level(view), { onHand: Number(onHand) + 2, available: Number(available) + 2 });
      },
      'SKU#MUG-300-WH LEVEL: onHand is',
    ],
    [
      'stock that is promised and still free',
      (view) => Object.assign(level(view), { available: level(view).onHand }),
      'SKU#MUG-300-WH LEVEL: available is',
    ],
    [
      'stock reserved for nobody',
      (view) => {
        const { reserved, available } = level(view);
        Object.assign(level(view), { reserved: Number(reserved) + 2, available: Number(available) - 2 });
      },
      'SKU#MUG-300-WH LEVEL: reserved is',
    ],
    [
      'a cancelled order that was never released',
      (view) => {
        const { reserved, available } = level(view);
        Object.assign(level(view), { reserved: Number(reserved) + 2, available: Number(available) - 2 });
        const held = view.row(`RESERVATION#${view.numbers.unpaid}`, 'RESERVATION');
        const pk = `RESERVATION#${view.numbers.cancelled}`;
        view.stockRows.push({ ...held, pk, sk: 'RESERVATION', orderNumber: view.numbers.cancelled });
      },
      '{cancelled} (CANCELLED) holds 2 MUG-300-WH, not nothing: RESERVATION#{cancelled}',
    ],
    [
      'an unpaid order whose stock is gone',
      (view) => view.without(`RESERVATION#${view.numbers.unpaid}`, 'RESERVATION'),
      '{unpaid} (PENDING_PAYMENT) holds nothing, not 2 MUG-300-WH: RESERVATION#{unpaid}',
    ],
    [
      'a reservation of no order',
      (view) => {
        view.row(`RESERVATION#${view.numbers.unpaid}`, 'RESERVATION').orderNumber = 'GONE-1';
      },
      'RESERVATION#GONE-1 holds stock for no order',
    ],
  ],
  I3: [
    [
      'an open order whose execution never started',
      (view) => {
        view.executions = view.executions.filter(({ name }) => name !== view.numbers.unpaid);
      },
      '{unpaid} (PENDING_PAYMENT) is open, its execution is missing',
    ],
    [
      'an open order whose execution failed',
      (view) => Object.assign(executionOf(view, view.numbers.held), { status: 'FAILED' }),
      '{held} (ON_HOLD) is open, its execution is FAILED',
    ],
    [
      'a completed order whose execution goes on',
      (view) => Object.assign(executionOf(view, view.numbers.paid), { status: 'RUNNING' }),
      '{paid} (COMPLETED) has ended, its execution is RUNNING',
    ],
    [
      'an execution of no order',
      (view) => view.executions.push({ machine: 'order', name: 'NONE-1', status: 'RUNNING' }),
      'the execution NONE-1 (RUNNING) is of no order',
    ],
    [
      'an open order that the sweep cannot find',
      (view) => Object.assign(state(view, view.numbers.unpaid), { openStatus: undefined }),
      '{unpaid} (PENDING_PAYMENT) stands in the list of open orders as undefined',
    ],
    [
      'an open order that waits for nothing',
      (view) => view.without(`ORDER#${view.numbers.unpaid}`, 'WAIT'),
      '{unpaid} (PENDING_PAYMENT) is open and waits for nothing',
    ],
    [
      'a wait for what is on file',
      (view) => {
        view.row(`ORDER#${view.numbers.unpaid}`, 'WAIT').kind = 'RESOLUTION';
      },
      '{unpaid} (PENDING_PAYMENT) waits for RESOLUTION, which is on file',
    ],
    [
      'findings that nobody counts',
      (view) => Object.assign(state(view, view.numbers.held), { openFindings: 0 }),
      '{held} (ON_HOLD) counts 0 open findings and has 1',
    ],
    [
      'a file that is never done',
      (view) => {
        only(rowsLike(view, /^UPLOAD#\S+ UPLOAD$/)).status = 'PROCESSING';
      },
      '(inbox/example-mall/filed.csv) has not ended',
    ],
    [
      'a failed import',
      (view) => {
        for (const one of view.executions) if (one.machine === 'upload') one.status = 'FAILED';
      },
      'is FAILED',
    ],
  ],
  I4: [
    [
      'a mail that is asked for twice',
      (view) => {
        const mail = mailOf(view, view.numbers.paid, 'completed');
        view.orderRows.push({ ...mail, sk: `${mail.sk}#AGAIN` });
      },
      '{paid}: completed of',
    ],
    [
      'a second confirmation by another event',
      (view) => {
        const mail = mailOf(view, view.numbers.paid, 'invoice-issued');
        view.orderRows.push({ ...mail, sk: `${mail.sk}#2`, event: 'EVENT-000001' });
      },
      '{paid}: invoice-issued to c10001@example.com is asked for more than once',
    ],
    [
      'a mail about nothing that happened',
      (view) => {
        mailOf(view, view.numbers.paid, 'completed').event = 'EVENT-000099';
      },
      'ORDER#{paid} MAIL#completed#',
    ],
    [
      'a customer who is not told',
      (view) =>
        view.without(`ORDER#${view.numbers.paid}`, mailOf(view, view.numbers.paid, 'invoice-issued').sk),
      '{paid}: nobody is told of invoice.issued',
    ],
    [
      'a mail that stays in line',
      (view) => Object.assign(mailOf(view, view.numbers.paid, 'shipped'), { state: 'PENDING' }),
      'was never sent',
    ],
    [
      'a mail that is sent and still in line',
      (view) => Object.assign(mailOf(view, view.numbers.paid, 'shipped'), { openStatus: 'UNSENT_MAIL' }),
      'is sent and still in line',
    ],
    [
      'a mail that is marked and never left',
      (view) => {
        const file = fileOf(view, mailOf(view, view.numbers.paid, 'shipped'));
        view.mailFiles = view.mailFiles.filter((one) => one !== file);
      },
      'is marked as sent and never left',
    ],
    [
      'a mail that left twice without a reason',
      (view) => {
        const file = fileOf(view, mailOf(view, view.numbers.paid, 'shipped'));
        view.mailFiles.push({ ...file, messageId: 'FIRST', at: new Date(file.at.getTime() - 1) });
      },
      'left 2 times, though nothing came between its sending and its mark',
    ],
    [
      'a mail that left twice, long before the mailer was interrupted',
      (view) => {
        const file = fileOf(view, mailOf(view, view.numbers.paid, 'shipped'));
        view.mailFiles.push({ ...file, messageId: 'FIRST', at: new Date(file.at.getTime() - 1) });
        view.interruptions.push(new Date(file.at.getTime() + 3_600_000));
      },
      'left 2 times, though nothing came between its sending and its mark',
    ],
    [
      'a mail that nobody asked for',
      (view) => view.mailFiles.push({ messageId: 'STRAY', reference: '<stray@example.com>', at: new Date() }),
      'the mail <stray@example.com> left and nobody asked for it',
    ],
  ],
  I5: [
    [
      'a gap in the history',
      (view) => view.without(`ORDER#${view.numbers.paid}`, 'EVENT#000002'),
      '{paid} has events 1, 3',
    ],
    [
      'a change without an event',
      (view) => Object.assign(state(view, view.numbers.unpaid), { version: 3 }),
      '{unpaid} is at version 3 after 2 events',
    ],
    [
      'a status that no event tells of',
      (view) => Object.assign(state(view, view.numbers.unpaid), { status: 'PAID', openStatus: 'PAID' }),
      '{unpaid} is PAID, its events end at PENDING_PAYMENT',
    ],
    [
      'a forbidden change of status',
      (view) => Object.assign(view.row(`ORDER#${view.numbers.unpaid}`, 'EVENT#000002'), { to: 'SHIPPED' }),
      '{unpaid} event 2 goes from RECEIVED to SHIPPED',
    ],
    [
      'an event that leaves another status',
      (view) => Object.assign(view.row(`ORDER#${view.numbers.paid}`, 'EVENT#000003'), { from: 'ON_HOLD' }),
      '{paid} event 3 leaves ON_HOLD, but the order was PENDING_PAYMENT',
    ],
    [
      'an amount that is not that of the lines',
      (view) => Object.assign(state(view, view.numbers.unpaid), { payableAmount: 1 }),
      '{unpaid} payable amount: 1 is not 3980 is not 3980',
    ],
    [
      'money that never came',
      (view) => view.without(`ORDER#${view.numbers.paid}`, `PAYMENT#PAY-${view.numbers.paid}`),
      '{paid} received amount: 3980 is not 0',
    ],
    [
      'goods that left unpaid',
      (view) => {
        view.without(`ORDER#${view.numbers.paid}`, `PAYMENT#PAY-${view.numbers.paid}`);
        state(view, view.numbers.paid).receivedAmount = 0;
      },
      '{paid} is COMPLETED with 0 of 3980 paid',
    ],
    [
      'money given up that was not missing',
      (view) => Object.assign(state(view, view.numbers.paid), { writtenOffAmount: 5 }),
      '{paid} paid and written off: 3985 is not 3980',
    ],
    [
      'two invoice numbers of one order',
      (view) => {
        const issued = only(
          rowsLike(view, new RegExp(`^ORDER#${view.numbers.paid} EVENT#`)).filter(
            ({ type }) => type === 'invoice.issued',
          ),
        );
        const { eventCount } = state(view, view.numbers.paid);
        const sequence = Number(eventCount) + 1;
        Object.assign(state(view, view.numbers.paid), { eventCount: sequence, version: sequence });
        const sk = `EVENT#${String(sequence).padStart(6, '0')}`;
        view.orderRows.push({ ...issued, sk, sequence, data: { invoiceNumber: 'INV-2' } });
      },
      'its events issue INV-',
    ],
    [
      'one invoice number of two orders',
      (view) => {
        state(view, view.numbers.paid).invoice = state(view, view.numbers.account).invoice;
      },
      'is the invoice of',
    ],
    [
      'an invoice without a document',
      (view) => {
        view.documents = view.documents.filter((key) => !key.startsWith(`orders/${view.numbers.paid}/INV-`));
      },
      'its documents are none',
    ],
    [
      'a completed order without an invoice',
      (view) => Object.assign(state(view, view.numbers.paid), { invoice: undefined }),
      '{paid} is completed without an invoice',
    ],
    [
      'a parcel that nobody counted',
      (view) => Object.assign(state(view, view.numbers.paid), { parcels: { sent: 0, delivered: 0 } }),
      '{paid} counts 0 parcels and has 1',
    ],
    [
      'more shipped than ordered',
      (view) => Object.assign(state(view, view.numbers.paid), { shipped: { '1': 4 } }),
      '{paid} line 1: more shipped than ordered',
    ],
  ],
  I6: [
    [
      "an order in another partner's list",
      (view) => listOf(view, 'example-flash').push(view.numbers.paid),
      'example-flash is shown {paid}, which is not its own',
    ],
    [
      'an order missing from its partner’s list',
      (view) => listOf(view, 'example-mall').splice(0),
      'example-mall is not shown its own {paid}',
    ],
    [
      'an order indexed for another partner',
      (view) => Object.assign(state(view, view.numbers.paid), { orderPartnerId: 'example-flash' }),
      '{paid} is listed for another partner: ORDER#{paid} STATE',
    ],
    [
      'a mail to the customer of another order',
      (view) => {
        mailOf(view, view.numbers.paid, 'completed').recipient = 'c20002@example.com';
        const content = view.row(`ORDER#${view.numbers.account}`, 'CONTENT').content;
        Object.assign(content ?? {}, { customerEmail: 'c20002@example.com' });
      },
      'tells c20002@example.com of an order that is none of theirs',
    ],
  ],
};
