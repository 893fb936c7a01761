import { EXIT, PatchlabError } from '../errors.js';
import { doctorAll } from '../apply/doctor/index.js';
import { defineCommand, UsageError } from './define.js';
import { isRoot } from './root.js';
import { runHeld } from './rootless.js';

export const doctor = defineCommand<{ readonly sudoers: boolean }>({
  needsRoot: false,
  options: {
    sudoers: {
      type: 'boolean',
      describe:
        'Only print rules of sudoers(5) by which group libvirt runs what stays with root, without being root by them',
    },
  },
  examples: [
    ['$0 doctor', 'everything at once'],
    ['$0 doctor --sudoers', 'what to put into /etc/sudoers.d/patchlab'],
  ],
  async run({ sudoers }, context) {
    if (sudoers) {
      if (context.json) throw new UsageError('Rules of sudoers(5) are a text: leave `--json` out.');
      const { programOfRoot, sudoRules } = await import('./sudoers.js');
      const rules = sudoRules(programOfRoot(process.argv[1] ?? ''));
      context.print(rules.trimEnd());
      return EXIT.ok;
    }
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
