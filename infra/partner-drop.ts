import { Duration } from 'aws-cdk-lib';
import { AccountRootPrincipal, Effect, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptRisk, logicalIdOf } from './accept-risk.ts';
import type { Documents } from './documents.ts';

/** Filled in by IAM when it decides: the tag of the session, or of the user, that asks. */
const partnerTag = 'aws:PrincipalTag/partnerId';
const ownPrefix = `inbox/\${${partnerTag}}/*`;
const mailPrefixes = 'inbox/*/mail/*';

/**
 * What lets partners drop files into the bucket themselves: whoever carries the tag partnerId may put files below that
 * partner's own prefix and do nothing else. Its mails come by SES alone.
 */
export class PartnerDrop extends Construct {
  readonly roleArn: string;
  readonly policyArn: string;

  constructor(scope: Construct, id: string, { inbox }: Documents) {
    super(scope, id);
    const put = { actions: ['s3:PutObject'] };
    const policy = new ManagedPolicy(this, 'OwnPrefix', {
      description: 'Puts files into the inbox, below the prefix that the tag partnerId names',
      statements: [
        new PolicyStatement({ ...put, resources: [inbox.arnForObjects(ownPrefix)] }),
        new PolicyStatement({
          ...put,
          effect: Effect.DENY,
          resources: [inbox.arnForObjects(mailPrefixes)],
        }),
      ],
    });
    acceptRisk(
      policy,
      `IAM5[Resource::<${logicalIdOf(inbox)}.Arn>/inbox/<${partnerTag}>/*]`,
      'One partner’s prefix of one bucket: the partner is known when a call is decided, the file names are its own.',
    );
    const role = new Role(this, 'Role', {
      description: 'Taken on with the session tag partnerId, to drop files of that partner',
      assumedBy: new AccountRootPrincipal()
        .withConditions({
          StringLike: { 'aws:RequestTag/partnerId': '?*' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['partnerId'] },
        })
        .withSessionTags(),
      managedPolicies: [policy],
      maxSessionDuration: Duration.hours(12),
    });
    this.roleArn = role.roleArn;
    this.policyArn = policy.managedPolicyArn;
  }
}
