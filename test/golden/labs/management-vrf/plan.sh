#!/bin/sh
# management-vrf: A management VRF answers by the device that was asked, and what the host sends by itself goes by the main table
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
rm -f -- /var/log/libvirt/qemu/management-vrf.lab.log /var/log/libvirt/qemu/management-vrf.lab.console.log

# ---- guests ----

# boot lab (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>management-vrf.lab</name>
  <uuid>f7ee00ed-d00a-82df-a210-e17008ddc379</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="management-vrf" node="lab"/>
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
      <log file="/var/log/libvirt/qemu/management-vrf.lab.console.log" append="off"/>
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
await_agent management-vrf.lab

# network namespace lab/server
# network namespace lab/bare
# network namespace lab/gw
# network namespace lab/admin
# network namespace lab/user
in_guest management-vrf.lab ip -batch - <<'EOF'
netns add server
netns add bare
netns add gw
netns add admin
netns add user
EOF

# veth pair server:eth0 - gw:svc1
# veth pair server:eth2 - gw:mgmt1
in_guest management-vrf.lab ip -n server -batch - <<'EOF'
link add name eth0 address 02:f5:b0:d8:31:90 type veth peer name svc1 netns gw address 02:e8:81:4b:bc:3e
link add name eth2 address 02:7d:77:03:9c:72 type veth peer name mgmt1 netns gw address 02:8c:3e:1d:4a:cb
EOF

# veth pair bare:eth0 - gw:svc2
# veth pair bare:eth2 - gw:mgmt2
in_guest management-vrf.lab ip -n bare -batch - <<'EOF'
link add name eth0 address 02:b5:e3:c7:8c:94 type veth peer name svc2 netns gw address 02:61:a0:a9:f6:6d
link add name eth2 address 02:8d:94:da:b2:00 type veth peer name mgmt2 netns gw address 02:41:e2:4e:de:fd
EOF

# veth pair admin:eth0 - gw:adm
in_guest management-vrf.lab ip -n admin link add name eth0 address 02:c6:87:bd:a9:36 type veth peer name adm netns gw address 02:68:fd:ac:07:35 </dev/null

# veth pair user:eth0 - gw:usr
in_guest management-vrf.lab ip -n user link add name eth0 address 02:71:5b:8a:c5:53 type veth peer name usr netns gw address 02:52:10:bd:22:f6 </dev/null

# bridge gw:svc
# plug gw:svc1 into gw:svc
# plug gw:svc2 into gw:svc
# bridge gw:mgmt
# plug gw:mgmt1 into gw:mgmt
# plug gw:mgmt2 into gw:mgmt
in_guest management-vrf.lab ip -n gw -batch - <<'EOF'
link add name svc address 02:72:39:9f:5f:5d type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev svc1 master svc
link set dev svc2 master svc
link add name mgmt address 02:d6:83:8d:fd:6a type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev mgmt1 master mgmt
link set dev mgmt2 master mgmt
EOF

# VRF server:mgmt0
# server:eth2 has the routing table of server:mgmt0
in_guest management-vrf.lab ip -n server -batch - <<'EOF'
link add name mgmt0 address 02:4c:51:f8:97:7a type vrf table 10
link set dev eth2 master mgmt0
EOF

# net.ipv4.ip_forward of lab/gw
# net.ipv6.conf.all.forwarding of lab/gw
in_guest management-vrf.lab ip netns exec gw sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 </dev/null

# net.ipv4.conf.all.rp_filter of lab/server
in_guest management-vrf.lab ip netns exec server sysctl -q -w net.ipv4.conf.all.rp_filter=1 </dev/null

# net.ipv4.conf.all.rp_filter of lab/bare
in_guest management-vrf.lab ip netns exec bare sysctl -q -w net.ipv4.conf.all.rp_filter=1 </dev/null

# bring up lab:lo
in_guest management-vrf.lab ip link set dev lo up </dev/null

# address 192.168.22.217/24 of lab/server:eth0
# bring up lab/server:eth0
# address fd00:22::217/64 of lab/server:eth0
# address 192.168.1.217/24 of lab/server:eth2
# bring up lab/server:eth2
# address fd00:1::217/64 of lab/server:eth2
# bring up lab/server:lo
# bring up lab/server:mgmt0
# route of lab/server: default via 192.168.22.1 dev eth0
# route of lab/server: default via fd00:22::1 dev eth0
# route of lab/server: default via 192.168.1.1 dev eth2 table 10
# route of lab/server: default via fd00:1::1 dev eth2 table 10
in_guest management-vrf.lab ip -n server -batch - <<'EOF'
addr add 192.168.22.217/24 dev eth0
link set dev eth0 up
addr add fd00:22::217/64 dev eth0 nodad
addr add 192.168.1.217/24 dev eth2
link set dev eth2 up
addr add fd00:1::217/64 dev eth2 nodad
link set dev lo up
link set dev mgmt0 up
route add default via 192.168.22.1 dev eth0
route add default via fd00:22::1 dev eth0
route add default via 192.168.1.1 dev eth2 table 10
route add default via fd00:1::1 dev eth2 table 10
EOF

# address 192.168.22.218/24 of lab/bare:eth0
# address 192.168.1.218/24 of lab/bare:eth2
# bring up lab/bare:lo
# bring up lab/bare:eth0
# bring up lab/bare:eth2
# route of lab/bare: default via 192.168.22.1 dev eth0
in_guest management-vrf.lab ip -n bare -batch - <<'EOF'
addr add 192.168.22.218/24 dev eth0
addr add 192.168.1.218/24 dev eth2
link set dev lo up
link set dev eth0 up
link set dev eth2 up
route add default via 192.168.22.1 dev eth0
EOF

# address 192.168.22.1/24 of lab/gw:svc
# bring up lab/gw:svc
# address fd00:22::1/64 of lab/gw:svc
# address 192.168.1.1/24 of lab/gw:mgmt
# bring up lab/gw:mgmt
# address fd00:1::1/64 of lab/gw:mgmt
# address 10.9.0.1/24 of lab/gw:adm
# bring up lab/gw:adm
# address fd00:9::1/64 of lab/gw:adm
# address 10.8.0.1/24 of lab/gw:usr
# bring up lab/gw:lo
# bring up lab/gw:svc1
# bring up lab/gw:mgmt1
# bring up lab/gw:svc2
# bring up lab/gw:mgmt2
# bring up lab/gw:usr
in_guest management-vrf.lab ip -n gw -batch - <<'EOF'
addr add 192.168.22.1/24 dev svc
link set dev svc up
addr add fd00:22::1/64 dev svc nodad
addr add 192.168.1.1/24 dev mgmt
link set dev mgmt up
addr add fd00:1::1/64 dev mgmt nodad
addr add 10.9.0.1/24 dev adm
link set dev adm up
addr add fd00:9::1/64 dev adm nodad
addr add 10.8.0.1/24 dev usr
link set dev lo up
link set dev svc1 up
link set dev mgmt1 up
link set dev svc2 up
link set dev mgmt2 up
link set dev usr up
EOF

# address 10.9.0.2/24 of lab/admin:eth0
# bring up lab/admin:eth0
# address fd00:9::2/64 of lab/admin:eth0
# bring up lab/admin:lo
# route of lab/admin: default via 10.9.0.1 dev eth0
# route of lab/admin: default via fd00:9::1 dev eth0
in_guest management-vrf.lab ip -n admin -batch - <<'EOF'
addr add 10.9.0.2/24 dev eth0
link set dev eth0 up
addr add fd00:9::2/64 dev eth0 nodad
link set dev lo up
route add default via 10.9.0.1 dev eth0
route add default via fd00:9::1 dev eth0
EOF

# address 10.8.0.2/24 of lab/user:eth0
# bring up lab/user:lo
# bring up lab/user:eth0
# route of lab/user: default via 10.8.0.1 dev eth0
in_guest management-vrf.lab ip -n user -batch - <<'EOF'
addr add 10.8.0.2/24 dev eth0
link set dev lo up
link set dev eth0 up
route add default via 10.8.0.1 dev eth0
EOF
