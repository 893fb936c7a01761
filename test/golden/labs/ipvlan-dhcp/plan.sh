#!/bin/sh
# ipvlan-dhcp: Two ipvlans have one MAC, so a DHCP server tells them apart by their client identifiers, and must answer by broadcast
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
  "tai9tgdcrxe9",
  "vep8vs7cyz6r",
}
define lab_all = {
  $lab,
  "brkcvkh7ap9b",
}
table arp patchlab.ipvlan-dhcp {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.ipvlan-dhcp {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.ipvlan-dhcp {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of server
ip netns add ipvlan-dhcp.server

# ---- devices ----

# let the qemu log of host begin anew, and go with the lab
# let the console log of host begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/ipvlan-dhcp.host.log /var/log/libvirt/qemu/ipvlan-dhcp.host.console.log

# host:eth1: its tap on the host
# mark host:eth1 tap as the lab's
# bring host:eth1 tap up
# give host:eth1 tap a name that people can read
# server:eth1: its veth on the host
# mark server:eth1 veth as the lab's
# bring server:eth1 veth up
# give server:eth1 veth a name that people can read
ip -batch - <<'EOF'
tuntap add dev tai9tgdcrxe9 mode tap vnet_hdr
link set dev tai9tgdcrxe9 alias patchlab:ipvlan-dhcp address 02:c5:8b:ec:79:a6 addrgenmode none
link set dev tai9tgdcrxe9 up
link property add dev tai9tgdcrxe9 altname ipvlan-dhcp.host.eth1.tap
link add name vep8vs7cyz6r address 02:ab:4c:be:98:c1 type veth peer name eth1 netns ipvlan-dhcp.server address 02:33:4f:14:d7:47
link set dev vep8vs7cyz6r alias patchlab:ipvlan-dhcp addrgenmode none
link set dev vep8vs7cyz6r up
link property add dev vep8vs7cyz6r altname ipvlan-dhcp.server.eth1.veth
EOF

# ---- switches ----

# host:eth1-server:eth1: Linux bridge
# mark host:eth1-server:eth1 bridge as the lab's
# bring host:eth1-server:eth1 bridge up
# plug tai9tgdcrxe9 into the bridge
# plug vep8vs7cyz6r into the bridge
ip -batch - <<'EOF'
link add name brkcvkh7ap9b address 02:84:95:a9:ab:bb type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brkcvkh7ap9b alias patchlab:ipvlan-dhcp addrgenmode none
link set dev brkcvkh7ap9b up
link set dev tai9tgdcrxe9 master brkcvkh7ap9b
link set dev vep8vs7cyz6r master brkcvkh7ap9b
EOF

# ---- guests ----

# boot host (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>ipvlan-dhcp.host</name>
  <uuid>46878585-ba59-87f6-a470-d3017b1f8530</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="ipvlan-dhcp" node="host"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=host patchlab.nics=02:e0:43:0b:6f:26=eth1</cmdline>
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
      <mac address="02:e0:43:0b:6f:26"/>
      <target dev="tai9tgdcrxe9" managed="no"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/ipvlan-dhcp.host.console.log" append="off"/>
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
await_agent ipvlan-dhcp.host

# mark server as the lab's
# address 10.0.0.1/24 of server:eth1
# bring up server:lo
# bring up server:eth1
ip -n ipvlan-dhcp.server -batch - <<'EOF'
link set dev lo alias patchlab:ipvlan-dhcp
addr add 10.0.0.1/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# network namespace host/a
# network namespace host/b
# a:ip0: ipvlan on eth1
# b:ip0: ipvlan on eth1
# bring up host:lo
# bring up host:eth1
in_guest ipvlan-dhcp.host ip -batch - <<'EOF'
netns add a
netns add b
link add link eth1 name ip0 netns a type ipvlan mode l2 bridge
link add link eth1 name ip0 netns b type ipvlan mode l2 bridge
link set dev lo up
link set dev eth1 up
EOF

# bring up host/a:lo
# bring up host/a:ip0
in_guest ipvlan-dhcp.host ip -n a -batch - <<'EOF'
link set dev lo up
link set dev ip0 up
EOF

# bring up host/b:lo
# bring up host/b:ip0
in_guest ipvlan-dhcp.host ip -n b -batch - <<'EOF'
link set dev lo up
link set dev ip0 up
EOF
