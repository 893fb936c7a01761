import { setTimeout as sleep } from 'node:timers/promises';
import { PatchlabError } from '../errors.js';
import type { CommandOf, Where } from '../plan/step.js';
import { commandLine } from '../plan/tools/index.js';
import { commandFailed } from './command.js';
import type { Hosts } from './hosts/define.js';
import { parseIpDevices, type IpDevice } from './ip-devices.js';

/** Milliseconds that a guest has to find a NIC that was plugged in; under emulation it takes less than 0.1 s. */
const DEADLINE = 30_000;
/** Milliseconds between two looks: short at first. */
const PAUSE = { first: 10, factor: 2, most: 500 } as const;
/** Milliseconds for one program in a guest. */
const CALL = 20_000;

/**
 * Wait until a guest's kernel has found a NIC that was plugged in, and give it a name. It is as up or down afterwards
 * as it was before. Needs iproute2 in the guest, and nothing of an image.
 * @param deadline - milliseconds
 * @throws PatchlabError `guest/nic` at the deadline, or where the name belongs to what is no NIC
 */
export async function nameNic(
  hosts: Hosts,
  where: Where,
  { mac, name }: CommandOf<'name-nic'>,
  signal: AbortSignal,
  deadline = DEADLINE,
): Promise<void> {
  const run = (argv: readonly string[], input?: string) =>
    hosts.at(where).run({ argv, netns: where.netns, input, timeout: CALL, signal });
  const end = performance.now() + deadline;
  for (let pause: number = PAUSE.first; ; pause = Math.min(pause * PAUSE.factor, PAUSE.most)) {
    const found = await run(['ip', '-d', '-j', 'link']);
    if (found.exitCode !== 0) throw commandFailed(found);
    const commands = namingOf(parseIpDevices(found.stdout) ?? [], mac, name);
    if (commands?.length === 0) return;
    let why = `Its kernel shows no NIC with this address.`;
    if (commands) {
      const { argv, input } = commandLine(
        'ip',
        commands.map((args) => ({ tool: 'ip', args })),
      );
      const renamed = await run(argv, input);
      if (renamed.exitCode === 0) return;
      // Something else of the guest names NICs too, and was first.
      why = renamed.stderr.trim();
    }
    if (performance.now() > end)
      throw new PatchlabError('guest/nic', {
        what: `NIC ${mac} did not become \`${name}\` in guest ${where.inside ?? ''} within ${deadline / 1000} s.`,
        why,
      });
    await sleep(pause, undefined, { signal });
  }
}

/**
 * The arguments of ip(8), command by command, that give a NIC its name. Another NIC that has the name gives way: it is
 * one that was plugged in too and is going to be named. Pure.
 * @returns nothing where there is no such NIC
 * @throws PatchlabError `guest/nic` where the name belongs to what is no NIC
 */
export function namingOf(
  devices: readonly IpDevice[],
  mac: string,
  name: string,
): readonly (readonly string[])[] | undefined {
  const nic = devices.find((one) => isNic(one) && addressOf(one) === mac);
  if (!nic) return undefined;
  if (nic.ifname === name) return [];
  const holder = devices.find(({ ifname }) => ifname === name);
  if (holder && !isNic(holder))
    throw new PatchlabError('guest/nic', {
      what: `NIC ${mac} cannot be called \`${name}\`: the guest has another device of this name.`,
      why: `It is of kind ${holder.linkinfo?.info_kind ?? 'unknown'}, and was made inside the guest.`,
      fix: `Give it another name: \`patchlab exec NODE ip link set dev ${name} name OTHER\`.`,
    });
  const also = devices.find(({ altnames }) => altnames?.includes(name));
  return [
    ...(also ? [['link', 'property', 'del', 'dev', also.ifname, 'altname', name]] : []),
    ...(holder ? renaming(holder, `pl.${addressOf(holder).replaceAll(':', '')}`) : []),
    ...renaming(nic, name),
  ];
}

/** A device on a bus of the guest: what is made by software says its kind. */
const isNic = ({ linkinfo }: IpDevice): boolean => linkinfo?.info_kind === undefined;

/** A bond gives its members its own address. */
const addressOf = ({ permaddr, address }: IpDevice): string => permaddr ?? address;

/** No kernel before 6.2 renames a device that is up. */
function renaming({ ifname, flags }: IpDevice, name: string): readonly (readonly string[])[] {
  const rename = ['link', 'set', 'dev', ifname, 'name', name];
  if (!flags.includes('UP')) return [rename];
  return [['link', 'set', 'dev', ifname, 'down'], rename, ['link', 'set', 'dev', name, 'up']];
}
