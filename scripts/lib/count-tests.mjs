// count-tests.mjs REPORT EXITCODE: prints "passed failed skipped" of one run of vitest, from its JSON
// report. A file that could not be loaded, and a run that failed outside of a test, count as one
// failure: neither must pass for lack of a failed test.
import { existsSync, readFileSync } from 'node:fs';

const [report, exitCode] = process.argv.slice(2);
const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
const tests = files.flatMap((file) => file.assertionResults);
const broken = files.filter(
  (file) =>
    file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
);

const passed = tests.filter((test) => test.status === 'passed').length;
let failed = tests.filter((test) => test.status === 'failed').length + broken.length;
const skipped = tests.length - passed - (failed - broken.length);
if (failed === 0 && exitCode !== '0') failed = 1;
console.log(passed, failed, skipped);
