import type { Problem } from '../topology/problem.js';
import type { VmSpec } from './vm-fields.js';

/** What of a virtual machine does not fit together. Paths are relative to the node. Pure. */
export function vmProblems({ disk, guest, persist, cloud_init }: VmSpec): readonly Problem[] {
  const wrong = (field: string, what: string, fix: string): Problem => ({
    ...{ code: 'topology/wrong-value', path: [field], atKey: true, what, fix },
  });
  if (disk !== undefined)
    return guest === undefined
      ? []
      : [
          wrong(
            'guest',
            'A guest boots its `disk` or the image of a template, and here are both.',
            'remove `guest` or `disk`',
          ),
        ];
  const without = (field: string): Problem =>
    wrong(
      field,
      `\`${field}\` is about the system of a \`disk\`, and there is none.`,
      `add \`disk: /PATH/OF/AN/IMAGE\`, or remove \`${field}\``,
    );
  return [
    ...(persist ? [without('persist')] : []),
    ...(cloud_init !== undefined && cloud_init !== false ? [without('cloud_init')] : []),
  ];
}
