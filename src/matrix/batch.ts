import type { Host, HostCommand, Hosts } from '../apply/hosts/define.js';
import type { CommandResult } from '../apply/command.js';
import { isTrafgen, sendAll } from '../probes/trafgen.js';

/**
 * The same hosts, but what they are to send with trafgen in one turn goes out by one program: a program costs more than
 * a frame does, and in a guest much more.
 */
export function batchingHosts(hosts: Hosts): Hosts {
  const known = new Map<string, Host>();
  return {
    at(where) {
      const host = hosts.at(where);
      const batching = known.get(host.name) ?? batchingHost(host);
      known.set(host.name, batching);
      return batching;
    },
    close: () => hosts.close(),
  };
}

interface Waiting {
  readonly commands: HostCommand[];
  readonly result: Promise<CommandResult>;
}

/** Milliseconds for all frames of a turn. */
const TIME = 120_000;

function batchingHost(host: Host): Host {
  const waiting = new Map<string, Waiting>();
  return {
    name: host.name,
    run(command) {
      if (!isTrafgen(command.argv)) return host.run(command);
      const key = command.netns ?? '';
      const known = waiting.get(key);
      if (known) {
        known.commands.push(command);
        return known.result;
      }
      const commands = [command];
      // All that is to be sent at once has been asked for when the event loop turns.
      const result = new Promise((resolve) => setImmediate(resolve)).then(() => {
        waiting.delete(key);
        const argv = sendAll(commands.map((one) => one.argv));
        return host.run({ argv, netns: command.netns, signal: command.signal, timeout: TIME });
      });
      waiting.set(key, { commands, result });
      return result;
    },
  };
}
