import * as z from 'zod';
import type { Sns } from '../sns/sns.ts';
import type { Integration, TaskContext } from '../states/integration.ts';
import type { As } from './inside-calls.ts';
import { asText, optimized, parseArguments } from './task-arguments.ts';
import { asTaskError, type TaskClient, taskClients } from './task-error.ts';

const attributeSchema = z
  .object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() })
  .transform(({ DataType, StringValue, BinaryValue }) => ({
    Type: DataType,
    Value: StringValue ?? BinaryValue ?? '',
  }));
const publishSchema = z
  .strictObject({
    TopicArn: z.string().optional(),
    TargetArn: z.string().optional(),
    Message: z.json(),
    Subject: z.string().optional(),
    MessageStructure: z.string().optional(),
    MessageAttributes: z.record(z.string(), attributeSchema).optional(),
  })
  .refine(({ TopicArn, TargetArn }) => (TopicArn ?? TargetArn) !== undefined, 'TopicArn is missing');

type Services = { callerOf: (context: TaskContext) => string; publishing: As<Sns['publish']> };

const publish =
  ({ callerOf, publishing }: Services, client: TaskClient): Integration =>
  async (args, context) => {
    const given = parseArguments(publishSchema, args);
    const message = {
      subject: given.Subject,
      text: asText(given.Message),
      structure: given.MessageStructure,
      attributes: given.MessageAttributes,
    };
    const topicArn = given.TopicArn ?? given.TargetArn ?? '';
    const id = await publishing(callerOf(context))(topicArn, message).catch(asTaskError(client));
    return { MessageId: id };
  };

/** Publish for Task states; a message may be any JSON. */
export const snsIntegrations = (services: Services): Record<string, Integration> => ({
  'arn:aws:states:::sns:publish': optimized(publish(services, taskClients.sns)),
  'arn:aws:states:::aws-sdk:sns:publish': publish(services, taskClients.sdkSns),
});
