import { splitGroup } from '../hops/openflow/group.js';
import { splitFlow } from '../hops/openflow/parse-flow.js';

/** Flows and groups as ovs-ofctl(8) takes them, with the numbers of ports in the place of their names. */

type Numbers = ReadonlyMap<string, number>;

/** A port by itself, behind `output:`, or the first word of a resubmission. */
const PORT = /(?<=(?:^|[\s,])(?:output:|resubmit[(:])?)[A-Za-z_][\w.-]*(?=[\s,)]|$)/g;

const numbered =
  (numbers: Numbers) =>
  (word: string): string =>
    String(numbers.get(word) ?? word);

/** A flow with its ports by number, its match and its actions apart. */
export function flowText(text: string, numbers: Numbers) {
  const { match, actions } = splitFlow(text);
  return {
    match: match.replace(/(?<=(?:^|[\s,])in_port=)[^\s,]+/, numbered(numbers)),
    actions: actions.replace(PORT, numbered(numbers)),
  };
}

/** A group with its ports by number. */
export function groupText(text: string, numbers: Numbers): string {
  const { head, buckets } = splitGroup(text);
  return [
    head,
    ...buckets.map(({ settings, actions }) => {
      const watched = settings.replace(/(?<=watch_port[:=])[^\s,]+/, numbered(numbers));
      return `bucket=${watched}actions=${actions.replace(PORT, numbered(numbers))}`;
    }),
  ].join(',');
}
