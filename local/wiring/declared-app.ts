import { declaredRestApis } from '../apigateway/declared-rest-apis.ts';
import type { Registry } from '../assembly/registry.ts';
import { declaredTables } from '../dynamodb/declared-tables.ts';
import { declaredFunctions } from '../lambda/declared-functions.ts';
import { declaredMappings } from '../lambda/declared-mappings.ts';
import { declaredMail } from '../ses/declared-mail.ts';
import { declaredReceiptRules } from '../ses/declared-receipt-rules.ts';
import { declaredTopics } from '../sns/declared-topics.ts';
import { declaredBuckets } from './declared-buckets.ts';
import { declaredRules } from './declared-rules.ts';
import { declaredStateMachines } from './declared-state-machines.ts';
import { declaredUserPools } from './declared-user-pools.ts';
import { declaredQueues } from './queue-mappings.ts';

/** Everything the templates declare that the services here take; `notEmulated` names the rest, one line each. */
export const declaredApp = async (registry: Registry, stateDir: string) => {
  const { functions, skipped: otherFunctions } = await declaredFunctions(registry, stateDir);
  const { machines, skipped: otherMachines } = declaredStateMachines(registry);
  const { rules, skipped: otherTargets } = declaredRules(registry);
  const { buckets, skipped: otherNotifications } = declaredBuckets(registry);
  const { apis, skipped: otherMethods } = declaredRestApis(registry);
  const { identities, configurationSets, skipped: otherDestinations } = declaredMail(registry);
  const { rules: receiptRules, skipped: otherReceipts } = declaredReceiptRules(registry);
  const { topics, skipped: otherSubscriptions } = declaredTopics(registry);
  const { values: outputs, unresolved } = registry.outputs();
  const mappings = declaredMappings(registry);
  const otherSources = mappings
    .filter(({ sourceArn }) => !/^arn:aws:(dynamodb|sqs):/.test(sourceArn))
    .map(({ logicalId, sourceArn }) => `AWS::Lambda::EventSourceMapping (${logicalId}): source ${sourceArn}`);
  return {
    functions,
    machines,
    rules,
    buckets,
    apis,
    mappings,
    outputs,
    tables: declaredTables(registry),
    queues: declaredQueues(registry),
    userPools: declaredUserPools(registry),
    mail: { identities, configurationSets },
    receiptRules,
    topics,
    notEmulated: [
      ...registry.notEmulated,
      ...otherFunctions,
      ...otherMachines,
      ...otherTargets,
      ...otherNotifications,
      ...otherMethods,
      ...otherDestinations,
      ...otherReceipts,
      ...otherSubscriptions,
      ...otherSources,
      ...unresolved,
    ],
  };
};
export type DeclaredApp = Awaited<ReturnType<typeof declaredApp>>;
