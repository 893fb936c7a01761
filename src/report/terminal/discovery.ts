import type { ControllerKind } from '../../controllers/define.js';
import type { PredictedLink } from '../../controllers/discovery.js';
import { wrapText } from './text.js';

/** What a controller would see. */
interface PredictedDiscovery {
  readonly kind: ControllerKind;
  readonly links: readonly PredictedLink[];
}

const SEEN = { seen: 'seen', unseen: 'not seen', random: 'by chance' } as const;

/** Each direction of each link between switches with what becomes of the frames of a controller, as text. */
export function formatDiscovery(
  lab: string,
  { kind, links }: PredictedDiscovery,
  width: number,
): string {
  const head = `${lab}: ${kind.title} discovers links by ${kind.discovers.map(({ name }) => name).join(', ')}`;
  if (links.length === 0) return `${head}\n  There is no way between two ports of its switches.`;
  const names = links.map(({ from, to }) => `${from.label} > ${to.label}`);
  const longest = Math.max(...names.map((name) => name.length));
  return [
    head,
    ...links.flatMap(({ outcome, isCable, by, at, cause }, index): readonly string[] => {
      const where = at ? `: dies at ${at.label}` : ` by ${by.frame.name}`;
      const beyond = isCable ? '' : ', though it is no cable of the file';
      return [
        `  ${(names[index] ?? '').padEnd(longest)}  ${SEEN[outcome]}${where}${beyond}`,
        ...(cause
          ? [
              wrapText('    reason: ', cause.reason, width),
              wrapText('    remedy: ', cause.remedy, width),
            ]
          : []),
      ];
    }),
  ].join('\n');
}

/** The same for machines. */
export const discoveryJson = ({ kind, links }: PredictedDiscovery) => ({
  controller: kind.kind,
  links: links.map(({ from, to, outcome, isCable, by, at, cause }) => ({
    ...{ from: from.label, to: to.label, cable: isCable, outcome, by: by.frame.name },
    ...{ at: at?.label ?? null, reason: cause?.reason ?? null },
    ...{ remedy: cause?.remedy ?? null, source: cause?.source ?? null },
  })),
});
