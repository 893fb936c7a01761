#!/bin/sh
# picked-cables: Cables that name what must cross them, and leave the kind to patchlab
# Builds the lab by hand; teardown.sh removes it.
# guests: auto takes macvtap (vepa allmulticast), the cheapest that carries lldp, arp-reply both ways
#   not veth: It cannot end in sw1, which is a vm.
#   not macvtap (vepa): lldp from sw1:eth1 to sw2:eth1 dies but for luck at sw2:eth1 macvtap: The macvtap filters multicast: it has not joined 01:80:c2:00:00:0e and drops it, unless the group happens to share one of the filter's 256 bits with a group that it is in. The hash is salted with the device's address in memory: about one device in a hundred lets the class through, and it does so until it is made anew.
# mixed: auto takes ovs-panel, the cheapest that carries all classes both ways
#   not veth: It cannot end in sw1, which is a vm.
#   not macvtap (vepa): It does not carry lldp, stp, lacp, dot1x, pause, cdp, nd-solicitation, mdns, igmp, unicast-foreign. lldp from a:eth1 to sw1:eth2 dies but for luck at sw1:eth2 macvtap: The macvtap filters multicast: it has not joined 01:80:c2:00:00:0e and drops it, unless the group happens to share one of the filter's 256 bits with a group that it is in. The hash is salted with the device's address in memory: about one device in a hundred lets the class through, and it does so until it is made anew.
#   not macvtap (vepa allmulticast): It does not carry pause, unicast-foreign. pause from a:eth1 to sw1:eth2 dies at sw1:eth2 macvtap: A macvlan or macvtap hands up no PAUSE frame that goes to a group.
#   not macvtap (passthru): It does not carry lldp, stp, lacp, dot1x, pause, cdp, nd-solicitation, mdns, igmp. lldp from a:eth1 to sw1:eth2 dies but for luck at sw1:eth2 macvtap: The macvtap filters multicast: it has not joined 01:80:c2:00:00:0e and drops it, unless the group happens to share one of the filter's 256 bits with a group that it is in. The hash is salted with the device's address in memory: about one device in a hundred lets the class through, and it does so until it is made anew.
#   not macvtap (passthru allmulticast): pause from a:eth1 to sw1:eth2 dies at sw1:eth2 macvtap: A macvlan or macvtap hands up no PAUSE frame that goes to a group.
#   not udp: It cannot end in a, which is a netns.
# spaces: auto takes veth, the cheapest that carries lldp, lacp, stp both ways
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
  "veu3nz7xvxg4",
  "vej3vctvikra",
  "mawwqvfribuy",
  "magsx9sj9e35",
  "tawmftrjvq7z",
  "vev2sq8634m9",
  "ovnq2gihi4pg",
  "veh8wt4dek9f",
  "vejq5i25ktzc",
}
define lab_all = {
  $lab,
  "br54az73ybhi",
}
table arp patchlab.picked-cables {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.picked-cables {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.picked-cables {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of a
# network namespace of b
ip -batch - <<'EOF'
netns add picked-cables.a
netns add picked-cables.b
EOF

# ---- devices ----

# let the qemu log of sw1 begin anew, and go with the lab
# let the console log of sw1 begin anew, and go with the lab
# let the qemu log of sw2 begin anew, and go with the lab
# let the console log of sw2 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/picked-cables.sw1.log /var/log/libvirt/qemu/picked-cables.sw1.console.log /var/log/libvirt/qemu/picked-cables.sw2.log /var/log/libvirt/qemu/picked-cables.sw2.console.log

# guests: cable sw1:eth1 - sw2:eth1
# mark sw1:eth1 veth as the lab's
# bring sw1:eth1 veth up
# give sw1:eth1 veth a name that people can read
# mark sw2:eth1 veth as the lab's
# bring sw2:eth1 veth up
# give sw2:eth1 veth a name that people can read
# sw1:eth2: its tap on the host
# mark sw1:eth2 tap as the lab's
# bring sw1:eth2 tap up
# give sw1:eth2 tap a name that people can read
# a:eth1: its veth on the host
# mark a:eth1 veth as the lab's
# bring a:eth1 veth up
# give a:eth1 veth a name that people can read
# spaces: patch cable a:eth2 - b:eth1
# a:eth3: its veth on the host
# mark a:eth3 veth as the lab's
# bring a:eth3 veth up
# give a:eth3 veth a name that people can read
# b:eth2: its veth on the host
# mark b:eth2 veth as the lab's
# bring b:eth2 veth up
# give b:eth2 veth a name that people can read
ip -batch - <<'EOF'
link add name veu3nz7xvxg4 address 02:ec:5e:f3:3c:82 type veth peer name vej3vctvikra address 02:2b:cb:85:86:63
link set dev veu3nz7xvxg4 alias patchlab:picked-cables addrgenmode none
link set dev veu3nz7xvxg4 up
link property add dev veu3nz7xvxg4 altname picked-cables.sw1.eth1.veth
link set dev vej3vctvikra alias patchlab:picked-cables addrgenmode none
link set dev vej3vctvikra up
link property add dev vej3vctvikra altname picked-cables.sw2.eth1.veth
tuntap add dev tawmftrjvq7z mode tap vnet_hdr
link set dev tawmftrjvq7z alias patchlab:picked-cables address 02:5b:3b:08:ef:de addrgenmode none
link set dev tawmftrjvq7z up
link property add dev tawmftrjvq7z altname picked-cables.sw1.eth2.tap
link add name vev2sq8634m9 address 02:eb:0e:b9:9c:fc type veth peer name eth1 netns picked-cables.a address 02:07:7a:f6:d5:eb
link set dev vev2sq8634m9 alias patchlab:picked-cables addrgenmode none
link set dev vev2sq8634m9 up
link property add dev vev2sq8634m9 altname picked-cables.a.eth1.veth
link add name eth2 netns picked-cables.a address 02:68:04:0b:d6:e4 type veth peer name eth1 netns picked-cables.b address 02:a9:02:98:38:5d
link add name veh8wt4dek9f address 02:70:a3:d9:1a:73 type veth peer name eth3 netns picked-cables.a address 02:79:f0:09:cf:f6
link set dev veh8wt4dek9f alias patchlab:picked-cables addrgenmode none
link set dev veh8wt4dek9f up
link property add dev veh8wt4dek9f altname picked-cables.a.eth3.veth
link add name vejq5i25ktzc address 02:4e:a3:94:3f:8b type veth peer name eth2 netns picked-cables.b address 02:dc:87:20:fe:03
link set dev vejq5i25ktzc alias patchlab:picked-cables addrgenmode none
link set dev vejq5i25ktzc up
link property add dev vejq5i25ktzc altname picked-cables.b.eth2.veth
EOF

# ---- switches ----

# mixed: patch panel
# plug tawmftrjvq7z into port 57523 of the bridge
# plug vev2sq8634m9 into port 25349 of the bridge
ovs-vsctl --timeout=30 -- add-br ovnq2gihi4pg -- set bridge ovnq2gihi4pg datapath_type=netdev fail_mode=secure external_ids:patchlab=picked-cables 'other_config:hwaddr="02:b5:96:91:24:00"' -- add-port ovnq2gihi4pg tawmftrjvq7z -- set interface tawmftrjvq7z ofport_request=57523 external_ids:patchlab=picked-cables -- add-port ovnq2gihi4pg vev2sq8634m9 -- set interface vev2sq8634m9 ofport_request=25349 external_ids:patchlab=picked-cables

# masked: Linux bridge
# mark masked bridge as the lab's
# bring masked bridge up
# plug veh8wt4dek9f into the bridge
# settings of the port veh8wt4dek9f
# plug vejq5i25ktzc into the bridge
# settings of the port vejq5i25ktzc
ip -batch - <<'EOF'
link add name br54az73ybhi address 02:70:81:2b:4f:2f type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev br54az73ybhi alias patchlab:picked-cables addrgenmode none
link set dev br54az73ybhi up
link set dev veh8wt4dek9f master br54az73ybhi
link set dev veh8wt4dek9f type bridge_slave group_fwd_mask 0x4000
link set dev vejq5i25ktzc master br54az73ybhi
link set dev vejq5i25ktzc type bridge_slave group_fwd_mask 0x4000
EOF

# ---- flows ----

# what enters by sw1:eth2 leaves by a:eth1
# what enters by a:eth1 leaves by sw1:eth2
ovs-ofctl --bundle add-flows ovnq2gihi4pg - <<'EOF'
priority=100,in_port=57523,actions=output:25349
priority=100,in_port=25349,actions=output:57523
EOF

# ---- guests ----

# boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>picked-cables.sw1</name>
  <uuid>f79c62b3-f8d5-8556-a638-cd7e4682a2b0</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="picked-cables" node="sw1"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw1 patchlab.nics=02:2f:d4:3b:9a:4f=eth1,02:28:d1:2b:a3:64=eth2</cmdline>
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
    <interface type="direct">
      <mac address="02:2f:d4:3b:9a:4f"/>
      <source dev="veu3nz7xvxg4" mode="vepa"/>
      <target dev="mawwqvfribuy"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:28:d1:2b:a3:64"/>
      <target dev="tawmftrjvq7z" managed="no"/>
      <driver>
        <host csum="off" tso4="off" tso6="off" ecn="off" ufo="off" gso="off"/>
        <guest csum="off" tso4="off" tso6="off" ecn="off" ufo="off"/>
      </driver>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/picked-cables.sw1.console.log" append="off"/>
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

# boot sw2 (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>picked-cables.sw2</name>
  <uuid>e9e303ca-5198-8689-abda-e466503cce7d</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="picked-cables" node="sw2"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw2 patchlab.nics=02:89:2e:ef:92:ea=eth1</cmdline>
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
    <interface type="direct">
      <mac address="02:89:2e:ef:92:ea"/>
      <source dev="vej3vctvikra" mode="vepa"/>
      <target dev="magsx9sj9e35"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/picked-cables.sw2.console.log" append="off"/>
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

# ---- attach ----

# mark sw1:eth1 macvtap and set allmulticast on
# take from sw1:eth1 macvtap the address that the host gave it: it is the guest's
# mark sw2:eth1 macvtap and set allmulticast on
# take from sw2:eth1 macvtap the address that the host gave it: it is the guest's
ip -batch - <<'EOF'
link set dev mawwqvfribuy alias patchlab:picked-cables allmulticast on addrgenmode none
addr flush dev mawwqvfribuy
link set dev magsx9sj9e35 alias patchlab:picked-cables allmulticast on addrgenmode none
addr flush dev magsx9sj9e35
EOF

# let a:eth1 finish its checksums itself: the datapath does not
ip netns exec picked-cables.a ethtool -K eth1 tx off

# ---- inside ----

# wait until sw1 answers
await_agent picked-cables.sw1

# wait until sw2 answers
await_agent picked-cables.sw2

# mark a as the lab's
# address 10.0.2.2/24 of a:eth1
# address 10.0.3.1/24 of a:eth2
# address 10.0.4.1/24 of a:eth3
# bring up a:lo
# bring up a:eth1
# bring up a:eth2
# bring up a:eth3
ip -n picked-cables.a -batch - <<'EOF'
link set dev lo alias patchlab:picked-cables
addr add 10.0.2.2/24 dev eth1
addr add 10.0.3.1/24 dev eth2
addr add 10.0.4.1/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
EOF

# mark b as the lab's
# address 10.0.3.2/24 of b:eth1
# address 10.0.4.2/24 of b:eth2
# bring up b:lo
# bring up b:eth1
# bring up b:eth2
ip -n picked-cables.b -batch - <<'EOF'
link set dev lo alias patchlab:picked-cables
addr add 10.0.3.2/24 dev eth1
addr add 10.0.4.2/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# address 10.0.1.1/24 of sw1:eth1
# address 10.0.2.1/24 of sw1:eth2
# bring up sw1:lo
# bring up sw1:eth1
# bring up sw1:eth2
in_guest picked-cables.sw1 ip -batch - <<'EOF'
addr add 10.0.1.1/24 dev eth1
addr add 10.0.2.1/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# address 10.0.1.2/24 of sw2:eth1
# bring up sw2:lo
# bring up sw2:eth1
in_guest picked-cables.sw2 ip -batch - <<'EOF'
addr add 10.0.1.2/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF
