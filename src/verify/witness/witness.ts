import { randomUUID } from 'node:crypto';
import type { Host } from '../../apply/hosts/define.js';
import type { Witness } from '../../probes/define.js';
import { inShells } from '../run/jobs.js';
import { shell, startTime } from '../run/scripts.js';
import { ASK_WITNESSES, START_WITNESSES } from './scripts.js';

/** One daemon's name: that of its program and its stack. */
export const nameOf = (witness: Witness): string =>
  `${witness.name}-${witness.stack.id.replaceAll('/', '_')}`;

/** One daemon for each stack, with the devices of all that ask for it. */
function daemonsOf(witnesses: readonly Witness[]) {
  const byName = new Map<string, { witness: Witness; name: string; devices: Set<string> }>();
  for (const witness of witnesses) {
    const name = nameOf(witness);
    const entry = byName.get(name) ?? { witness, name, devices: new Set() };
    entry.devices.add(witness.device);
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
  const daemons = daemonsOf(witnesses);
  if (daemons.length === 0) return new Map();
  const names = daemons.map(({ name }) => name).join(' ');
  const words = daemons.flatMap(({ witness, name, devices }) => {
    const argv = witness.daemon([...devices]);
    const group = witness.group.replaceAll(':', '');
    const netns = witness.stack.where.netns ?? '-';
    return [name, netns, group, [...devices].join(' '), String(argv.length), ...argv];
  });
  const { stdout } = await host.run({
    argv: shell(START_WITNESSES, names, folder, String(limit), ...words),
    timeout: startTime(daemons.length),
  });
  const lines = stdout.split('\n');
  const said = lines.slice(daemons.length).filter((line) => line !== '');
  return new Map(
    daemons.flatMap(({ witness, name }, index) =>
      lines[index] === 'ok'
        ? []
        : [[name, `${witness.name} does not run in ${witness.stack.id}: ${said.at(-1) ?? ''}`]],
    ),
  );
}

/**
 * Ask the daemons what they heard.
 * @returns the answers in the order of the witnesses; `undefined` where one does not answer
 */
export async function askWitnesses(
  host: Host,
  folder: string,
  witnesses: readonly Witness[],
): Promise<readonly (string | undefined)[]> {
  const boundary = randomUUID();
  return inShells(witnesses, async (part) => {
    const words = part.flatMap((one) => [nameOf(one), String(one.ask.length), ...one.ask]);
    const { stdout } = await host.run({
      argv: shell(ASK_WITNESSES, folder, boundary, ...words),
      timeout: 60_000,
    });
    const answers = stdout.split(`${boundary}\n`).slice(1);
    return part.map((_, index) => {
      const answer = answers[index];
      return answer?.startsWith('ok\n') ? answer.slice('ok\n'.length) : undefined;
    });
  });
}
