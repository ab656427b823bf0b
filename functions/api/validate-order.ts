import * as z from 'zod';
import { isBlocking } from '../../domain/audit/audit-order.ts';
import { askedAtOnce } from '../../domain/findings/bounded-findings.ts';
import type { Finding } from '../../domain/findings/finding.ts';
import { submissionSchema } from '../../domain/submissions/order-schema.ts';
import { catalogueTable } from '../shared/catalogue-table.ts';
import { type CheckOrder, createCheckOrder } from '../shared/check-order.ts';
import { env } from '../shared/env.ts';
import { toldFinding, toldFindingSchema } from '../shared/finding-resource.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { mailDomains } from '../shared/mail-domains.ts';
import type { Operation } from '../shared/operation.ts';
import { partnerIdOf, readOrderBody } from '../shared/order-body.ts';
import { ordersTable } from '../shared/orders-table.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { HttpProblem } from '../shared/problem.ts';
import { stockTable } from '../shared/stock-table.ts';
import { writeValidationToken } from '../shared/validation-token.ts';

const validationSchema = z.object({
  valid: z.boolean(),
  findings: z.array(toldFindingSchema),
  validationToken: z.string().optional(),
  existingOrderNumber: z.string().optional(),
});

export const operation = {
  summary: 'Tells what submitting an order would find; writes nothing',
  body: submissionSchema,
  answers: {
    200: {
      description: 'All findings; the token holds the verdict for 15 minutes',
      schema: validationSchema,
    },
  },
} satisfies Operation;

type Deps = {
  check: CheckOrder;
  partners: Pick<PartnersTable, 'readPartner'>;
  now?: () => Date;
};

/** The reference is taken by an order with other content: submitting would be refused. */
const referenceTaken = (orderNumber: string): Finding => ({
  severity: 'ERROR',
  code: 'DUPLICATE_REFERENCE',
  pointer: '#/customerOrderReference',
  expected: orderNumber,
});

/**
 * POST /v1/orders/validate: what submitting the order would find, by the same checks and without a trace. `valid` means
 * that nothing would refuse or hold it. The token is given unless it would be refused.
 */
export const createValidateOrder =
  ({ check, partners, now = () => new Date() }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const partner = await partners.readPartner(partnerIdOf(request.principal));
    if (!partner) throw new HttpProblem('forbidden');
    const { body, fingerprint } = readOrderBody(request);
    const at = now();
    const checked = await check({ partner, body, source: { kind: 'API' }, at, audit: true });
    const told = (findings: readonly Finding[], more: Record<string, unknown> = {}): HttpAnswer => ({
      status: 200,
      body: {
        valid: !findings.some(isBlocking),
        findings: askedAtOnce(findings).map((finding) => toldFinding(finding, request.language)),
        ...more,
      },
    });
    switch (checked.outcome) {
      case 'duplicate':
        return told([], { existingOrderNumber: checked.orderNumber });
      case 'conflict':
        return told([referenceTaken(checked.orderNumber)], { existingOrderNumber: checked.orderNumber });
      case 'invalid':
        return told(checked.verdict.findings);
      case 'valid': {
        const { verdict } = checked;
        if (!verdict) throw new Error('a validation has a verdict');
        return told(verdict.findings, {
          validationToken: writeValidationToken(verdict, { partner, fingerprint, now: at }),
        });
      }
      default:
        return checked satisfies never;
    }
  };

const timeZoneEnv = env({ COMPANY_TIME_ZONE: z.string() });

const findDeadAddresses = mailDomains();

export const handler = httpHandler((request) => {
  const partners = partnersTable();
  const { check } = createCheckOrder({
    orders: ordersTable(),
    catalogue: catalogueTable(),
    partners,
    stock: stockTable(),
    findDeadAddresses,
    timeZone: () => timeZoneEnv().COMPANY_TIME_ZONE,
  });
  return createValidateOrder({ check, partners })(request);
});
