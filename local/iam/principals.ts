import type { Principal } from './principal.ts';
import { fixedKeys } from './request-keys.ts';
import type { Role } from './roles.ts';
import { serviceCallingFor } from './services.ts';

// Callers here stand for the SDK's, which speak TLS.
const ofEveryRequest = {
  'aws:SecureTransport': 'true',
  'aws:ViaAWSService': 'false',
  's3:TlsVersion': '1.3',
};

const roleName = (roleArn: string): string => roleArn.split('/').at(-1) ?? roleArn;

/** A session of a role; the role's id is known when the templates have it. */
export const sessionPrincipal = (options: {
  callerArn: string;
  roleArn: string;
  sessionName: string;
  role: Role | undefined;
  accountId: string;
  /** Of the session. */
  tags?: Readonly<Record<string, string>>;
}): Principal => {
  const { callerArn, roleArn, sessionName, role, accountId, tags = {} } = options;
  const name = `arn:aws:sts::${accountId}:assumed-role/${roleName(roleArn)}/${sessionName}`;
  const keys = fixedKeys({
    ...ofEveryRequest,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalArn': roleArn,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalType': 'AssumedRole',
    'aws:ResourceAccount': accountId,
    ...(role && { 'aws:userid': `${role.uniqueId}:${sessionName}` }),
    ...(callerArn.startsWith('arn:aws:lambda:') && { 'lambda:SourceFunctionArn': callerArn }),
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:PrincipalTag/${name}`, value])),
  });
  return { name, arns: [name, roleArn], accountId, service: undefined, keys };
};

/** The operator, as the trust of roles names it. */
export const operatorPrincipal = (operatorArn: string, accountId: string): Principal => ({
  name: operatorArn,
  arns: [operatorArn],
  accountId,
  service: undefined,
  keys: fixedKeys({
    ...ofEveryRequest,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalArn': operatorArn,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalType': 'User',
    'aws:ResourceAccount': accountId,
  }),
});

/** A service that calls by itself, or for the resource that it acts for; undefined where no service does. */
export const servicePrincipal = (caller: string, accountId: string): Principal | undefined => {
  const isService = caller.endsWith('.amazonaws.com');
  const service = isService ? caller : serviceCallingFor(caller);
  if (service === undefined) return undefined;
  const keys = fixedKeys({
    ...ofEveryRequest,
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': service,
    'aws:ResourceAccount': accountId,
    'aws:SourceAccount': accountId,
    ...(!isService && { 'aws:SourceArn': caller }),
  });
  return { name: service, arns: [], accountId, service, keys };
};

/** One who may do nothing: it has no role, and no service acts for it. */
export const unknownPrincipal = (caller: string, accountId: string): Principal => ({
  name: caller,
  arns: [],
  accountId,
  service: undefined,
  keys: fixedKeys(ofEveryRequest),
});
