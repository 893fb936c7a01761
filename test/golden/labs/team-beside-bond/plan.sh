#!/bin/sh
# team-beside-bond: A team has a priority for each port, ports that are sticky and a link watcher for each, and speaks LACP with a bond
# Builds the lab by hand; teardown.sh removes it.
# Its guests boot: only `patchlab up` can start them from a stored state.

: "${PATCHLAB_LIBVIRT_URI:=qemu:///system}"
agent() { virsh -q -c "$PATCHLAB_LIBVIRT_URI" qemu-agent-command "$@"; }

# await_agent DOMAIN [SECONDS]: until the guest answers, two minutes at most where nothing else is said
await_agent() {
  tries=${2:-120}
  until agent "$1" '{"execute":"guest-ping"}' >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "$1 does not answer" >&2; return 1; }
    sleep 1
  done
}

# in_guest DOMAIN PROGRAM ARGUMENT...: run a program in the guest, with this function's standard input
in_guest() {
  domain=$1 program=$2
  shift 2
  words=
  for word; do
    words="$words${words:+,}\"$(printf %s "$word" | sed -z 's/[\\"]/\\&/g; s/\t/\\t/g; s/\n/\\n/g')\""
  done
  pid=$(agent "$domain" "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"$program\",\"arg\":[$words],\"input-data\":\"$(base64 -w0)\",\"capture-output\":true}}" |
    sed 's/.*"pid":\([0-9]*\).*/\1/')
  while :; do
    result=$(agent "$domain" "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":$pid}}")
    case $result in
      *'"exited":true'*'"exitcode":0'* | *'"exitcode":0'*'"exited":true'*) return 0 ;;
      *'"exited":true'*) echo "$domain: $program: $result" >&2; return 1 ;;
    esac
    sleep 0.1
  done
}
set -eu

# ---- devices ----

# let the qemu log of host begin anew, and go with the lab
# let the console log of host begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/team-beside-bond.host.log /var/log/libvirt/qemu/team-beside-bond.host.console.log

# ---- guests ----

# boot host (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>team-beside-bond.host</name>
  <uuid>92f71c77-0f17-8bd3-a6b4-9219910db5a3</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="team-beside-bond" node="host"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=host</cmdline>
  </os>
  <features>
    <acpi/>
  </features>
  <cpu mode="custom" match="exact" check="none">
    <model>qemu64</model>
  </cpu>
  <clock offset="utc"/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type="usb" model="none"/>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/team-beside-bond.host.console.log" append="off"/>
      <target port="0"/>
    </serial>
    <console type="pty">
      <target type="serial" port="0"/>
    </console>
    <channel type="unix">
      <target type="virtio" name="org.qemu.guest_agent.0"/>
    </channel>
    <memballoon model="none"/>
    <rng model="virtio">
      <backend model="random">/dev/urandom</backend>
    </rng>
  </devices>
</domain>
EOF

# ---- inside ----

# wait until host answers
await_agent team-beside-bond.host

# network namespace host/a
# network namespace host/b
in_guest team-beside-bond.host ip -batch - <<'EOF'
netns add a
netns add b
EOF

# veth pair a:e1 - b:e1
# veth pair a:e2 - b:e2
# veth pair a:e3 - b:e3
# veth pair a:e4 - b:e4
# veth pair a:e5 - b:e5
# veth pair a:e6 - b:e6
# veth pair a:e7 - b:e7
# veth pair a:e8 - b:e8
# veth pair a:e9 - b:e9
# veth pair a:e10 - b:e10
# team a:team0
in_guest team-beside-bond.host ip -n a -batch - <<'EOF'
link add name e1 address 02:25:fc:22:e0:52 type veth peer name e1 netns b address 02:2f:01:a0:f1:97
link add name e2 address 02:e3:c2:e0:c2:ef type veth peer name e2 netns b address 02:54:07:54:b5:5e
link add name e3 address 02:ea:4d:4c:ca:34 type veth peer name e3 netns b address 02:60:af:e2:60:15
link add name e4 address 02:f5:7d:9d:f9:4b type veth peer name e4 netns b address 02:8d:16:20:61:21
link add name e5 address 02:23:48:52:08:bd type veth peer name e5 netns b address 02:5b:22:44:b6:02
link add name e6 address 02:52:b9:57:9c:77 type veth peer name e6 netns b address 02:83:c8:78:b8:ef
link add name e7 address 02:5d:b1:82:9b:12 type veth peer name e7 netns b address 02:63:36:21:91:6b
link add name e8 address 02:22:6b:7c:1f:75 type veth peer name e8 netns b address 02:3f:fe:eb:97:30
link add name e9 address 02:31:25:0d:1e:f5 type veth peer name e9 netns b address 02:d4:ed:03:69:f0
link add name e10 address 02:b5:e4:73:49:09 type veth peer name e10 netns b address 02:e9:82:56:ab:de
link add name team0 address 02:c7:6b:62:2e:32 type team
EOF

# the daemon of a:team0
in_guest team-beside-bond.host ip netns exec a sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start team-beside-bond.host.a.teamd-team0 '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' '' unshare -m sh -c 'mount -t tmpfs run /run && exec "$@"' teamd teamd -o -N -n -U -t team0 -c '{"hwaddr":"02:c7:6b:62:2e:32","runner":{"name":"activebackup"},"ports":{"e1":{"link_watch":{"name":"ethtool"}},"e2":{"prio":10,"link_watch":{"name":"ethtool"}}}}' </dev/null

# the daemon of a:team0
in_guest team-beside-bond.host ip netns exec a sh -c '
tries=200
until [ "$(teamnl "$1" getoption mode 2>/dev/null)" = "$2" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then cat "$3" >&2; exit 1; fi
  sleep 0.05
done
' await team0 activebackup /run/patchlab.team-beside-bond.host.a.teamd-team0.log </dev/null

# a:e1 is a port of a:team0
# a:e1 is a port of a:team0
# a:e2 is a port of a:team0
# a:e2 is a port of a:team0
in_guest team-beside-bond.host ip -n a -batch - <<'EOF'
link set dev e1 down
link set dev e1 master team0
link set dev e2 down
link set dev e2 master team0
EOF

# bridge b:br0
# plug b:e1 into b:br0
# plug b:e2 into b:br0
in_guest team-beside-bond.host ip -n b -batch - <<'EOF'
link add name br0 address 02:a2:75:7b:97:34 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev e1 master br0
link set dev e2 master br0
EOF

# team a:team1
in_guest team-beside-bond.host ip -n a link add name team1 address 02:71:05:6a:9f:0d type team </dev/null

# the daemon of a:team1
in_guest team-beside-bond.host ip netns exec a sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start team-beside-bond.host.a.teamd-team1 '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' '' unshare -m sh -c 'mount -t tmpfs run /run && exec "$@"' teamd teamd -o -N -n -U -t team1 -c '{"hwaddr":"02:71:05:6a:9f:0d","runner":{"name":"activebackup"},"ports":{"e3":{"sticky":true,"link_watch":{"name":"ethtool"}},"e4":{"prio":10,"link_watch":{"name":"ethtool"}}}}' </dev/null

# the daemon of a:team1
in_guest team-beside-bond.host ip netns exec a sh -c '
tries=200
until [ "$(teamnl "$1" getoption mode 2>/dev/null)" = "$2" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then cat "$3" >&2; exit 1; fi
  sleep 0.05
done
' await team1 activebackup /run/patchlab.team-beside-bond.host.a.teamd-team1.log </dev/null

# a:e3 is a port of a:team1
# a:e3 is a port of a:team1
# a:e4 is a port of a:team1
# a:e4 is a port of a:team1
in_guest team-beside-bond.host ip -n a -batch - <<'EOF'
link set dev e3 down
link set dev e3 master team1
link set dev e4 down
link set dev e4 master team1
EOF

# bond b:bond1
# b:e3 is a member of b:bond1
# b:e3 is a member of b:bond1
# b:e3 is a member of b:bond1
# b:e4 is a member of b:bond1
# b:e4 is a member of b:bond1
# b:e4 is a member of b:bond1
# b:e4 is a member of b:bond1
in_guest team-beside-bond.host ip -n b -batch - <<'EOF'
link add name bond1 address 02:b7:a3:d8:11:49 type bond mode active-backup miimon 100
link set dev bond1 address 02:b7:a3:d8:11:49
link set dev e3 down
link set dev e3 master bond1
link set dev bond1 address 02:b7:a3:d8:11:49
link set dev e4 down
link set dev e4 master bond1
link set dev bond1 type bond primary e4
EOF

# team a:team2
in_guest team-beside-bond.host ip -n a link add name team2 address 02:12:85:d1:bf:ee type team </dev/null

# the daemon of a:team2
in_guest team-beside-bond.host ip netns exec a sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start team-beside-bond.host.a.teamd-team2 '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' '' unshare -m sh -c 'mount -t tmpfs run /run && exec "$@"' teamd teamd -o -N -n -U -t team2 -c '{"hwaddr":"02:12:85:d1:bf:ee","runner":{"name":"activebackup"},"ports":{"e5":{"prio":10,"link_watch":{"name":"nsna_ping","interval":200,"target_host":"fd00::2"}},"e6":{"link_watch":{"name":"ethtool"}}}}' </dev/null

# the daemon of a:team2
in_guest team-beside-bond.host ip netns exec a sh -c '
tries=200
until [ "$(teamnl "$1" getoption mode 2>/dev/null)" = "$2" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then cat "$3" >&2; exit 1; fi
  sleep 0.05
done
' await team2 activebackup /run/patchlab.team-beside-bond.host.a.teamd-team2.log </dev/null

# a:e5 is a port of a:team2
# a:e5 is a port of a:team2
# a:e6 is a port of a:team2
# a:e6 is a port of a:team2
in_guest team-beside-bond.host ip -n a -batch - <<'EOF'
link set dev e5 down
link set dev e5 master team2
link set dev e6 down
link set dev e6 master team2
EOF

# bond b:bond2
# b:e5 is a member of b:bond2
# b:e5 is a member of b:bond2
# b:e5 is a member of b:bond2
# b:e6 is a member of b:bond2
# b:e6 is a member of b:bond2
# b:e6 is a member of b:bond2
# b:e6 is a member of b:bond2
in_guest team-beside-bond.host ip -n b -batch - <<'EOF'
link add name bond2 address 02:52:b9:b5:9c:1a type bond mode active-backup miimon 100
link set dev bond2 address 02:52:b9:b5:9c:1a
link set dev e5 down
link set dev e5 master bond2
link set dev bond2 address 02:52:b9:b5:9c:1a
link set dev e6 down
link set dev e6 master bond2
link set dev bond2 type bond primary e6
EOF

# team a:team3
in_guest team-beside-bond.host ip -n a link add name team3 address 02:31:0d:fd:80:6f type team </dev/null

# the daemon of a:team3
in_guest team-beside-bond.host ip netns exec a sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start team-beside-bond.host.a.teamd-team3 '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' '' unshare -m sh -c 'mount -t tmpfs run /run && exec "$@"' teamd teamd -o -N -n -U -t team3 -c '{"hwaddr":"02:31:0d:fd:80:6f","runner":{"name":"random"},"ports":{"e7":{"link_watch":{"name":"ethtool"}},"e8":{"link_watch":{"name":"ethtool"}}}}' </dev/null

# the daemon of a:team3
in_guest team-beside-bond.host ip netns exec a sh -c '
tries=200
until [ "$(teamnl "$1" getoption mode 2>/dev/null)" = "$2" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then cat "$3" >&2; exit 1; fi
  sleep 0.05
done
' await team3 random /run/patchlab.team-beside-bond.host.a.teamd-team3.log </dev/null

# a:e7 is a port of a:team3
# a:e7 is a port of a:team3
# a:e8 is a port of a:team3
# a:e8 is a port of a:team3
in_guest team-beside-bond.host ip -n a -batch - <<'EOF'
link set dev e7 down
link set dev e7 master team3
link set dev e8 down
link set dev e8 master team3
EOF

# bridge b:br3
# plug b:e7 into b:br3
# plug b:e8 into b:br3
in_guest team-beside-bond.host ip -n b -batch - <<'EOF'
link add name br3 address 02:66:6e:c5:29:da type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev e7 master br3
link set dev e8 master br3
EOF

# team a:team4
in_guest team-beside-bond.host ip -n a link add name team4 address 02:b3:ae:67:44:d5 type team </dev/null

# the daemon of a:team4
in_guest team-beside-bond.host ip netns exec a sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start team-beside-bond.host.a.teamd-team4 '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' '' unshare -m sh -c 'mount -t tmpfs run /run && exec "$@"' teamd teamd -o -N -n -U -t team4 -c '{"hwaddr":"02:b3:ae:67:44:d5","runner":{"name":"lacp","agg_select_policy":"count","fast_rate":true},"ports":{"e9":{"link_watch":{"name":"ethtool"}},"e10":{"link_watch":{"name":"ethtool"}}}}' </dev/null

# the daemon of a:team4
in_guest team-beside-bond.host ip netns exec a sh -c '
tries=200
until [ "$(teamnl "$1" getoption mode 2>/dev/null)" = "$2" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then cat "$3" >&2; exit 1; fi
  sleep 0.05
done
' await team4 loadbalance /run/patchlab.team-beside-bond.host.a.teamd-team4.log </dev/null

# a:e9 is a port of a:team4
# a:e9 is a port of a:team4
# a:e10 is a port of a:team4
# a:e10 is a port of a:team4
in_guest team-beside-bond.host ip -n a -batch - <<'EOF'
link set dev e9 down
link set dev e9 master team4
link set dev e10 down
link set dev e10 master team4
EOF

# bond b:bond4
# b:e9 is a member of b:bond4
# b:e9 is a member of b:bond4
# b:e9 is a member of b:bond4
# b:e10 is a member of b:bond4
# b:e10 is a member of b:bond4
# b:e10 is a member of b:bond4
in_guest team-beside-bond.host ip -n b -batch - <<'EOF'
link add name bond4 address 02:6f:55:27:5a:96 type bond mode 802.3ad miimon 100 lacp_rate fast
link set dev bond4 address 02:6f:55:27:5a:96
link set dev e9 down
link set dev e9 master bond4
link set dev bond4 address 02:6f:55:27:5a:96
link set dev e10 down
link set dev e10 master bond4
EOF

# bring up host:lo
in_guest team-beside-bond.host ip link set dev lo up </dev/null

# address 10.0.0.1/24 of host/a:team0
# address 10.0.1.1/24 of host/a:team1
# address 10.0.2.1/24 of host/a:team2
# address 10.0.4.1/24 of host/a:team4
# bring up host/a:lo
# bring up host/a:e1
# bring up host/a:e2
# bring up host/a:e3
# bring up host/a:e4
# bring up host/a:e5
# bring up host/a:e6
# bring up host/a:e7
# bring up host/a:e8
# bring up host/a:e9
# bring up host/a:e10
# bring up host/a:team3
# bring up host/a:team0
# bring up host/a:team1
# bring up host/a:team2
# bring up host/a:team4
in_guest team-beside-bond.host ip -n a -batch - <<'EOF'
addr add 10.0.0.1/24 dev team0
addr add 10.0.1.1/24 dev team1
addr add 10.0.2.1/24 dev team2
addr add 10.0.4.1/24 dev team4
link set dev lo up
link set dev e1 up
link set dev e2 up
link set dev e3 up
link set dev e4 up
link set dev e5 up
link set dev e6 up
link set dev e7 up
link set dev e8 up
link set dev e9 up
link set dev e10 up
link set dev team3 up
link set dev team0 up
link set dev team1 up
link set dev team2 up
link set dev team4 up
EOF

# address 10.0.0.2/24 of host/b:br0
# address 10.0.1.2/24 of host/b:bond1
# address 10.0.2.2/24 of host/b:bond2
# bring up host/b:bond2
# address fd00::2/64 of host/b:bond2
# address 10.0.4.2/24 of host/b:bond4
# bring up host/b:lo
# bring up host/b:e1
# bring up host/b:e2
# bring up host/b:e3
# bring up host/b:e4
# bring up host/b:e5
# bring up host/b:e6
# bring up host/b:e7
# bring up host/b:e8
# bring up host/b:e9
# bring up host/b:e10
# bring up host/b:br3
# bring up host/b:br0
# bring up host/b:bond1
# bring up host/b:bond4
in_guest team-beside-bond.host ip -n b -batch - <<'EOF'
addr add 10.0.0.2/24 dev br0
addr add 10.0.1.2/24 dev bond1
addr add 10.0.2.2/24 dev bond2
link set dev bond2 up
addr add fd00::2/64 dev bond2 nodad
addr add 10.0.4.2/24 dev bond4
link set dev lo up
link set dev e1 up
link set dev e2 up
link set dev e3 up
link set dev e4 up
link set dev e5 up
link set dev e6 up
link set dev e7 up
link set dev e8 up
link set dev e9 up
link set dev e10 up
link set dev br3 up
link set dev br0 up
link set dev bond1 up
link set dev bond4 up
EOF
