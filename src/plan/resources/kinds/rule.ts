import { defineResource, ip } from '../define.js';

interface RuleState {
  /** In the words of ip-rule(8). */
  readonly words: readonly string[];
  readonly family: 4 | 6;
}

const act = (verb: 'add' | 'del') => {
  return ({ words, family }: RuleState) => [
    ip(...(family === 6 ? ['-6'] : []), 'rule', verb, ...words),
  ];
};

/** A rule that says which table of routes is looked into: ip-rule(8). */
export const rule = defineResource<RuleState>({
  type: 'rule',
  noun: 'rule',
  stage: () => 'inside',
  make: act('add'),
  remove: act('del'),
});
