import * as z from 'zod';
import { auditParts } from '../../domain/audit/audit-parts.ts';
import { findingCodeSchema } from '../../domain/findings/finding.ts';
import { statuses } from '../../domain/orders/status.ts';
import { toldFindingSchema } from './finding-resource.ts';

/** RFC 9457 members of every refusal, and those that single types add (docs/errors.md). */
export const problemSchema = z.object({
  type: z.url(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  instance: z.string(),
  requestId: z.string(),
  errors: z
    .array(
      z.object({
        pointer: z.string(),
        code: findingCodeSchema,
        detail: z.string(),
        value: z.string().optional(),
        suggestion: z.string().optional(),
        /** In a spreadsheet. */
        cell: z.string().optional(),
      }),
    )
    .optional(),
  parameters: z.array(z.object({ name: z.string(), detail: z.string().optional() })).optional(),
  limitBytes: z.int().optional(),
  sku: z.string().optional(),
  currentVersion: z.int().optional(),
  existingOrderNumber: z.string().optional(),
  currentStatus: z.enum(statuses).optional(),
  allowed: z.array(z.enum(statuses)).optional(),
  slip: z.enum(['MATCHED', 'MISMATCH', 'NONE']).optional(),
  slipId: z.string().optional(),
  paymentId: z.string().optional(),
  shipmentId: z.string().optional(),
  findingId: z.string().optional(),
  number: z.int().optional(),
  findingStatus: z.enum(['OPEN', 'RESOLVED']).optional(),
  action: z.string().optional(),
  offered: z.array(z.string()).optional(),
  changed: z.array(z.enum(auditParts)).optional(),
  appeared: z.array(toldFindingSchema).optional(),
  gone: z.array(z.object({ code: findingCodeSchema, pointer: z.string() })).optional(),
});

/** A problem told to who has nothing but a link: by neither path nor request can two refusals be told apart. */
export const linkProblemSchema = problemSchema.partial({ instance: true, requestId: true });
