import { describe, expect, it } from 'vitest';
import { lackOf } from '../../../src/apply/doctor/require.js';
import type { CheckResult } from '../../../src/apply/doctor/define.js';

const result = (rest: Partial<CheckResult>): CheckResult => ({
  check: 'command',
  ok: false,
  severity: 'error',
  found: 'It is not there.',
  ms: 1,
  ...rest,
});

describe('lackOf', () => {
  it('is no error where all is well or only a warning', () => {
    expect(lackOf([result({ ok: true }), result({ severity: 'warning' })])).toBeUndefined();
  });

  it('says the only lack itself', () => {
    const error = lackOf([result({ arg: 'ip', remedy: 'apt-get install iproute2' })]);
    expect(error).toMatchObject({
      code: 'host/lacks',
      exitCode: 4,
      what: 'command:ip: It is not there.',
      fix: 'apt-get install iproute2',
      others: [],
    });
  });

  it('lists every lack, and each remedy once', () => {
    const error = lackOf([
      result({ arg: 'ping', remedy: 'apt-get install iputils-ping' }),
      result({ arg: 'ovs-vsctl', remedy: 'apt-get install openvswitch-switch' }),
      result({ ok: true, check: 'root' }),
      result({ check: 'ovs', remedy: 'apt-get install openvswitch-switch' }),
    ]);
    expect(error?.what).toBe('The host lacks 3 things that are needed; nothing was touched.');
    expect(error?.why?.split('\n')).toEqual([
      'command:ping: It is not there.',
      'command:ovs-vsctl: It is not there.',
      'ovs: It is not there.',
    ]);
    expect(error?.fix.split('\n')).toEqual([
      'apt-get install iputils-ping',
      'apt-get install openvswitch-switch',
    ]);
    expect(error?.others).toHaveLength(3);
  });
});
