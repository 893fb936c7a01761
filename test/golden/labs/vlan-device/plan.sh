#!/bin/sh
# vlan-device: VLANs share a cable with what has no tag, each is heard by its own VLAN devices alone, and two tags are a VLAN in a VLAN
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
rm -f -- /var/log/libvirt/qemu/vlan-device.host.log /var/log/libvirt/qemu/vlan-device.host.console.log

# ---- guests ----

# boot host (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>vlan-device.host</name>
  <uuid>d2ec2059-24c1-8a15-ac30-fd4633e787b5</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="vlan-device" node="host"/>
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
      <log file="/var/log/libvirt/qemu/vlan-device.host.console.log" append="off"/>
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
await_agent vlan-device.host

# network namespace host/a
# network namespace host/b
in_guest vlan-device.host ip -batch - <<'EOF'
netns add a
netns add b
EOF

# veth pair a:eth1 - b:eth1
# a:v10: VLAN 10 of a:eth1
in_guest vlan-device.host ip -n a -batch - <<'EOF'
link add name eth1 address 02:2a:12:89:e8:b9 type veth peer name eth1 netns b address 02:c6:2f:b8:f8:5a
link add link eth1 name v10 type vlan protocol 802.1Q id 10
EOF

# b:v10: VLAN 10 of b:eth1
in_guest vlan-device.host ip -n b link add link eth1 name v10 type vlan protocol 802.1Q id 10 </dev/null

# a:v20: VLAN 20 of a:eth1
in_guest vlan-device.host ip -n a link add link eth1 name v20 type vlan protocol 802.1Q id 20 </dev/null

# b:v30: VLAN 30 of b:eth1
in_guest vlan-device.host ip -n b link add link eth1 name v30 type vlan protocol 802.1Q id 30 </dev/null

# a:s100: VLAN 100 of a:eth1
in_guest vlan-device.host ip -n a link add link eth1 name s100 type vlan protocol 802.1ad id 100 </dev/null

# b:s100: VLAN 100 of b:eth1
in_guest vlan-device.host ip -n b link add link eth1 name s100 type vlan protocol 802.1ad id 100 </dev/null

# a:s100.5: VLAN 5 of a:s100
in_guest vlan-device.host ip -n a link add link s100 name s100.5 type vlan protocol 802.1Q id 5 </dev/null

# b:s100.5: VLAN 5 of b:s100
in_guest vlan-device.host ip -n b link add link s100 name s100.5 type vlan protocol 802.1Q id 5 </dev/null

# bring up host:lo
in_guest vlan-device.host ip link set dev lo up </dev/null

# address 10.0.0.1/24 of host/a:eth1
# address 10.0.10.1/24 of host/a:v10
# address 10.0.20.1/24 of host/a:v20
# address 10.100.5.1/24 of host/a:s100.5
# bring up host/a:lo
# bring up host/a:eth1
# bring up host/a:s100
# bring up host/a:v10
# bring up host/a:v20
# bring up host/a:s100.5
in_guest vlan-device.host ip -n a -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
addr add 10.0.10.1/24 dev v10
addr add 10.0.20.1/24 dev v20
addr add 10.100.5.1/24 dev s100.5
link set dev lo up
link set dev eth1 up
link set dev s100 up
link set dev v10 up
link set dev v20 up
link set dev s100.5 up
EOF

# address 10.0.0.2/24 of host/b:eth1
# address 10.0.10.2/24 of host/b:v10
# address 10.0.20.2/24 of host/b:v30
# address 10.100.5.2/24 of host/b:s100.5
# bring up host/b:lo
# bring up host/b:eth1
# bring up host/b:s100
# bring up host/b:v10
# bring up host/b:v30
# bring up host/b:s100.5
in_guest vlan-device.host ip -n b -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
addr add 10.0.10.2/24 dev v10
addr add 10.0.20.2/24 dev v30
addr add 10.100.5.2/24 dev s100.5
link set dev lo up
link set dev eth1 up
link set dev s100 up
link set dev v10 up
link set dev v30 up
link set dev s100.5 up
EOF
