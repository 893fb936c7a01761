import { ownSwitchFolder } from '../../own-switch.js';

/**
 * Words of a shell: `into NAME` sets `$at` to the words before a program that runs in a network namespace; `-` stands for
 * the machine's own. nsenter(1) is cheaper than ip-netns(8), which mounts things. The nsenter of busybox would run programs
 * of its own in place of others of the same name. Programs of Open vSwitch find that of the namespace of a lab.
 */
export const INTO = `
enter= machines=\${OVS_RUNDIR-}
into() {
  at=
  unset OVS_RUNDIR
  case $1 in
    *.*) export OVS_RUNDIR="${ownSwitchFolder('$1')}" ;;
    *) [ -z "$machines" ] || export OVS_RUNDIR="$machines" ;;
  esac
  [ "$1" != - ] || return 0
  if [ -z "$enter" ]; then
    if nsenter --version >/dev/null 2>&1; then enter='nsenter --net=/run/netns/'; else enter='ip netns exec '; fi
  fi
  at=$enter$1
}
`;
