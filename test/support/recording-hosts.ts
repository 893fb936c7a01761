import type { Host, HostCommand, Hosts } from '../../src/apply/hosts/define.js';
import { hostNameOf } from '../../src/where.js';

/** A command that would have run, and where. */
interface Recorded extends HostCommand {
  readonly host: string;
}

/** Hosts that run nothing: every command succeeds without a word and is written down. */
export function recordingHosts(): Hosts & { readonly commands: readonly Recorded[] } {
  const commands: Recorded[] = [];
  const hosts = new Map<string, Host>();
  const open = (name: string): Host => ({
    name,
    run(command) {
      commands.push({ host: name, ...command });
      return Promise.resolve({ argv: command.argv, exitCode: 0, stdout: '', stderr: '' });
    },
  });
  const named = (host: string): Host => {
    const known = hosts.get(host) ?? open(host);
    hosts.set(host, known);
    return known;
  };
  return {
    commands,
    named,
    at: (where) => named(hostNameOf(where)),
    close: () => Promise.resolve(),
  };
}
