import type { Host } from '../apply/hosts/define.js';
import type { Witness } from '../probes/define.js';
import { shell, START_WITNESS } from './scripts.js';

/** One daemon's name: that of its program and its stack. */
export const nameOf = (witness: Witness): string =>
  `${witness.name}-${witness.stack.id.replaceAll('/', '_')}`;

/** One daemon for each stack, with the devices of all that ask for it. */
function daemonsOf(witnesses: readonly Witness[]) {
  const byName = new Map<string, { witness: Witness; name: string; devices: string[] }>();
  for (const witness of witnesses) {
    const name = nameOf(witness);
    const entry = byName.get(name) ?? { witness, name, devices: [] };
    if (!entry.devices.includes(witness.device)) entry.devices.push(witness.device);
    byName.set(name, entry);
  }
  return [...byName.values()];
}

/**
 * Start the daemons that bear witness on a machine.
 * @returns why they do not run, by `nameOf`; nothing for those that do
 * @throws PatchlabError when the machine cannot be reached
 */
export async function startWitnesses(
  host: Host,
  folder: string,
  witnesses: readonly Witness[],
  limit: number,
): Promise<ReadonlyMap<string, string>> {
  const started = await Promise.all(
    daemonsOf(witnesses).map(async ({ witness, name, devices }) => {
      const { stack } = witness;
      const netns = stack.where.netns ?? '-';
      const { exitCode, stdout, stderr } = await host.run({
        argv: shell(
          START_WITNESS,
          ...[String(limit), folder, name, netns],
          ...witness.daemon(devices),
        ),
        timeout: 20_000,
      });
      const said = (stdout || stderr).trim();
      return [name, exitCode === 0 ? '' : `${witness.name} does not run in ${stack.id}: ${said}`];
    }),
  );
  return new Map(started.flatMap(([name = '', why = '']) => (why === '' ? [] : [[name, why]])));
}
