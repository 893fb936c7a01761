#!/bin/sh
# packet-tunnels: Three tunnels without Ethernet join two sites, and neither ARP nor LLDP goes by them
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
rm -f -- /var/log/libvirt/qemu/packet-tunnels.lab.log /var/log/libvirt/qemu/packet-tunnels.lab.console.log

# ---- guests ----

# boot lab (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>packet-tunnels.lab</name>
  <uuid>fdfafc9e-1dc9-86aa-a8cd-6f8a63ca548b</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="packet-tunnels" node="lab"/>
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
      <log file="/var/log/libvirt/qemu/packet-tunnels.lab.console.log" append="off"/>
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
await_agent packet-tunnels.lab

# network namespace lab/a
# network namespace lab/b
# network namespace lab/c
# network namespace lab/d
in_guest packet-tunnels.lab ip -batch - <<'EOF'
netns add a
netns add b
netns add c
netns add d
EOF

# veth pair a:eth1 - b:eth1
# veth pair a:lan - c:eth0
in_guest packet-tunnels.lab ip -n a -batch - <<'EOF'
link add name eth1 address 02:2a:99:a3:e5:1b type veth peer name eth1 netns b address 02:bb:ea:60:61:24
link add name lan address 02:c7:a5:62:68:b8 type veth peer name eth0 netns c address 02:81:cc:34:0b:51
EOF

# veth pair b:lan - d:eth0
in_guest packet-tunnels.lab ip -n b link add name lan address 02:77:9d:8d:dd:17 type veth peer name eth0 netns d address 02:c4:81:6d:ef:da </dev/null

# a:ipip1: IPIP to 10.0.0.2
in_guest packet-tunnels.lab ip -n a link add name ipip1 mtu 1480 type ipip remote 10.0.0.2 </dev/null

# b:ipip1: IPIP to 10.0.0.1
in_guest packet-tunnels.lab ip -n b link add name ipip1 mtu 1480 type ipip remote 10.0.0.1 </dev/null

# a:sit1: SIT to 10.0.0.2
in_guest packet-tunnels.lab ip -n a link add name sit1 mtu 1480 type sit remote 10.0.0.2 mode ip6ip </dev/null

# b:sit1: SIT to 10.0.0.1
in_guest packet-tunnels.lab ip -n b link add name sit1 mtu 1480 type sit remote 10.0.0.1 mode ip6ip </dev/null

# a:gre1: GRE to 10.0.0.2, key 7
in_guest packet-tunnels.lab ip -n a link add name gre1 mtu 1472 type gre remote 10.0.0.2 key 7 </dev/null

# b:gre1: GRE to 10.0.0.1, key 7
in_guest packet-tunnels.lab ip -n b link add name gre1 mtu 1472 type gre remote 10.0.0.1 key 7 </dev/null

# a:tap1: GRE to 10.0.0.2, key 7
in_guest packet-tunnels.lab ip -n a link add name tap1 address 02:45:90:60:55:48 mtu 1458 type gretap remote 10.0.0.2 key 7 </dev/null

# b:tap1: GRE to 10.0.0.1, key 7
in_guest packet-tunnels.lab ip -n b link add name tap1 address 02:2f:6c:25:6b:cc mtu 1458 type gretap remote 10.0.0.1 key 7 </dev/null

# net.ipv4.ip_forward of lab/a
in_guest packet-tunnels.lab ip netns exec a sysctl -q -w net.ipv4.ip_forward=1 </dev/null

# net.ipv4.ip_forward of lab/b
in_guest packet-tunnels.lab ip netns exec b sysctl -q -w net.ipv4.ip_forward=1 </dev/null

# bring up lab:lo
in_guest packet-tunnels.lab ip link set dev lo up </dev/null

# address 10.0.0.1/24 of lab/a:eth1
# address 10.1.0.1/24 of lab/a:ipip1
# bring up lab/a:ipip1
# address fd01::1/64 of lab/a:ipip1
# bring up lab/a:sit1
# address fd02::1/64 of lab/a:sit1
# address 10.3.0.1/24 of lab/a:gre1
# bring up lab/a:gre1
# address fd03::1/64 of lab/a:gre1
# address 10.4.0.1/24 of lab/a:tap1
# address 10.5.1.1/24 of lab/a:lan
# bring up lab/a:lo
# bring up lab/a:eth1
# bring up lab/a:tap1
# bring up lab/a:lan
# route of lab/a: 10.5.2.0/24 dev ipip1
in_guest packet-tunnels.lab ip -n a -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
addr add 10.1.0.1/24 dev ipip1
link set dev ipip1 up
addr add fd01::1/64 dev ipip1 nodad
link set dev sit1 up
addr add fd02::1/64 dev sit1 nodad
addr add 10.3.0.1/24 dev gre1
link set dev gre1 up
addr add fd03::1/64 dev gre1 nodad
addr add 10.4.0.1/24 dev tap1
addr add 10.5.1.1/24 dev lan
link set dev lo up
link set dev eth1 up
link set dev tap1 up
link set dev lan up
route add 10.5.2.0/24 dev ipip1
EOF

# address 10.0.0.2/24 of lab/b:eth1
# address 10.1.0.2/24 of lab/b:ipip1
# bring up lab/b:ipip1
# address fd01::2/64 of lab/b:ipip1
# bring up lab/b:sit1
# address fd02::2/64 of lab/b:sit1
# address 10.3.0.2/24 of lab/b:gre1
# bring up lab/b:gre1
# address fd03::2/64 of lab/b:gre1
# address 10.4.0.2/24 of lab/b:tap1
# address 10.5.2.1/24 of lab/b:lan
# bring up lab/b:lo
# bring up lab/b:eth1
# bring up lab/b:tap1
# bring up lab/b:lan
# route of lab/b: 10.5.1.0/24 dev ipip1
in_guest packet-tunnels.lab ip -n b -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
addr add 10.1.0.2/24 dev ipip1
link set dev ipip1 up
addr add fd01::2/64 dev ipip1 nodad
link set dev sit1 up
addr add fd02::2/64 dev sit1 nodad
addr add 10.3.0.2/24 dev gre1
link set dev gre1 up
addr add fd03::2/64 dev gre1 nodad
addr add 10.4.0.2/24 dev tap1
addr add 10.5.2.1/24 dev lan
link set dev lo up
link set dev eth1 up
link set dev tap1 up
link set dev lan up
route add 10.5.1.0/24 dev ipip1
EOF

# address 10.5.1.2/24 of lab/c:eth0
# bring up lab/c:lo
# bring up lab/c:eth0
# route of lab/c: default via 10.5.1.1 dev eth0
in_guest packet-tunnels.lab ip -n c -batch - <<'EOF'
addr add 10.5.1.2/24 dev eth0
link set dev lo up
link set dev eth0 up
route add default via 10.5.1.1 dev eth0
EOF

# address 10.5.2.2/24 of lab/d:eth0
# bring up lab/d:lo
# bring up lab/d:eth0
# route of lab/d: default via 10.5.2.1 dev eth0
in_guest packet-tunnels.lab ip -n d -batch - <<'EOF'
addr add 10.5.2.2/24 dev eth0
link set dev lo up
link set dev eth0 up
route add default via 10.5.2.1 dev eth0
EOF
