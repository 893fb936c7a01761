import type { KindHere } from '../../apply/doctor/kinds.js';
import { inColumns } from './text.js';

type Row = readonly [name: string, here: string, inGuest: string, needs: string, title: string];

const HEADINGS = { link: 'Links', node: 'Nodes', device: 'Devices in a node', probe: 'Probes' };
const AREAS = ['link', 'node', 'device', 'probe'] as const;

const sign = (has: boolean | null): string => (has === null ? '?' : has ? 'yes' : 'no');

/** What is needed, each once: an option of the kernel, with its module where that has another name. */
const needsOf = (needs: KindHere['needs']): string =>
  needs
    .map(({ check, arg, config, module }) => {
      if (config === null)
        return check === 'command' ? (arg ?? '') : [check, arg].filter(Boolean).join(' ');
      return module === null || module === config.toLowerCase()
        ? `CONFIG_${config}`
        : `CONFIG_${config} (${module})`;
    })
    .join(', ');

const rowsOf = (kind: KindHere): readonly Row[] => [
  [`  ${kind.kind}`, sign(kind.here), sign(kind.inGuest), needsOf(kind.needs), kind.title],
  ...kind.settings.map((one): Row => [
    `    ${one.setting}`,
    ...([sign(one.here), sign(one.inGuest), needsOf(one.needs), ''] as const),
  ]),
];

const HEAD: Row = ['', 'HERE', 'IN A GUEST', 'NEEDS', ''];

/** Every kind by where it is written, with who can build it. */
export function formatKinds(kinds: readonly KindHere[]): string {
  const groups = AREAS.map((area) => ({
    heading: HEADINGS[area],
    rows: kinds.filter((kind) => kind.area === area).flatMap(rowsOf),
  }));
  const rows = groups.flatMap((group) => [[group.heading, ...HEAD.slice(1)], ...group.rows]);
  const unknown = kinds.some(({ here }) => here === null);
  return [
    ...inColumns(rows),
    '',
    'What is not HERE but IN A GUEST works with `patchlab up FILE --in-guest`; `patchlab doctor` says how to mend the rest.',
    ...(unknown ? ['`?`: it takes root to find out.'] : []),
  ].join('\n');
}
