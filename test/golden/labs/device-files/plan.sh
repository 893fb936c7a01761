#!/bin/sh
# device-files: A tap without a program has no carrier, and a macvtap without one is a macvlan
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

# let the qemu log of lab begin anew, and go with the lab
# let the console log of lab begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/device-files.lab.log /var/log/libvirt/qemu/device-files.lab.console.log

# ---- guests ----

# boot lab (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>device-files.lab</name>
  <uuid>361262c6-ec88-8443-abb9-c3a352d4719d</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="device-files" node="lab"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=lab</cmdline>
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
      <log file="/var/log/libvirt/qemu/device-files.lab.console.log" append="off"/>
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

# wait until lab answers
await_agent device-files.lab

# network namespace lab/a
# network namespace lab/b
# network namespace lab/c
# network namespace lab/d
in_guest device-files.lab ip -batch - <<'EOF'
netns add a
netns add b
netns add c
netns add d
EOF

# veth pair a:eth1 - b:p1
in_guest device-files.lab ip -n a link add name eth1 address 02:3b:33:50:e6:fb type veth peer name p1 netns b address 02:35:de:2a:f4:c4 </dev/null

# tap device b:tap0, which stays without a program
# tap device b:tap0, which stays without a program
# bridge b:br0
# plug b:p1 into b:br0
# plug b:tap0 into b:br0
# tun device b:tun0, which stays without a program
# veth pair b:lan - a:eth2
# c:mvt: macvtap on b:lan
# veth pair b:lan2 - a:eth3
# d:ivt: ipvtap on b:lan2
in_guest device-files.lab ip -n b -batch - <<'EOF'
tuntap add dev tap0 mode tap user 1000
link set dev tap0 address 02:00:b5:fa:d8:65
link add name br0 address 02:e2:b3:69:04:b3 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev p1 master br0
link set dev tap0 master br0
tuntap add dev tun0 mode tun
link add name lan address 02:c1:2e:f2:7f:67 type veth peer name eth2 netns a address 02:99:68:f5:cb:55
link add link lan name mvt netns c address 02:be:41:e0:df:3c type macvtap mode bridge
link add name lan2 address 02:6f:6c:57:d1:d9 type veth peer name eth3 netns a address 02:94:9c:18:04:23
link add link lan2 name ivt netns d type ipvtap mode l2 bridge
EOF

# bring up lab:lo
in_guest device-files.lab ip link set dev lo up </dev/null

# address 10.0.1.1/24 of lab/a:eth1
# address 10.0.2.1/24 of lab/a:eth2
# address 10.0.4.1/24 of lab/a:eth3
# bring up lab/a:lo
# bring up lab/a:eth1
# bring up lab/a:eth2
# bring up lab/a:eth3
in_guest device-files.lab ip -n a -batch - <<'EOF'
addr add 10.0.1.1/24 dev eth1
addr add 10.0.2.1/24 dev eth2
addr add 10.0.4.1/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
EOF

# address 10.0.1.2/24 of lab/b:br0
# bring up lab/b:lo
# bring up lab/b:p1
# bring up lab/b:tap0
# bring up lab/b:tun0
# bring up lab/b:lan
# bring up lab/b:lan2
# bring up lab/b:br0
in_guest device-files.lab ip -n b -batch - <<'EOF'
addr add 10.0.1.2/24 dev br0
link set dev lo up
link set dev p1 up
link set dev tap0 up
link set dev tun0 up
link set dev lan up
link set dev lan2 up
link set dev br0 up
EOF

# address 10.0.2.2/24 of lab/c:mvt
# bring up lab/c:lo
# bring up lab/c:mvt
in_guest device-files.lab ip -n c -batch - <<'EOF'
addr add 10.0.2.2/24 dev mvt
link set dev lo up
link set dev mvt up
EOF

# address 10.0.4.2/24 of lab/d:ivt
# bring up lab/d:lo
# bring up lab/d:ivt
in_guest device-files.lab ip -n d -batch - <<'EOF'
addr add 10.0.4.2/24 dev ivt
link set dev lo up
link set dev ivt up
EOF
