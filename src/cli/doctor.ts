import { EXIT } from '../errors.js';
import { doctorAll } from '../apply/doctor/index.js';
import { defineCommand } from './define.js';

export const doctor = defineCommand({
  needsRoot: false,
  examples: [['$0 doctor', 'everything at once']],
  async run(_args, context) {
    const results = await doctorAll({
      signal: context.signal,
      onResult(result) {
        if (context.json) return;
        const sign = result.ok ? 'ok  ' : result.severity === 'error' ? 'FAIL' : 'warn';
        const name = result.arg ? `${result.check} ${result.arg}` : result.check;
        context.print(`${sign}  ${name.padEnd(24)} ${result.found}`);
        if (!result.ok && result.remedy !== undefined) context.print(`      fix: ${result.remedy}`);
      },
    });
    const failed = results.filter(({ ok, severity }) => !ok && severity === 'error');
    const warned = results.filter(({ ok, severity }) => !ok && severity === 'warning');
    if (context.json) context.printJson({ version: 1, results });
    else {
      context.print(
        `${results.length} checks: ${failed.length} failed, ${warned.length} with a warning`,
      );
    }
    return failed.length > 0 ? EXIT.host : EXIT.ok;
  },
});
