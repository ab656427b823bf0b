const dayMilliseconds = 86_400_000;
/** 9999-12-31, the last day that spreadsheets know. */
const lastSerial = 2_958_466;
/** Between the first days of the two systems. */
export const daysBetweenSystems = 1462;

/**
 * A spreadsheet's serial day as `YYYY-MM-DD`, or with its time to the second as `YYYY-MM-DDTHH:MM:SS` (local, no offset).
 * In the 1900 system the days before March 1900 count one short, since 1900-02-29 is counted; undefined outside the calendar.
 */
export const dateOfSerial = (serial: number, date1904: boolean): string | undefined => {
  if (!(serial >= 1) || serial >= lastSerial) return undefined;
  if (!date1904 && serial >= 60 && serial < 61) return undefined;
  const epoch = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  const instant = new Date(epoch + Math.round((serial * dayMilliseconds) / 1000) * 1000);
  if (Number.isNaN(instant.getTime()) || instant.getUTCFullYear() > 9999) return undefined;
  const [day = '', time = ''] = instant.toISOString().split(/[T.]/);
  return time === '00:00:00' ? day : `${day}T${time}`;
};

/** The serial number of a date or date-time, as decimal text to five places: a second is about 0.00001. */
export const serialOfDate = (date: string, date1904: boolean): string | undefined => {
  const instant = Date.parse(`${date.includes('T') ? date : `${date}T00:00:00`}Z`);
  if (Number.isNaN(instant)) return undefined;
  const days = (instant - Date.UTC(1899, 11, 30)) / dayMilliseconds;
  const serial = date1904 ? days - daysBetweenSystems : days - (days < 61 ? 1 : 0);
  return String(Number(serial.toFixed(5)));
};
