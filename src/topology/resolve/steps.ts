import type { Plugging } from '../cut.js';
import { linkCalled, type LabLink, type LabStep } from '../lab.js';
import type { Path, Problem } from '../problem.js';
import type { CheckSpec, StepSpec } from '../schema.js';
import { didYouMeanLabel } from '../suggest.js';

/** Is it something that is done between two checks? */
export const isStep = (spec: CheckSpec | StepSpec): spec is StepSpec => 'do' in spec;

/** What is done between the checks of a file, with the links that it names looked up. */
export function resolveSteps(
  specs: readonly (CheckSpec | StepSpec)[],
  links: readonly LabLink[],
  report: (...problems: readonly Problem[]) => void,
): readonly LabStep[] {
  let after = 0;
  return specs.flatMap((spec, index): readonly LabStep[] => {
    if (!isStep(spec)) {
      after += 1;
      return [];
    }
    const path: Path = ['verify', index];
    const [does = '', ...named] = spec.do.split(/\s+/);
    const ids = named.map((name) => {
      const link = linkCalled({ links }, name);
      if (!link) report(unknownLink(name, links, [...path, 'do']));
      return link?.id ?? name;
    });
    const { from, to, within } = spec;
    if ((from === undefined) !== (to === undefined) || (within !== undefined && from === undefined))
      report({
        code: 'topology/wrong-value',
        path,
        what: 'Pings across a step go from one place to another, and this names not both.',
        fix: 'write `from:` and `to:`, or neither of them and no `within:`',
      });
    return [
      {
        ...{ does: does as Plugging, links: [...new Set(ids)], after },
        ...(from !== undefined && to !== undefined && { pings: { from, to, within } }),
      },
    ];
  });
}

const unknownLink = (name: string, links: readonly LabLink[], path: Path): Problem => ({
  code: 'topology/wrong-value',
  path,
  what: `There is no link \`${name}\`.`,
  fix: () =>
    didYouMeanLabel(
      name,
      links.map(({ id }) => id),
    ),
});
