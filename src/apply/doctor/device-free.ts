import { z } from 'zod';
import { PatchlabError } from '../../errors.js';
import { commandFailed } from '../command.js';
import { bad, type CheckContext, defineCheck, good } from './define.js';

const links = z.array(
  z.object({
    ifname: z.string(),
    ifalias: z.string().optional(),
    altnames: z.array(z.string()).optional(),
  }),
);

/** Every device of the host by each of its names, with its alias. */
async function devices(context: CheckContext): Promise<ReadonlyMap<string, string>> {
  const result = await context.run(['ip', '-json', 'link']);
  if (result.exitCode !== 0) throw commandFailed(result);
  const parsed = links.safeParse(JSON.parse(result.stdout));
  if (!parsed.success) {
    throw new PatchlabError('host/unreadable', {
      what: '`ip -json link` did not answer with a list of devices.',
      cause: parsed.error,
    });
  }
  return new Map(
    parsed.data.flatMap(({ ifname, ifalias, altnames = [] }) =>
      [ifname, ...altnames].map((name) => [name, ifalias ?? ''] as const),
    ),
  );
}

export const deviceFree = defineCheck({
  name: 'device-free',
  title: 'Name of a device is free',
  doc: 'A device of the lab cannot be made while the host has another of its name. That one is somebody else’s, or a lab’s that was not taken down.',
  argument: { meaning: 'name of a network device of the host' },
  severity: 'error',
  ofLab: true,
  needs: ['ip'],
  async run(name, context) {
    const alias = (await context.once('devices', () => devices(context))).get(name);
    if (alias === undefined) return good('no device has this name');
    return bad(
      `The host has a device \`${name}\`${alias && ` with the alias \`${alias}\``}.`,
      alias.startsWith('patchlab')
        ? 'take down the lab that the alias names: patchlab down'
        : `rename it if it is yours: ip link set dev ${name} down; ip link set dev ${name} name OTHER`,
    );
  },
});
