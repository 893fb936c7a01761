#!/bin/sh
# dummy-device: An address on a dummy device is reached over a port like any other of the stack, and nothing goes out by the device itself
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
rm -f -- /var/log/libvirt/qemu/dummy-device.host.log /var/log/libvirt/qemu/dummy-device.host.console.log

# ---- guests ----

# boot host (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>dummy-device.host</name>
  <uuid>52330f08-a543-81b0-a48c-8e4b97d5604c</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="dummy-device" node="host"/>
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
      <log file="/var/log/libvirt/qemu/dummy-device.host.console.log" append="off"/>
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
await_agent dummy-device.host

# network namespace host/router
# network namespace host/user
in_guest dummy-device.host ip -batch - <<'EOF'
netns add router
netns add user
EOF

# veth pair router:eth1 - user:eth1
# dummy device router:dummy0
in_guest dummy-device.host ip -n router -batch - <<'EOF'
link add name eth1 address 02:5f:2d:b5:aa:e4 type veth peer name eth1 netns user address 02:a3:ad:10:18:b1
link add name dummy0 address 02:ff:42:3a:ca:09 type dummy
EOF

# dummy device user:dummy0
in_guest dummy-device.host ip -n user link add name dummy0 address 02:30:f6:3d:94:95 type dummy </dev/null

# bring up host:lo
in_guest dummy-device.host ip link set dev lo up </dev/null

# address 10.0.0.1/24 of host/router:eth1
# address 192.0.2.1/32 of host/router:dummy0
# address 198.51.100.1/24 of host/router:dummy0
# bring up host/router:lo
# bring up host/router:eth1
# bring up host/router:dummy0
in_guest dummy-device.host ip -n router -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
addr add 192.0.2.1/32 dev dummy0
addr add 198.51.100.1/24 dev dummy0
link set dev lo up
link set dev eth1 up
link set dev dummy0 up
EOF

# address 10.0.0.2/24 of host/user:eth1
# address 198.51.100.2/24 of host/user:dummy0
# bring up host/user:lo
# bring up host/user:eth1
# bring up host/user:dummy0
# route of host/user: 192.0.2.1/32 via 10.0.0.1 dev eth1
in_guest dummy-device.host ip -n user -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
addr add 198.51.100.2/24 dev dummy0
link set dev lo up
link set dev eth1 up
link set dev dummy0 up
route add 192.0.2.1/32 via 10.0.0.1 dev eth1
EOF
