import { z } from 'zod';
import { LLDP_GROUP } from '../frames.js';
import { defineController } from '../define.js';

const error = 'write `switch`, an absolute path, or a module such as `os_ken.app.simple_switch_13`';

const app = z
  .string({ error })
  .regex(/^(switch|\/\S+|[A-Za-z_]\w*(\.\w+)+)$/, { error })
  .describe(
    '`switch` forwards by the shortest way over the links that are discovered, and floods by a tree of them; else a program for os-ken: an absolute path, or a module',
  );

/** os-ken, the successor of Ryu: os_ken/topology/switches.py. */
export const osKen = defineController({
  kind: 'os-ken',
  title: 'os-ken',
  doc: `The controller of OpenStack, which went on from Ryu. \`os_ken.topology\` sends an LLDP frame by each port about once a second, to the address that
bridges hand on to nobody: it sees cables, and no link with a bridge or a switch that does not speak to it in the middle. It takes two ports of one switch
that hear each other for no link, and of several switches behind one port it keeps the one that it heard last.`,
  discovers: [LLDP_GROUP],
  ignoresOwn: true,
  source: 'os_ken/topology/switches.py: LLDPPacket.lldp_packet, Switches.lldp_packet_in_handler',
  runs: {
    schema: z.strictObject({
      port: z.int().min(1).max(65535).default(6653).describe('TCP port at which switches reach it'),
      apps: z
        .array(app)
        .default(['switch'])
        .describe('What it runs beside the discovery of links; nothing where the list is empty'),
    }),
    requirements: [{ check: 'command', arg: 'osken-manager' }],
    argv: ({ port, apps }, { templates, report }) => [
      ...['env', 'PYTHONUNBUFFERED=1', 'PYTHONDONTWRITEBYTECODE=1', `PATCHLAB_REPORT=${report}`],
      ...['osken-manager', '--observe-links', '--ofp-tcp-listen-port', String(port)],
      ...['os_ken.topology.switches', `${templates}/os-ken/links.py`],
      ...apps.map((one) => (one === 'switch' ? `${templates}/os-ken/${one}.py` : one)),
    ],
  },
});
