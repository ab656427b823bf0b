import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const database = new DynamoDBClient();

export const handler = async ({ pathParameters: { id } }) => {
  const { Item } = await database.send(
    new GetItemCommand({ TableName: process.env.ENTRIES, Key: { id: { S: id } } }),
  );
  return Item
    ? { statusCode: 200, body: JSON.stringify({ words: Item.words.S }) }
    : { statusCode: 404, body: '{}' };
};
