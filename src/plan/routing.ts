import type { Route, RoutingRule } from '../topology/lab.js';
import { TABLES, USUAL_METRIC } from '../topology/tables.js';

/** Routes and rules in the words of ip-route(8) and ip-rule(8). */

const pair = (name: string, value: string | number | undefined): readonly string[] =>
  value === undefined ? [] : [name, String(value)];

/** A route, without what is usual. */
export const routeWords = (route: Route): readonly string[] => {
  const { family, to, type, via, device, src, metric, table } = route;
  return [
    ...(type === 'unicast' ? [] : [type]),
    to,
    ...pair('via', via),
    ...pair('dev', device),
    ...pair('src', src),
    ...pair('metric', metric === USUAL_METRIC[family] ? undefined : metric),
    ...pair('table', table === TABLES.main ? undefined : table),
  ];
};

/** What a rule is for, its place and its table. */
export const ruleWords = ({
  from,
  to,
  iif,
  oif,
  priority,
  table,
}: RoutingRule): readonly string[] => [
  ...pair('from', from ?? 'all'),
  ...pair('to', to),
  ...pair('iif', iif),
  ...pair('oif', oif),
  ...pair('priority', priority),
  ...pair('table', table),
];
