import { describe, expect, it } from 'vitest';
import { courses } from '../../../src/ip/courses.js';

describe('the courses that a talk may take', () => {
  it('are one where nothing is to be chosen', () => {
    expect(courses(() => 'said')).toEqual(['said']);
  });

  it('are all that choices lead to, first the one in which the first is always chosen', () => {
    const all = courses((choose) => [choose(2), choose(3)].join(''));
    expect(all[0]).toBe('00');
    expect([...all].sort()).toEqual(['00', '01', '02', '10', '11', '12']);
  });

  it('choose only where earlier choices lead to a choice', () => {
    const all = courses((choose) => (choose(2) === 0 ? 'end' : `more ${choose(2)}`));
    expect([...all].sort()).toEqual(['end', 'more 0', 'more 1']);
  });

  it('are not endlessly many', () => {
    expect(courses((choose) => Array.from({ length: 10 }, () => choose(4)))).toHaveLength(8);
  });
});
