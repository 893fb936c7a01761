#!/bin/sh
# tunnels: Three tunnels between the same two hosts, told apart by key and number, and what their headers leave of 1500 octets
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
rm -f -- /var/log/libvirt/qemu/tunnels.lab.log /var/log/libvirt/qemu/tunnels.lab.console.log

# ---- guests ----

# boot lab (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>tunnels.lab</name>
  <uuid>13195068-92a3-85bf-a219-2c7cae4e820d</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="tunnels" node="lab"/>
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
      <log file="/var/log/libvirt/qemu/tunnels.lab.console.log" append="off"/>
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
await_agent tunnels.lab

# network namespace lab/a
# network namespace lab/b
in_guest tunnels.lab ip -batch - <<'EOF'
netns add a
netns add b
EOF

# veth pair a:eth1 - b:eth1
# a:gre7: GRE to 10.0.0.2, key 7
in_guest tunnels.lab ip -n a -batch - <<'EOF'
link add name eth1 address 02:af:d7:99:57:72 type veth peer name eth1 netns b address 02:49:57:fb:ac:e5
link add name gre7 address 02:59:7c:e5:cb:0a mtu 1458 type gretap remote 10.0.0.2 key 7
EOF

# b:gre7: GRE to 10.0.0.1, key 7
in_guest tunnels.lab ip -n b link add name gre7 address 02:63:0c:34:ce:0f mtu 1458 type gretap remote 10.0.0.1 key 7 </dev/null

# a:gre8: GRE to 10.0.0.2, key 8
in_guest tunnels.lab ip -n a link add name gre8 address 02:7c:7d:15:36:88 mtu 1458 type gretap remote 10.0.0.2 key 8 </dev/null

# b:gre9: GRE to 10.0.0.1, key 9
in_guest tunnels.lab ip -n b link add name gre9 address 02:c2:76:20:0e:88 mtu 1458 type gretap remote 10.0.0.1 key 9 </dev/null

# a:gnv0: Geneve 7 to 10.0.0.2
in_guest tunnels.lab ip -n a link add name gnv0 address 02:09:51:f7:46:39 mtu 1450 type geneve id 7 remote 10.0.0.2 dstport 6081 </dev/null

# b:gnv0: Geneve 7 to 10.0.0.1
in_guest tunnels.lab ip -n b link add name gnv0 address 02:1d:ea:72:96:a4 mtu 1450 type geneve id 7 remote 10.0.0.1 dstport 6081 </dev/null

# a:six: GRE to fd00::2
in_guest tunnels.lab ip -n a link add name six address 02:6a:50:b4:89:d9 mtu 1442 type ip6gretap remote fd00::2 encaplimit none local fd00::1 </dev/null

# b:six: GRE to fd00::1
in_guest tunnels.lab ip -n b link add name six address 02:10:93:c9:75:4f mtu 1442 type ip6gretap remote fd00::1 encaplimit none local fd00::2 </dev/null

# bring up lab:lo
in_guest tunnels.lab ip link set dev lo up </dev/null

# address 10.0.0.1/24 of lab/a:eth1
# bring up lab/a:eth1
# address fd00::1/64 of lab/a:eth1
# address 10.7.0.1/24 of lab/a:gre7
# address 10.8.0.1/24 of lab/a:gre8
# address 10.9.0.1/24 of lab/a:gnv0
# address 10.6.0.1/24 of lab/a:six
# bring up lab/a:lo
# bring up lab/a:gre7
# bring up lab/a:gre8
# bring up lab/a:gnv0
# bring up lab/a:six
in_guest tunnels.lab ip -n a -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
link set dev eth1 up
addr add fd00::1/64 dev eth1 nodad
addr add 10.7.0.1/24 dev gre7
addr add 10.8.0.1/24 dev gre8
addr add 10.9.0.1/24 dev gnv0
addr add 10.6.0.1/24 dev six
link set dev lo up
link set dev gre7 up
link set dev gre8 up
link set dev gnv0 up
link set dev six up
EOF

# address 10.0.0.2/24 of lab/b:eth1
# bring up lab/b:eth1
# address fd00::2/64 of lab/b:eth1
# address 10.7.0.2/24 of lab/b:gre7
# address 10.8.0.2/24 of lab/b:gre9
# address 10.9.0.2/24 of lab/b:gnv0
# address 10.6.0.2/24 of lab/b:six
# bring up lab/b:lo
# bring up lab/b:gre7
# bring up lab/b:gre9
# bring up lab/b:gnv0
# bring up lab/b:six
in_guest tunnels.lab ip -n b -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
link set dev eth1 up
addr add fd00::2/64 dev eth1 nodad
addr add 10.7.0.2/24 dev gre7
addr add 10.8.0.2/24 dev gre9
addr add 10.9.0.2/24 dev gnv0
addr add 10.6.0.2/24 dev six
link set dev lo up
link set dev gre7 up
link set dev gre9 up
link set dev gnv0 up
link set dev six up
EOF
