import { randomBytes } from 'node:crypto';
import { commandFailed } from '../apply/command.js';
import type { Host } from '../apply/hosts/define.js';

/** What makes a guest that has started from a stored state a guest of its own. */
export interface Identity {
  readonly hostname: string;
  /** The domain's uuid; the machine id is made of it (machine-id(5)). */
  readonly uuid: string;
  /** Its network cards in the order of the domain's XML. */
  readonly nics: readonly { readonly mac: string; readonly name: string }[];
}

/** Name of a network card in a stored state, where no port's name is known yet. */
export const storedNic = (index: number): string => `warm${index}`;

/** Where a stored guest keeps the program of `reseed.ts`. */
export const RESEED = '/run/patchlab-reseed';

/**
 * Tell a guest that has started from a stored state who it is. Its cards have been down until now, so that no
 * frame has left with an address that is not its own.
 * @throws PatchlabError `command/failed`, `guest/agent`
 */
export async function giveIdentity(guest: Host, identity: Identity): Promise<void> {
  const input = identityScript(identity, randomBytes(64).toString('hex'), Date.now());
  const result = await guest.run({ argv: ['sh'], input, timeout: 20_000 });
  if (result.exitCode !== 0) throw commandFailed(result);
}

/**
 * The script that a guest runs, all in one: every call of the agent costs milliseconds.
 * @param seed - text that no other guest gets
 * @param time - milliseconds since 1970; the guest's clock stood still while it was stored
 */
export function identityScript(identity: Identity, seed: string, time: number): string {
  const links = identity.nics.flatMap(({ mac, name }, index) => [
    `link set dev ${storedNic(index)} address ${mac} name ${name}`,
    `link set dev ${name} up`,
  ]);
  return [
    'set -e',
    `echo ${seed} >/dev/urandom`,
    `${RESEED} </dev/urandom`,
    `echo ${identity.hostname} >/proc/sys/kernel/hostname`,
    `echo ${identity.uuid.replaceAll('-', '')} >/etc/machine-id`,
    ...(links.length === 0 ? [] : ["ip -batch - <<'END'", ...links, 'END']),
    `date -s @${Math.round(time / 1000)} >/dev/null`,
    // The shell on the console has the old name in its prompt; init starts another. Nobody waits for that.
    'killall -HUP bash </dev/null >/dev/null 2>&1 &',
    '',
  ].join('\n');
}
