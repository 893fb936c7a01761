import { describe, expect, it } from 'vitest';
import { findCheck, hostCheckNames, hostChecks } from '../../../src/apply/doctor/registry.js';

describe('the registry of checks', () => {
  it('has each name once', () => {
    expect(new Set(hostCheckNames).size).toBe(hostChecks.length);
  });

  it.each(hostChecks.map((check) => [check.name, check] as const))(
    'says what breaks without %s',
    (_name, { title, doc }) => {
      expect(title).toMatch(/^[A-Za-z/]/);
      expect(doc).toMatch(/^[A-Z].*\.$/);
    },
  );

  it.each([
    [{ check: 'kernel-kind', arg: 'veth' }, 'kernel-kind'],
    [{ check: 'root' }, 'root'],
    [{ check: 'disk' }, 'disk'],
    [{ check: 'disk', arg: '5' }, 'disk'],
  ])('finds the check for %j', (requirement, name) => {
    expect(findCheck(requirement).name).toBe(name);
  });

  it.each([
    [{ check: 'no-such-check' }, 'no check of the host: no-such-check'],
    [{ check: 'root', arg: 'x' }, 'takes no argument'],
    [{ check: 'command' }, 'needs an argument: name of the program'],
  ])('refuses %j, which is a mistake of the program', (requirement, message) => {
    expect(() => findCheck(requirement)).toThrow(TypeError);
    expect(() => findCheck(requirement)).toThrow(message);
  });
});
