import type { JsonValue } from '../json.ts';

/** An error a caller of the service sees: AWS's code, its message, the HTTP status and what else the error tells. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Readonly<Record<string, JsonValue>>;

  constructor(code: string, message: string, status = 400, details: Record<string, JsonValue> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.details = details;
  }
}
