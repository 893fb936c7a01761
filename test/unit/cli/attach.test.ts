import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { attachLocal } from '../../../src/cli/attach.js';

/** The processes that this one has started, as the kernel lists them. */
const children = (): string =>
  readdirSync('/proc/self/task')
    .map((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8'))
    .join('');

describe('a program with this process’s own input and output', () => {
  it('starts once its signals are taken: one sent at its first line is not lost', async () => {
    const before = children();
    let meanwhile: string | undefined;
    const ended = attachLocal(['true'], true, () => (meanwhile = children()));
    expect(meanwhile).toBe(before);
    expect(children()).not.toBe(before);
    expect((await ended).exitCode).toBe(0);
  });
});
