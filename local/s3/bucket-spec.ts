import type { CorsRule } from './cors.ts';
import type { Encryption } from './records.ts';

/** What a template says of a bucket. */
export type BucketSpec = {
  name: string;
  /** Absent where versions were never kept. */
  versioning?: 'Enabled' | 'Suspended' | undefined;
  /** Whether its events go to EventBridge. */
  eventBridge: boolean;
  /** How objects are encrypted unless their request says how; AES256 when absent. */
  encryption?: Encryption | undefined;
  cors?: CorsRule[] | undefined;
};
