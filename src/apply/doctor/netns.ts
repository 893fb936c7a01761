import { randomBytes } from 'node:crypto';
import { bad, defineCheck, good, saying } from './define.js';

export const netns = defineCheck({
  name: 'netns',
  title: 'Network namespaces can be made',
  doc: 'Every `netns` node is a named network namespace. Containers without CAP_SYS_ADMIN cannot make one, even as root.',
  severity: 'error',
  kernel: () => ({ config: 'NET_NS' }),
  needs: ['ip'],
  async run(_arg, context) {
    const name = `patchlab-doctor-${process.pid}-${randomBytes(4).toString('hex')}`;
    // One process makes and removes it, so that not even a kill of this process leaves it behind.
    const result = await context.run(['ip', '-batch', '-'], {
      input: `netns add ${name}\nnetns del ${name}\n`,
      toTheEnd: true,
    });
    return result.exitCode === 0
      ? good('one was made and removed')
      : bad(
          `\`ip netns add\` failed: ${saying(result)}`,
          'run patchlab as root outside of containers, or in one with --privileged',
        );
  },
});
