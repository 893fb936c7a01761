#!/bin/sh
# bond-failover: A bond of two cables loses its pings for less than a second when the one in use is cut
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

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "tag3epp3e237",
  "veh79jgaybvq",
  "taaa9spgwqc9",
  "vey2qe8edk4d",
}
define lab_all = {
  $lab,
}
table arp patchlab.bond-failover {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.bond-failover {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.bond-failover {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of rack
ip netns add bond-failover.rack

# ---- devices ----

# let the qemu log of server begin anew, and go with the lab
# let the console log of server begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/bond-failover.server.log /var/log/libvirt/qemu/bond-failover.server.console.log

# server:eth1: its tap on the host
# mark server:eth1 tap as the lab's
# bring server:eth1 tap up
# give server:eth1 tap a name that people can read
# rack:eth1: its veth on the host
# mark rack:eth1 veth as the lab's
# bring rack:eth1 veth up
# give rack:eth1 veth a name that people can read
# server:eth2: its tap on the host
# mark server:eth2 tap as the lab's
# bring server:eth2 tap up
# give server:eth2 tap a name that people can read
# rack:eth2: its veth on the host
# mark rack:eth2 veth as the lab's
# bring rack:eth2 veth up
# give rack:eth2 veth a name that people can read
ip -batch - <<'EOF'
tuntap add dev tag3epp3e237 mode tap vnet_hdr
link set dev tag3epp3e237 alias patchlab:bond-failover address 02:34:1f:dd:e3:69 addrgenmode none
link set dev tag3epp3e237 up
link property add dev tag3epp3e237 altname bond-failover.server.eth1.tap
link add name veh79jgaybvq address 02:22:6c:92:f5:b2 type veth peer name eth1 netns bond-failover.rack address 02:d7:e2:98:e9:f3
link set dev veh79jgaybvq alias patchlab:bond-failover addrgenmode none
link set dev veh79jgaybvq up
link property add dev veh79jgaybvq altname bond-failover.rack.eth1.veth
tuntap add dev taaa9spgwqc9 mode tap vnet_hdr
link set dev taaa9spgwqc9 alias patchlab:bond-failover address 02:fb:d4:26:32:3c addrgenmode none
link set dev taaa9spgwqc9 up
link property add dev taaa9spgwqc9 altname bond-failover.server.eth2.tap
link add name vey2qe8edk4d address 02:0f:81:d5:a1:5c type veth peer name eth2 netns bond-failover.rack address 02:1e:97:92:e1:01
link set dev vey2qe8edk4d alias patchlab:bond-failover addrgenmode none
link set dev vey2qe8edk4d up
link property add dev vey2qe8edk4d altname bond-failover.rack.eth2.veth
EOF

# ---- switches ----

# let tag3epp3e237 filter what it receives
tc qdisc add dev tag3epp3e237 ingress

# what tag3epp3e237 receives leaves by veh79jgaybvq
tc filter add dev tag3epp3e237 ingress protocol all u32 match u32 0 0 action mirred egress redirect dev veh79jgaybvq

# let veh79jgaybvq filter what it receives
tc qdisc add dev veh79jgaybvq ingress

# what veh79jgaybvq receives leaves by tag3epp3e237
tc filter add dev veh79jgaybvq ingress protocol all u32 match u32 0 0 action mirred egress redirect dev tag3epp3e237

# let taaa9spgwqc9 filter what it receives
tc qdisc add dev taaa9spgwqc9 ingress

# what taaa9spgwqc9 receives leaves by vey2qe8edk4d
tc filter add dev taaa9spgwqc9 ingress protocol all u32 match u32 0 0 action mirred egress redirect dev vey2qe8edk4d

# let vey2qe8edk4d filter what it receives
tc qdisc add dev vey2qe8edk4d ingress

# what vey2qe8edk4d receives leaves by taaa9spgwqc9
tc filter add dev vey2qe8edk4d ingress protocol all u32 match u32 0 0 action mirred egress redirect dev taaa9spgwqc9

# ---- guests ----

# boot server (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>bond-failover.server</name>
  <uuid>84f2ef0b-2b58-8e6d-a546-cb9c5a1f3ded</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="bond-failover" node="server"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=server patchlab.nics=02:86:14:47:3a:5d=eth1,02:e8:00:b0:73:2d=eth2</cmdline>
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
    <interface type="ethernet">
      <mac address="02:86:14:47:3a:5d"/>
      <target dev="tag3epp3e237" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:e8:00:b0:73:2d"/>
      <target dev="taaa9spgwqc9" managed="no"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/bond-failover.server.console.log" append="off"/>
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

# wait until server answers
await_agent bond-failover.server

# mark rack as the lab's
# bridge br0
# plug eth1 into br0
# plug eth2 into br0
# address 10.0.0.2/24 of rack:br0
# bring up rack:lo
# bring up rack:eth1
# bring up rack:eth2
# bring up rack:br0
ip -n bond-failover.rack -batch - <<'EOF'
link set dev lo alias patchlab:bond-failover
link add name br0 address 02:40:78:22:93:4c type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev eth1 master br0
link set dev eth2 master br0
addr add 10.0.0.2/24 dev br0
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev br0 up
EOF

# bond bond0
# eth1 is a member of bond0
# eth1 is a member of bond0
# eth1 is a member of bond0
# eth2 is a member of bond0
# eth2 is a member of bond0
# eth2 is a member of bond0
# address 10.0.0.1/24 of server:bond0
# bring up server:lo
# bring up server:eth1
# bring up server:eth2
# bring up server:bond0
in_guest bond-failover.server ip -batch - <<'EOF'
link add name bond0 address 02:21:d2:17:43:4f type bond mode active-backup miimon 100
link set dev bond0 address 02:21:d2:17:43:4f
link set dev eth1 down
link set dev eth1 master bond0
link set dev bond0 address 02:21:d2:17:43:4f
link set dev eth2 down
link set dev eth2 master bond0
addr add 10.0.0.1/24 dev bond0
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev bond0 up
EOF
