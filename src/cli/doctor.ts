import { EXIT, PatchlabError } from '../errors.js';
import { doctorAll } from '../apply/doctor/index.js';
import { defineCommand } from './define.js';
import { isRoot } from './root.js';
import { runHeld } from './rootless.js';

export const doctor = defineCommand({
  needsRoot: false,
  examples: [['$0 doctor', 'everything at once']],
  async run(_args, context) {
    const held = isRoot() ? undefined : await runHeld(context).catch(unlessForbidden);
    if (held !== undefined) return held;
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

/** What a user who is not root may do is checked where labs of his are; where that cannot be, as that user. */
function unlessForbidden(error: unknown): undefined {
  if (!(error instanceof PatchlabError) || error.code !== 'host/no-user-namespaces') throw error;
}
