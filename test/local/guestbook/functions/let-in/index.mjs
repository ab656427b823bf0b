export const handler = async ({ authorizationToken, methodArn }) => {
  const [, name] = /^Bearer guest-(\w+)$/.exec(authorizationToken) ?? [];
  if (name === undefined) throw new Error('Unauthorized');
  const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }];
  return { principalId: name, policyDocument: { Version: '2012-10-17', Statement } };
};
