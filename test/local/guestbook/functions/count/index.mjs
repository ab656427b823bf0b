import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const database = new DynamoDBClient();

export const handler = async ({ Records }) => {
  for (const { dynamodb } of Records) {
    await database.send(
      new UpdateItemCommand({
        TableName: process.env.COUNTS,
        Key: { day: { S: dynamodb.NewImage.day.S } },
        UpdateExpression: 'ADD entries :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  }
};
