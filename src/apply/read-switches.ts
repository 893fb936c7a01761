import { z } from 'zod';
import type { Answers } from '../plan/resources/look.js';
import type { Host } from './hosts/define.js';

/** Open vSwitch as it is read back: ovs-vsctl(8), ovs-ofctl(8). */

/** A set is one value by itself, or `["set", [...]]`; a reference `["uuid", ...]` (RFC 7047, 5.1). */
const uuid = z.tuple([z.literal('uuid'), z.string()]).transform(([, id]) => id);
const uuids = z.union([
  uuid.transform((id) => [id]),
  z.tuple([z.literal('set'), z.array(uuid)]).transform(([, ids]) => ids),
]);
const number = z.union([z.int(), z.tuple([z.literal('set'), z.tuple([])]).transform(() => -1)]);
const table = <T extends z.ZodType>(row: T) => z.object({ data: z.array(row) });

const bridges = table(z.tuple([z.string(), uuids]));
const ports = table(z.tuple([uuid, z.string()]));
const interfaces = table(z.tuple([z.string(), number]));

/** The ports of all bridges; nothing where Open vSwitch does not answer. */
export async function readSwitchPorts(host: Host): Promise<Answers['switchPorts'] | undefined> {
  try {
    const list = async <T>(schema: z.ZodType<T>, columns: string, name: string): Promise<T> => {
      const argv = ['ovs-vsctl', '--timeout=5', '--no-wait', '-f', 'json'];
      const all = [...argv, `--columns=${columns}`, 'list', name];
      return schema.parse(JSON.parse((await host.run({ argv: all })).stdout));
    };
    const [ofBridges, ofPorts, ofInterfaces] = await Promise.all([
      list(bridges, 'name,ports', 'bridge'),
      list(ports, '_uuid,name', 'port'),
      list(interfaces, 'name,ofport', 'interface'),
    ]);
    const names = new Map(ofPorts.data);
    const numbers = new Map(ofInterfaces.data);
    return ofBridges.data.flatMap(([bridge, ids]) =>
      ids.flatMap((id) => {
        const device = names.get(id);
        return device === undefined ? [] : [{ bridge, device, number: numbers.get(device) ?? -1 }];
      }),
    );
  } catch {
    return undefined;
  }
}

/** The flows of bridges. One that is not there has none. @returns nothing where Open vSwitch does not answer */
export async function readFlows(
  names: readonly string[],
  host: Host,
): Promise<Answers['flows'] | undefined> {
  const read = await Promise.all(
    names.map(async (name) => {
      const argv = ['ovs-ofctl', '--timeout=5', '--no-stats', '--no-names', 'dump-flows', name];
      const { exitCode, stdout, stderr } = await host.run({ argv, timeout: 10_000 });
      if (exitCode === 0) return [[name, stdout.split('\n').filter(Boolean)] as const];
      // The database keeps a bridge for which no daemon answers.
      const asked = ['ovs-vsctl', '--timeout=5', '--no-wait', 'br-exists', name];
      if ((await host.run({ argv: asked, timeout: 10_000 })).exitCode === 0)
        throw new Error(stderr);
      return [];
    }),
  ).catch(() => undefined);
  return read && Object.fromEntries(read.flat());
}
