const offsetDateTime =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|[+-](\d\d):(\d\d))$/;

/** An RFC 3339 timestamp in epoch milliseconds, to the second as Step Functions reads it; undefined for any other text. */
export const parseTimestamp = (text: string): number | undefined => {
  const match = offsetDateTime.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHours = 0, offsetMinutes = 0] =
    match.slice(1).map((digits: string | undefined) => Number(digits ?? 0));
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && offsetHours <= 18 && offsetMinutes <= 59;
  return isDay && isTime ? Math.floor(Date.parse(text) / 1000) * 1000 : undefined;
};
