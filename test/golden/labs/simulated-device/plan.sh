#!/bin/sh
# simulated-device: A simulated device takes filters as hardware would and carries nothing, so what is sent by it ends there
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
rm -f -- /var/log/libvirt/qemu/simulated-device.host.log /var/log/libvirt/qemu/simulated-device.host.console.log

# ---- guests ----

# boot host (guest kinds, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>simulated-device.host</name>
  <uuid>81737ba9-8498-8efb-a815-0ed212106c64</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="simulated-device" node="host"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
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
      <log file="/var/log/libvirt/qemu/simulated-device.host.console.log" append="off"/>
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
await_agent simulated-device.host

# network namespace host/router
# network namespace host/user
# network namespace host/switch
in_guest simulated-device.host ip -batch - <<'EOF'
netns add router
netns add user
netns add switch
EOF

# veth pair router:eth1 - user:eth1
in_guest simulated-device.host ip -n router link add name eth1 address 02:bd:83:0c:a3:58 type veth peer name eth1 netns user address 02:3e:d0:7e:9a:ab </dev/null

# simulated device router:sim0
in_guest simulated-device.host ip netns exec router sh -c '
[ -e /sys/bus/netdevsim ] || modprobe netdevsim
echo "$1 1" >/sys/bus/netdevsim/new_device || exit 1
for port in "/sys/bus/netdevsim/devices/netdevsim$1/net/"*; do
  exec ip link set dev "${port##*/}" name "$2"
done
' make 1307608161 sim0 </dev/null

# simulated device router:sim0
in_guest simulated-device.host ip -n router link set dev sim0 address 02:36:c3:83:11:4e </dev/null

# simulated device router:sim0
in_guest simulated-device.host ip netns exec router ethtool -K sim0 hw-tc-offload on </dev/null

# simulated device user:sim0
in_guest simulated-device.host ip netns exec user sh -c '
[ -e /sys/bus/netdevsim ] || modprobe netdevsim
echo "$1 1" >/sys/bus/netdevsim/new_device || exit 1
for port in "/sys/bus/netdevsim/devices/netdevsim$1/net/"*; do
  exec ip link set dev "${port##*/}" name "$2"
done
' make 1469502942 sim0 </dev/null

# simulated device user:sim0
# veth pair user:eth2 - switch:p1
in_guest simulated-device.host ip -n user -batch - <<'EOF'
link set dev sim0 address 02:ea:d8:c4:2d:da mtu 1400
link add name eth2 address 02:a0:a1:09:ad:54 type veth peer name p1 netns switch address 02:c8:5f:a9:83:cc
EOF

# simulated device switch:sim0
in_guest simulated-device.host ip netns exec switch sh -c '
[ -e /sys/bus/netdevsim ] || modprobe netdevsim
echo "$1 1" >/sys/bus/netdevsim/new_device || exit 1
for port in "/sys/bus/netdevsim/devices/netdevsim$1/net/"*; do
  exec ip link set dev "${port##*/}" name "$2"
done
' make 1365229057 sim0 </dev/null

# simulated device switch:sim0
# bridge switch:br0
# plug switch:p1 into switch:br0
# plug switch:sim0 into switch:br0
in_guest simulated-device.host ip -n switch -batch - <<'EOF'
link set dev sim0 address 02:b8:ee:57:06:df
link add name br0 address 02:4d:d3:de:0e:83 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev p1 master br0
link set dev sim0 master br0
EOF

# bring up host:lo
in_guest simulated-device.host ip link set dev lo up </dev/null

# address 10.0.0.1/24 of host/router:eth1
# address 192.0.2.1/32 of host/router:sim0
# address 198.51.100.1/24 of host/router:sim0
# bring up host/router:lo
# bring up host/router:eth1
# bring up host/router:sim0
in_guest simulated-device.host ip -n router -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
addr add 192.0.2.1/32 dev sim0
addr add 198.51.100.1/24 dev sim0
link set dev lo up
link set dev eth1 up
link set dev sim0 up
EOF

# address 10.0.0.2/24 of host/user:eth1
# address 198.51.100.2/24 of host/user:sim0
# bring up host/user:lo
# bring up host/user:eth2
# bring up host/user:eth1
# bring up host/user:sim0
# route of host/user: 192.0.2.1/32 via 10.0.0.1 dev eth1
in_guest simulated-device.host ip -n user -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
addr add 198.51.100.2/24 dev sim0
link set dev lo up
link set dev eth2 up
link set dev eth1 up
link set dev sim0 up
route add 192.0.2.1/32 via 10.0.0.1 dev eth1
EOF

# bring up host/switch:lo
# bring up host/switch:p1
# bring up host/switch:sim0
# bring up host/switch:br0
in_guest simulated-device.host ip -n switch -batch - <<'EOF'
link set dev lo up
link set dev p1 up
link set dev sim0 up
link set dev br0 up
EOF
