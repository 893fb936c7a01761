import { z } from 'zod';
import { VERSIONS, type FlowRule } from '../hops/openflow/flow.js';
import { parseFlow } from '../hops/openflow/parse-flow.js';
import { flowKey } from '../hops/openflow/same-flow.js';
import type { Answers, OvsColumns } from '../plan/resources/look.js';
import type { Host } from './hosts/define.js';

/** Open vSwitch as it is read back: ovs-vsctl(8), ovs-ofctl(8). */

/** A value of a column: one by itself, `["set", [...]]`, `["map", [[key, value], ...]]`, or a reference `["uuid", ...]` (RFC 7047, 5.1). */
const atom = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.tuple([z.literal('uuid'), z.string()]).transform(([, id]) => id),
]);
const set = z.tuple([z.literal('set'), z.array(atom)]).transform(([, all]) => all);
const map = z.tuple([z.literal('map'), z.array(z.tuple([atom, atom]))]);
const table = z.object({ headings: z.array(z.string()), data: z.array(z.array(z.unknown())) });

/** A row of the database: values by column, those of maps by `COLUMN:KEY`. */
type Row = Readonly<Record<string, readonly (string | number | boolean)[]>>;

function valuesOf(column: string, value: unknown): readonly (readonly [string, Row[string]])[] {
  const ofMap = map.safeParse(value);
  if (ofMap.success) return ofMap.data[1].map(([key, one]) => [`${column}:${key}`, [one]] as const);
  const ofSet = set.safeParse(value);
  return [[column, ofSet.success ? ofSet.data : [atom.parse(value)]]];
}

/** All rows of some tables, each of which is told in a line. @throws Error where the database does not answer */
async function rowsOf(host: Host, ...names: readonly string[]): Promise<readonly Row[][]> {
  const lists = names.flatMap((name) => ['--', 'list', name]);
  const argv = ['ovs-vsctl', '--timeout=5', '--no-wait', '-f', 'json', ...lists];
  const { exitCode, stdout, stderr } = await host.run({ argv });
  if (exitCode !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const { headings, data } = table.parse(JSON.parse(line));
      return data.map((values) =>
        Object.fromEntries(values.flatMap((value, at) => valuesOf(headings[at] ?? '', value))),
      );
    });
}

const textOf = (values: Row[string] | undefined): string => String(values?.[0] ?? '');

/** Several values in brackets, in an order of their own. */
const columnsOf = (row: Row): OvsColumns =>
  Object.fromEntries(
    Object.entries(row).map(([name, values]) => [
      name,
      values.length === 1 ? String(values[0]) : `[${values.toSorted(inOrder).join(',')}]`,
    ]),
  );

const inOrder = (a: unknown, b: unknown): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1;

/** The bridges; nothing where Open vSwitch does not answer. */
export async function readSwitches(host: Host): Promise<Answers['switches'] | undefined> {
  try {
    const [bridges = [], controllers = []] = await rowsOf(host, 'bridge', 'controller');
    const targets = new Map(controllers.map((row) => [textOf(row._uuid), textOf(row.target)]));
    return bridges.map((row) => ({
      name: textOf(row.name),
      columns: columnsOf(row),
      controllers: (row.controller ?? []).flatMap((id) => targets.get(String(id)) ?? []).sort(),
    }));
  } catch {
    return undefined;
  }
}

/** The ports of all bridges; nothing where Open vSwitch does not answer. */
export async function readSwitchPorts(host: Host): Promise<Answers['switchPorts'] | undefined> {
  try {
    const [bridges = [], ports = [], interfaces = []] = await rowsOf(
      host,
      ...['bridge', 'port', 'interface'],
    );
    const byId = new Map(ports.map((row) => [textOf(row._uuid), row]));
    const byName = new Map(interfaces.map((row) => [textOf(row.name), row]));
    return bridges.flatMap((bridge) =>
      (bridge.ports ?? []).flatMap((id) => {
        const port = byId.get(String(id));
        if (!port) return [];
        const device = textOf(port.name);
        const its = byName.get(device) ?? {};
        return [
          {
            ...{ bridge: textOf(bridge.name), device, number: Number(its.ofport?.[0] ?? -1) },
            ...{ ofInterface: columnsOf(its), ofPort: columnsOf(port) },
          },
        ];
      }),
    );
  } catch {
    return undefined;
  }
}

/** The mirrors of all bridges; nothing where Open vSwitch does not answer. */
export async function readMirrors(host: Host): Promise<Answers['mirrors'] | undefined> {
  try {
    const [bridges = [], ports = [], mirrors = []] = await rowsOf(host, 'bridge', 'port', 'mirror');
    const names = new Map(ports.map((row) => [textOf(row._uuid), textOf(row.name)]));
    const portsIn = (ids: Row[string] = []) => ids.flatMap((id) => names.get(String(id)) ?? []);
    return bridges.flatMap((bridge) =>
      (bridge.mirrors ?? []).flatMap((id) => {
        const row = mirrors.find(({ _uuid }) => textOf(_uuid) === String(id));
        if (!row) return [];
        const [outputPort] = portsIn(row.output_port);
        const [outputVlan] = row.output_vlan ?? [];
        return [
          {
            ...{ bridge: textOf(bridge.name), name: textOf(row.name) },
            all: row.select_all?.[0] === true,
            src: portsIn(row.select_src_port).sort(),
            dst: portsIn(row.select_dst_port).sort(),
            vlans: (row.select_vlan ?? []).map(Number).toSorted((a, b) => a - b),
            ...(outputPort !== undefined && { outputPort }),
            ...(outputVlan !== undefined && { outputVlan: Number(outputVlan) }),
          },
        ];
      }),
    );
  } catch {
    return undefined;
  }
}

/** What `ovs-ofctl dump-flows` tells of one bridge. */
const flowsIn = (text: string): ReadonlyMap<string, FlowRule> =>
  new Map(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => parseFlow(line))
      .map((flow) => [flowKey(flow), flow]),
  );

/** The flows of bridges. One that is not there has none. @returns nothing where Open vSwitch does not answer */
export const readFlows = (
  names: readonly string[],
  host: Host,
): Promise<Answers['flows'] | undefined> => dumped(names, host, 'dump-flows', flowsIn);

/** What `ovs-ofctl dump-groups` tells of one bridge, after a line that says what it is. */
const groupsIn = (text: string): ReadonlyMap<number, string> =>
  new Map(
    Array.from(text.matchAll(/^ *(group_id=(\d+),.*)$/gm), ([, line = '', id]) => [
      Number(id),
      line,
    ]),
  );

/** The same of their groups. */
export const readGroups = (
  names: readonly string[],
  host: Host,
): Promise<Answers['groups'] | undefined> => dumped(names, host, 'dump-groups', groupsIn);

async function dumped<T>(
  names: readonly string[],
  host: Host,
  command: string,
  read: (text: string) => T,
): Promise<Readonly<Record<string, T>> | undefined> {
  const answers = await Promise.all(
    names.map(async (name) => {
      const options = ['--timeout=5', '-O', VERSIONS, '--no-stats', '--no-names'];
      const argv = ['ovs-ofctl', ...options, command, name];
      const { exitCode, stdout, stderr } = await host.run({ argv, timeout: 10_000 });
      if (exitCode === 0) return [[name, read(stdout)] as const];
      // The database keeps a bridge for which no daemon answers.
      const asked = ['ovs-vsctl', '--timeout=5', '--no-wait', 'br-exists', name];
      if ((await host.run({ argv: asked, timeout: 10_000 })).exitCode === 0)
        throw new Error(stderr);
      return [];
    }),
  ).catch(() => undefined);
  return answers && Object.fromEntries(answers.flat());
}
