import exceljs from 'exceljs';
import { report } from './report.ts';

const [, , file = ''] = process.argv;
const started = performance.now();
let rows = 0;
if (file.endsWith('.csv')) {
  // Texts as they are: it would else try every one as a date.
  const sheet = await new exceljs.Workbook().csv.readFile(file, { map: (value: string) => value });
  sheet.eachRow(() => {
    rows += 1;
  });
} else {
  // Its streaming reader: the other one holds the whole workbook.
  const workbook = new exceljs.stream.xlsx.WorkbookReader(file, {
    sharedStrings: 'cache',
    styles: 'cache',
    worksheets: 'emit',
  });
  for await (const sheet of workbook) for await (const row of sheet) rows += row.hasValues ? 1 : 0;
}
report(started, { rows: rows - 1 });
