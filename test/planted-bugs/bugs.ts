/** A known bug: one text of one file replaced, and the tests that have to notice. */
export type PlantedBug = {
  id: string;
  what: string;
  file: string;
  find: string;
  replace: string;
  tests: readonly string[];
};

/** One at a time is planted by `npm run planted-bugs`; every one has to be caught. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    id: 'oversell',
    what: 'A reservation takes stock without asking whether it is there',
    file: 'functions/shared/stock-table.ts',
    find: "'available >= :quantity'",
    replace: "'attribute_exists(pk)'",
    tests: ['test/shared/stock-table.test.ts'],
  },
  {
    id: 'release-forgotten',
    what: 'A cancelled order keeps its stock',
    file: 'functions/steps/cancel-order.ts',
    find: ', also: stock.release(orderNumber, held) }',
    replace: ', also: [] }',
    tests: ['test/steps/payment-flow.test.ts'],
  },
  {
    id: 'version-ignored',
    what: 'Two changes of one order at once: the later overwrites the earlier',
    file: 'functions/shared/orders-table.ts',
    find: "ConditionExpression: '#version = :version'",
    replace: "ConditionExpression: '#version = :version OR attribute_exists(pk)'",
    tests: ['test/shared/change-order.test.ts'],
  },
  {
    id: 'reference-guard',
    what: 'The same reference of a partner makes a second order',
    file: 'functions/shared/orders-table.ts',
    find: '        putNew({\n          pk: `REFERENCE#',
    replace: '        put({\n          pk: `REFERENCE#',
    tests: ['test/api/place-order.test.ts'],
  },
  {
    id: 'row-twice',
    what: 'A payment, slip or parcel reported twice is written twice',
    file: 'functions/shared/orders-table.ts',
    find: '...(change.newRows ?? []).map(putNew),',
    replace: '...(change.newRows ?? []).map((row) => put(row)),',
    tests: ['test/shared/change-order.test.ts'],
  },
  {
    id: 'refusal-swallowed',
    what: 'A change whose stock was refused is taken as done',
    file: 'functions/shared/change-order.ts',
    find: "    if (changed.outcome === 'condition')",
    replace:
      "    if (changed.outcome === 'condition') return { outcome: 'unchanged', order };\n    if (changed.outcome === 'condition')",
    tests: ['test/shared/change-order.test.ts', 'test/steps/reserve-stock.test.ts'],
  },
  {
    id: 'mark-before-send',
    what: 'A mail is marked as sent before it is sent',
    file: 'functions/mail/send-mail.ts',
    find: '    ({ messageId } = await deps.mailer().send(raw, recipient));',
    replace:
      "    await deps.outbox.markSent(key, 'marked', now);\n    ({ messageId } = await deps.mailer().send(raw, recipient));",
    tests: ['test/mail/send-mail.test.ts'],
  },
  {
    id: 'claim-unguarded',
    what: 'Two mailers take the same mail',
    file: 'functions/shared/mail-outbox.ts',
    find: "UpdateExpression: 'SET #state = :sending, claimedAt = :now',\n        ConditionExpression: isFree,",
    replace:
      "UpdateExpression: 'SET #state = :sending, claimedAt = :now',\n        ConditionExpression: 'attribute_exists(pk) OR ' + isFree,",
    tests: ['test/mail/mail-outbox.test.ts'],
  },
  {
    id: 'wake-lost',
    what: 'A wait does not look whether its answer came before it',
    file: 'functions/shared/waits.ts',
    find: '      await wake(orderNumber);\n',
    replace: '',
    tests: ['test/shared/waits.test.ts'],
  },
  {
    id: 'sweep-starts-nothing',
    what: 'The sweeper passes over an order whose execution a crash kept from starting',
    file: 'functions/schedule/sweep-orders.ts',
    find: '      await executions.start(orderNumber);\n',
    replace: '',
    tests: ['test/schedule/sweep-orders.test.ts'],
  },
  {
    id: 'effect-before-journal',
    what: 'The engine calls a service before the turn that asks for it is on disk',
    file: 'local/states/lane.ts',
    find: '    const record = toRecord(turn);\n',
    replace: '    const record = toRecord(turn);\n    for (const id of turn.touched) activate(id);\n',
    tests: ['test/local/states/restart.test.ts', 'test/local/states/journal.test.ts'],
  },
  {
    id: 'checkpoint-before-function',
    what: 'A stream position is kept before the function has its records',
    file: 'local/dynamodb/stream-mapping.ts',
    find: '    await processorOf(shardId).process(wanted, { shardId });\n',
    replace:
      '    await checkpoints.set(shardId, last.dynamodb.SequenceNumber);\n    await processorOf(shardId).process(wanted, { shardId });\n',
    tests: ['test/local/dynamodb/streams.test.ts'],
  },
];
