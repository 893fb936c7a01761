import type { Status, StatusHop, StatusLink, StatusNode } from '../../apply/status.js';
import type { StatusDevice } from '../../apply/status-devices.js';
import { shownLines } from '../../shown.js';
import { impairmentText } from '../../topology/impairment.js';
import { formatChanges } from './changes.js';
import { inColumns } from './text.js';
import { shownHost } from '../../where.js';

/** What of a lab is there, as text: a table of devices for each node, then the way of each link. What was not read is a `?`. */
export function formatStatus({ drift, ...given }: Status): string {
  const { lab, state, nodes, links, unread } = shownLines(given);
  return [
    `${lab}: ${state}`,
    ...unread.map((why) => `  not all was read: ${why}`),
    ...nodes.flatMap(nodeLines),
    ...links.flatMap(linkLines),
    ...(drift.length === 0 ? [] : ['  not as it was built; `patchlab up` mends it:']),
    ...formatChanges(drift).map((line) => `  ${line}`),
  ].join('\n');
}

function nodeLines(node: StatusNode): readonly string[] {
  const { name, kind, domain, netns, state, unread, log, ports, devices } = node;
  const rows = [...ports, ...devices].map(rowOf);
  return [
    `  ${name}  ${kind} ${domain ?? netns ?? ''} (${state})`,
    ...(unread === null ? [] : [`    not read: ${unread}`]),
    ...(log === null
      ? []
      : [`    the end of ${log.path}:`, ...log.lines.map((line) => `      ${line}`)]),
    ...(rows.length === 0 ? [] : inColumns([HEAD, ...rows]).map((line) => `    ${line}`)),
    ...[...ports, ...devices].flatMap(({ stack, name: device, differs }) =>
      differs.map((what) => `    DIFFERS ${stack}:${device}: ${what}`),
    ),
  ];
}

const HEAD = ['DEVICE', 'KIND', 'STATE', 'MAC', 'MTU', 'MASTER', 'ADDRESSES'] as const;

/** A device with its inner namespace, as it is written in a file: `c1:eth0`. */
function rowOf(device: StatusDevice): readonly string[] {
  const { stack, name, isPort, state, kind, mac, mtu, master, addresses } = device;
  const namespace = stack.split('/')[1];
  const was = (text: string | number | null): string => String(text ?? NOT_READ);
  return [
    namespace === undefined ? name : `${namespace}:${name}`,
    isPort ? 'port' : (kind ?? NOT_READ),
    state,
    was(mac),
    was(mtu),
    master ?? (state === 'unknown' ? NOT_READ : ''),
    addresses === null ? NOT_READ : addresses.join(' '),
  ];
}

const NOT_READ = '?';

/** Hops of which the way of a cable has at most: more is a segment, with a line for each. */
const CABLE = 6;

function linkLines({ id, kind, state, impaired, hops }: StatusLink): readonly string[] {
  const texts = hops.map(hopText);
  const head = `  ${id}  ${kind}  ${state}`;
  return [
    ...(texts.length <= CABLE
      ? [`${head}: ${texts.join(' > ')}`]
      : [head, ...texts.map((text) => `    ${text}`)]),
    ...impaired.map(
      ({ end, impairment, live }) =>
        `    ${end} sends with ${impairmentText(impairment)}${live ? ', by `patchlab impair`' : ''}`,
    ),
  ];
}

/** A hop by its machine, namespace and name; one that is not there says so. */
function hopText({ host, netns, device, kind, present = null }: StatusHop): string {
  const guest = shownHost(host);
  const place = guest ?? netns;
  const inner = guest === undefined || netns === undefined ? '' : `/${netns}`;
  const sign = present === null ? ', not looked for' : present ? '' : ', GONE';
  return `${place === undefined ? '' : `${place}${inner}:`}${device} (${kind}${sign})`;
}
