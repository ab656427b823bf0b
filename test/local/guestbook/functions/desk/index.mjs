export const handler = async ({ requestContext }) => ({
  statusCode: 200,
  body: JSON.stringify({ groups: requestContext.authorizer.claims['cognito:groups'] }),
});
