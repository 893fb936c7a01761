import { bad, defineCheck, good, saying } from './define.js';

export const qemu = defineCheck({
  name: 'qemu',
  title: 'QEMU runs',
  doc: 'Virtual machines are run by `qemu-system-x86_64`. Without it no `vm` node starts.',
  severity: 'error',
  needs: ['qemu-system-x86_64'],
  async run(_arg, context) {
    const result = await context.run(['qemu-system-x86_64', '--version']);
    const version = /version (\S+)/.exec(result.stdout)?.[1];
    return result.exitCode === 0 && version !== undefined
      ? good(`QEMU ${version}`)
      : bad(
          `\`qemu-system-x86_64 --version\` failed: ${saying(result)}`,
          'apt-get install --reinstall qemu-system-x86',
        );
  },
});
