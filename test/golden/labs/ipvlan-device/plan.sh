#!/bin/sh
# ipvlan-device: ipvlans share the MAC of their lower device; in mode l2 they switch, in mode l3 its stack routes for them, without a hop being counted
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
rm -f -- /var/log/libvirt/qemu/ipvlan-device.host.log /var/log/libvirt/qemu/ipvlan-device.host.console.log

# ---- guests ----

# boot host (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>ipvlan-device.host</name>
  <uuid>131d8ca7-87a0-8665-a234-8fc756b05bb4</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="ipvlan-device" node="host"/>
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
      <log file="/var/log/libvirt/qemu/ipvlan-device.host.console.log" append="off"/>
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
await_agent ipvlan-device.host

# network namespace host/a
# network namespace host/b
# network namespace host/c
# network namespace host/d
# network namespace host/e
# network namespace host/peer
# veth pair eth1 - peer:eth1
# veth pair eth2 - peer:eth2
# veth pair eth3 - peer:eth3
# a:l2: ipvlan on eth1
# b:l2: ipvlan on eth1
# c:l3: ipvlan on eth2
# d:l3: ipvlan on eth2
# a:private: ipvlan on eth3
# e:private: ipvlan on eth3
# address 10.0.1.1/24 of host:eth1
# address 10.0.2.1/24 of host:eth2
# bring up host:lo
# bring up host:eth3
# bring up host:eth1
# bring up host:eth2
in_guest ipvlan-device.host ip -batch - <<'EOF'
netns add a
netns add b
netns add c
netns add d
netns add e
netns add peer
link add name eth1 address 02:3c:b1:91:b4:8f type veth peer name eth1 netns peer address 02:9c:57:3a:1f:cb
link add name eth2 address 02:21:4b:a0:28:7b type veth peer name eth2 netns peer address 02:e8:e1:43:4e:82
link add name eth3 address 02:55:86:e0:5c:af type veth peer name eth3 netns peer address 02:d7:ce:04:22:c3
link add link eth1 name l2 netns a type ipvlan mode l2 bridge
link add link eth1 name l2 netns b type ipvlan mode l2 bridge
link add link eth2 name l3 netns c type ipvlan mode l3 bridge
link add link eth2 name l3 netns d type ipvlan mode l3 bridge
link add link eth3 name private netns a type ipvlan mode l2 private
link add link eth3 name private netns e type ipvlan mode l2 private
addr add 10.0.1.1/24 dev eth1
addr add 10.0.2.1/24 dev eth2
link set dev lo up
link set dev eth3 up
link set dev eth1 up
link set dev eth2 up
EOF

# address 10.0.1.2/24 of host/a:l2
# address 10.0.3.2/24 of host/a:private
# bring up host/a:lo
# bring up host/a:l2
# bring up host/a:private
in_guest ipvlan-device.host ip -n a -batch - <<'EOF'
addr add 10.0.1.2/24 dev l2
addr add 10.0.3.2/24 dev private
link set dev lo up
link set dev l2 up
link set dev private up
EOF

# address 10.0.1.3/24 of host/b:l2
# bring up host/b:lo
# bring up host/b:l2
in_guest ipvlan-device.host ip -n b -batch - <<'EOF'
addr add 10.0.1.3/24 dev l2
link set dev lo up
link set dev l2 up
EOF

# address 10.20.3.2/24 of host/c:l3
# bring up host/c:lo
# bring up host/c:l3
# route of host/c: default dev l3
in_guest ipvlan-device.host ip -n c -batch - <<'EOF'
addr add 10.20.3.2/24 dev l3
link set dev lo up
link set dev l3 up
route add default dev l3
EOF

# address 10.20.4.2/24 of host/d:l3
# bring up host/d:lo
# bring up host/d:l3
# route of host/d: default dev l3
in_guest ipvlan-device.host ip -n d -batch - <<'EOF'
addr add 10.20.4.2/24 dev l3
link set dev lo up
link set dev l3 up
route add default dev l3
EOF

# address 10.0.3.3/24 of host/e:private
# bring up host/e:lo
# bring up host/e:private
in_guest ipvlan-device.host ip -n e -batch - <<'EOF'
addr add 10.0.3.3/24 dev private
link set dev lo up
link set dev private up
EOF

# address 10.0.1.9/24 of host/peer:eth1
# address 10.0.2.9/24 of host/peer:eth2
# address 10.0.3.9/24 of host/peer:eth3
# bring up host/peer:lo
# bring up host/peer:eth1
# bring up host/peer:eth2
# bring up host/peer:eth3
# route of host/peer: 10.20.3.0/24 via 10.0.2.1 dev eth2
in_guest ipvlan-device.host ip -n peer -batch - <<'EOF'
addr add 10.0.1.9/24 dev eth1
addr add 10.0.2.9/24 dev eth2
addr add 10.0.3.9/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
route add 10.20.3.0/24 via 10.0.2.1 dev eth2
EOF
