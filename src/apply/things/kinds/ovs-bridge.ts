import { PatchlabError } from '../../../errors.js';
import { tryCommand } from '../../command.js';
import { defineThing } from '../define.js';

/** `external_ids:patchlab` of each bridge; nothing where Open vSwitch does not answer. ovs-vsctl(8) `list`; a map is `["map", [[key, value], ...]]` (RFC 7047, 5.1). */
async function readBridges(): Promise<ReadonlyMap<string, string | undefined> | undefined> {
  try {
    const { exitCode, stdout } = await tryCommand([
      ...['ovs-vsctl', '--timeout=5', '--no-wait', '-f', 'json'],
      ...['--columns=name,external_ids', 'list', 'bridge'],
    ]);
    if (exitCode !== 0) return undefined;
    const { data } = JSON.parse(stdout) as {
      data: readonly (readonly [
        string,
        readonly ['map', readonly (readonly [string, string])[]],
      ])[];
    };
    return new Map(data.map(([name, [, ids]]) => [name, new Map(ids).get('patchlab')]));
  } catch (error) {
    if (error instanceof PatchlabError && error.code === 'command/missing') return new Map();
    throw error;
  }
}

/** A bridge of Open vSwitch; `external_ids:patchlab` is the mark. */
export const ovsBridge = defineThing({
  type: 'ovs-bridge',
  noun: 'Open vSwitch bridge',
  mark: (lab) => `its external_ids:patchlab is ${lab}`,
  read: readBridges,
  isOurs: (there: string | undefined, _owned, lab) => there === lab,
  async marked() {
    return [...((await readBridges()) ?? [])].flatMap(([name, lab]) =>
      lab === undefined ? [] : [{ lab, owned: { type: 'ovs-bridge', name } }],
    );
  },
  removal: ({ name }) => ['switches', { tool: 'ovs-vsctl', args: ['del-br', name] }],
});
