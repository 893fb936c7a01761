#!/bin/sh
# netlink-monitor: A netlink monitor shows what programs and the kernel say to each other, and an ifb what a device receives
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
rm -f -- /var/log/libvirt/qemu/netlink-monitor.lab.log /var/log/libvirt/qemu/netlink-monitor.lab.console.log

# ---- guests ----

# boot lab (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>netlink-monitor.lab</name>
  <uuid>0c2cf1ab-7b2e-8fba-addb-6f03705aaba1</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="netlink-monitor" node="lab"/>
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
      <log file="/var/log/libvirt/qemu/netlink-monitor.lab.console.log" append="off"/>
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
await_agent netlink-monitor.lab

# network namespace lab/a
# network namespace lab/b
in_guest netlink-monitor.lab ip -batch - <<'EOF'
netns add a
netns add b
EOF

# veth pair a:eth1 - b:eth1
# netlink monitor a:nlmon0
in_guest netlink-monitor.lab ip -n a -batch - <<'EOF'
link add name eth1 address 02:2f:ac:43:60:c6 type veth peer name eth1 netns b address 02:d1:76:c0:5b:b6
link add name nlmon0 type nlmon
EOF

# ifb b:ifb0
in_guest netlink-monitor.lab ip -n b link add name ifb0 address 02:ca:ef:c6:79:37 type ifb </dev/null

# let eth1 filter what it receives
in_guest netlink-monitor.lab ip netns exec b tc qdisc add dev eth1 ingress </dev/null

# what b:eth1 receives goes by b:ifb0
in_guest netlink-monitor.lab ip netns exec b tc filter add dev eth1 ingress protocol all u32 match u32 0 0 action mirred egress redirect dev ifb0 </dev/null

# bring up lab:lo
in_guest netlink-monitor.lab ip link set dev lo up </dev/null

# address 10.0.0.1/24 of lab/a:eth1
# bring up lab/a:lo
# bring up lab/a:nlmon0
# bring up lab/a:eth1
in_guest netlink-monitor.lab ip -n a -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
link set dev lo up
link set dev nlmon0 up
link set dev eth1 up
EOF

# address 10.0.0.2/24 of lab/b:eth1
# bring up lab/b:lo
# bring up lab/b:ifb0
# bring up lab/b:eth1
in_guest netlink-monitor.lab ip -n b -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
link set dev lo up
link set dev ifb0 up
link set dev eth1 up
EOF
