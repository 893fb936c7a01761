import { LOCAL_PORT, type FieldMatch, type FlowAction, type FlowRule } from './flow.js';

/** How flows are written: ovs-fields(7), ovs-actions(7), ovs-ofctl(8) `Flow Syntax`. */

/** Without a priority: ovs-ofctl(8). */
const PRIORITY = 0x8000;

/** Names that mean the same: ovs-fields(7). */
const ALIASES: Readonly<Record<string, string>> = {
  eth_src: 'dl_src',
  eth_dst: 'dl_dst',
  eth_type: 'dl_type',
  ip_src: 'nw_src',
  ip_dst: 'nw_dst',
  ip_proto: 'nw_proto',
  arp_spa: 'nw_src',
  arp_tpa: 'nw_dst',
  arp_op: 'nw_proto',
};

const type = (value: string): FieldMatch => ({ field: 'dl_type', value });
const protocol = (ether: string, number: string): readonly FieldMatch[] => [
  type(ether),
  { field: 'nw_proto', value: number },
];

/** Words that stand for a protocol. */
const PROTOCOLS: Readonly<Record<string, readonly FieldMatch[]>> = {
  ip: [type('0x0800')],
  ipv6: [type('0x86dd')],
  arp: [type('0x0806')],
  rarp: [type('0x8035')],
  icmp: protocol('0x0800', '1'),
  tcp: protocol('0x0800', '6'),
  udp: protocol('0x0800', '17'),
  icmp6: protocol('0x86dd', '58'),
  tcp6: protocol('0x86dd', '6'),
  udp6: protocol('0x86dd', '17'),
};

/** Other ways to ask for no tag, and for a VLAN. */
const NO_TAG = /^dl_vlan=(0xffff|65535)$|^vlan_(vid|tci)=0(x0+)?$/;
const WITH_VID = /^(?:vlan_vid|vlan_tci(?=.*\/0x1fff$))=(0x1[0-9a-f]{3})(?:\/0x1fff)?$/;

/** What belongs to a flow and says nothing of a frame. */
const SETTINGS: ReadonlySet<string> = new Set([
  ...['table', 'priority', 'cookie', 'idle_timeout', 'hard_timeout', 'importance', 'send_flow_rem'],
  ...['check_overlap', 'reset_counts', 'no_packet_counts', 'no_byte_counts'],
]);

/** Split at commas and spaces outside of parentheses. */
function words(text: string): readonly string[] {
  const found: string[] = [];
  let [depth, word] = [0, ''];
  for (const sign of text) {
    depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
    if (depth === 0 && /[\s,]/.test(sign)) {
      if (word !== '') found.push(word);
      word = '';
    } else word += sign;
  }
  return word === '' ? found : [...found, word];
}

const pair = (word: string): readonly [string, string] => {
  const at = word.indexOf('=');
  return at < 0
    ? [word.toLowerCase(), '']
    : [word.slice(0, at).toLowerCase(), word.slice(at + 1).toLowerCase()];
};

/** What a flow matches and does, apart: `priority=1,in_port=2` and `output:3`. */
export function splitFlow(text: string): { readonly match: string; readonly actions: string } {
  const [match = '', ...actions] = text.trim().split(/[\s,]*actions?=/);
  return { match, actions: actions.join('') };
}

/**
 * Read a flow as ovs-ofctl(8) takes it. What the model does not know stays in it as such. Pure.
 * @param numberOf - the OpenFlow number of a port by its name; nothing where there is no such port
 */
export function parseFlow(
  text: string,
  numberOf: (name: string) => number | undefined = () => undefined,
): FlowRule {
  const { match, actions } = splitFlow(text);
  const fields = words(match).map(pair);
  const setting = (name: string): string | undefined =>
    fields.find(([field]) => field === name)?.[1];
  const port = (name: string): number | undefined => portNumber(name, numberOf);
  return {
    table: Number(setting('table') ?? 0),
    priority: Number(setting('priority') ?? PRIORITY),
    match: fields.flatMap(([field, value]): readonly FieldMatch[] => {
      if (SETTINGS.has(field)) return [];
      if (value === '' && PROTOCOLS[field]) return PROTOCOLS[field];
      if (NO_TAG.test(`${field}=${value}`)) return [{ field: 'vlan_tci', value: '0x0000' }];
      const [, vid] = WITH_VID.exec(`${field}=${value}`) ?? [];
      if (vid !== undefined) return [{ field: 'dl_vlan', value: String(Number(vid) & 0xfff) }];
      if (field === 'in_port') return [{ field, value: String(port(value) ?? value) }];
      return [{ field: ALIASES[field] ?? field, value }];
    }),
    actions: parseActions(actions, numberOf),
    text: text.trim(),
  };
}

/** Read actions as a flow has them after `actions=`. @param numberOf - as `parseFlow` has it */
export const parseActions = (
  text: string,
  numberOf: (name: string) => number | undefined,
): readonly FlowAction[] =>
  words(text).map((word) => parseAction(word.toLowerCase(), (name) => portNumber(name, numberOf)));

const MAC = '((?:[0-9a-f]{2}:){5}[0-9a-f]{2})';
/** `OFPVID_PRESENT` of `vlan_vid`: ovs-fields(7). */
const PRESENT = 0x1000;

type Reader = (
  values: readonly string[],
  port: (name: string) => number | undefined,
) => FlowAction | undefined;

const RESERVED = /^(normal|flood|all|in_port|controller|drop)$/;

/** How actions are written. */
const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^(?:output:)?(normal|flood|all|in_port|controller)$/, ([name]) => ({ do: name as 'normal' })],
  [/^drop$/, () => ({ do: 'drop' })],
  [/^controller[:(].*$/, () => ({ do: 'controller' })],
  [/^(?:strip_vlan|pop_vlan)$/, () => ({ do: 'set-vlan', id: undefined })],
  [/^mod_vlan_vid:(\d+)$/, ([id]) => ({ do: 'set-vlan', id: Number(id) })],
  [
    /^set_field:(0x[0-9a-f]+|\d+)->vlan_vid$/,
    ([id]) => (Number(id) & PRESENT ? { do: 'set-vlan', id: Number(id) & 0xfff } : undefined),
  ],
  [/^group:(\d+)$/, ([id]) => ({ do: 'group', id: Number(id) })],
  [/^push_vlan:(0x[0-9a-f]+)$/, ([tpid]) => ({ do: 'push-vlan', tpid: Number(tpid) })],
  [
    new RegExp(`^mod_dl_(src|dst):${MAC}$`),
    ([which, mac = '']) => ({ do: 'set-mac', which: which as 'src', mac }),
  ],
  [
    new RegExp(`^set_field:${MAC}->(?:dl|eth)_(src|dst)$`),
    ([mac = '', which]) => ({ do: 'set-mac', which: which as 'src', mac }),
  ],
  [
    /^goto_table:(\d+)$/,
    ([table]) => ({ do: 'table', table: Number(table), port: undefined, isCall: false }),
  ],
  [
    /^resubmit\(([\w.-]*),(\d*)\)$|^resubmit:([\w.-]+)$/,
    ([inner = '', table = '', outer = ''], port) => {
      const name = inner === '' ? outer : inner;
      const number = name === '' || name === 'in_port' ? undefined : port(name);
      if (name !== '' && name !== 'in_port' && number === undefined) return undefined;
      const to = table === '' ? undefined : Number(table);
      return { do: 'table', table: to, port: number, isCall: true };
    },
  ],
  [
    /^(?:output:)?([\w.-]+)$/,
    ([name = ''], port) => {
      const number = RESERVED.test(name) ? undefined : port(name);
      return number === undefined ? undefined : { do: 'output', port: number };
    },
  ],
];

function parseAction(word: string, port: (name: string) => number | undefined): FlowAction {
  for (const [form, read] of READERS) {
    const found = form.exec(word);
    const action =
      found &&
      read(
        found.slice(1).map((one: string | undefined) => one ?? ''),
        port,
      );
    if (action) return action;
  }
  return { do: 'unknown', text: word };
}

function portNumber(
  name: string,
  numberOf: (name: string) => number | undefined,
): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  return name === 'local' ? LOCAL_PORT : numberOf(name);
}
