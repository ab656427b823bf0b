import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const database = new DynamoDBClient();

export const handler = async () => {
  await database.send(
    new UpdateItemCommand({
      TableName: process.env.COUNTS,
      Key: { day: { S: `open on ${new Date().toISOString().slice(0, 10)}` } },
      UpdateExpression: 'ADD entries :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
};
