import { Logger } from '@aws-lambda-powertools/logger';

/** Structured log lines with ids and counts only: events and orders hold personal data and are never logged whole. */
export const logger = new Logger({ serviceName: 'rudan' });
