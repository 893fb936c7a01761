// count-tests.mjs REPORT EXITCODE TIER...: prints "passed failed skipped tenths" of each tier of one run of vitest, from
// its JSON report: its tests, and the tenths of a second from its first to its last. A file that could not be loaded
// counts as one failure, and so does, at the first tier, a run that failed outside of its tests: neither must pass for
// lack of a failed test.
import { existsSync, readFileSync } from 'node:fs';

const [report, exitCode, ...tiers] = process.argv.slice(2);
const all = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];

function countsOf(tier) {
  const files = all.filter(({ name }) => name.includes(`/test/${tier}/`));
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failed = tests.filter(({ status }) => status === 'failed').length;
  const broken = files.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const begin = Math.min(...files.map(({ startTime }) => startTime));
  const end = Math.max(...files.map(({ endTime }) => endTime));
  return {
    passed,
    failed: failed + broken.length,
    skipped: tests.length - passed - failed,
    tenths: end > begin ? Math.round((end - begin) / 100) : 0,
  };
}

const counts = tiers.map(countsOf);
if (exitCode !== '0' && counts.every(({ failed }) => failed === 0)) counts[0].failed = 1;
for (const { passed, failed, skipped, tenths } of counts) {
  console.log(passed, failed, skipped, tenths);
}
