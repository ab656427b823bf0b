/** List prices of us-east-1 in millionths of a US dollar; read in 2026-11, free tiers ignored. Check before relying on them. */
export const microDollars = {
  /** A state transition of a Standard workflow. */
  transition: 25,
  /** A REST API request. */
  apiRequest: 3.5,
  /** A Lambda request, and 50 ms at 512 MB on arm64. */
  lambdaCall: 0.2 + 0.05 * 0.5 * 13.3334,
  /** A Lambda request alone, and a gigabyte of memory for a second. */
  lambdaRequest: 0.2,
  lambdaGigabyteSecond: 13.3334,
  writeUnit: 0.625,
  readUnit: 0.125,
  s3Put: 5,
  s3Get: 0.4,
  /** One kilobyte of log lines. */
  logKilobyte: 0.5,
  /** A mail to one recipient, on the plan of accounts opened since 2026-07. */
  mail: 160,
} as const;
