import * as z from 'zod';

/** One line of text, NFC, trimmed, not empty: nothing that could end a mail header early. */
export const oneLine = (max: number) =>
  z
    .string()
    .normalize()
    .trim()
    .min(1, { error: 'REQUIRED_MISSING' })
    .max(max)
    .regex(/^\P{Cc}*$/u);

/** Text of several lines, NFC. */
export const text = (max: number) =>
  z
    .string()
    .normalize()
    .max(max)
    .regex(/^[\P{Cc}\n\r\t]*$/u);
