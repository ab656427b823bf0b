/** What was asked for cannot be done as things stand: no such partner, two keys live already. Exit code 1. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The command line itself is wrong. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The cloud is not there or cannot be reached. Exit code 3. */
export class NoCloud extends Error {
  override readonly name = 'NoCloud';
}
