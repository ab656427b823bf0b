import { readSheet } from 'read-excel-file/node';
import { report } from './report.ts';

const [, , file = ''] = process.argv;
const started = performance.now();
const rows = await readSheet(file);
report(started, { rows: rows.length - 1 });
