import type { Problem } from '../findings/finding.ts';
import type { Partner } from '../partner.ts';
import type { Draft } from './read-submission.ts';

/** What a submission is checked against beside itself. */
export type SubmissionContext = { partner: Partner; now: Date; timeZone: string };

/** `isIllFormed` is true for a value that was sent and refused already, and so is no longer in the draft. */
export type CheckContext = SubmissionContext & { isIllFormed: (pointer: string) => boolean };

export type SubmissionCheck = (draft: Draft, context: CheckContext) => Problem[];
