#!/bin/sh
# bond-modes: A bond hears by the member that it uses, programs hear by every member, and a cable whose far end is dead is found by ARP alone
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
  "taivbj3xkimx",
  "veya8723m2cg",
  "tapkyg5fe6sr",
  "veazm8p7smx8",
  "ovvkvh5h3p2f",
  "tapw6zmfbzqv",
  "tadknk5dupae",
  "veaedxydn8zv",
  "taw6jxpb496x",
  "tagtds34xi33",
  "vedbrg9sbmkn",
  "ta28zvf9xxay",
  "ta94fy8mgmgu",
  "verdmqekcmcj",
}
define lab_all = {
  $lab,
  "brsb5qkhkhrf",
  "brkr8tvjf4sg",
  "br55z7immyvm",
  "brcesjptdc3n",
}
table arp patchlab.bond-modes {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.bond-modes {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.bond-modes {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of client
# network namespace of left
ip -batch - <<'EOF'
netns add bond-modes.client
netns add bond-modes.left
EOF

# ---- devices ----

# let the qemu log of server begin anew, and go with the lab
# let the console log of server begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/bond-modes.server.log /var/log/libvirt/qemu/bond-modes.server.console.log

# server:eth2: its tap on the host
# mark server:eth2 tap as the lab's
# bring server:eth2 tap up
# give server:eth2 tap a name that people can read
# client:eth0: its veth on the host
# mark client:eth0 veth as the lab's
# bring client:eth0 veth up
# give client:eth0 veth a name that people can read
# server:eth1: its tap on the host
# mark server:eth1 tap as the lab's
# bring server:eth1 tap up
# give server:eth1 tap a name that people can read
# left:eth1: its veth on the host
# mark left:eth1 veth as the lab's
# bring left:eth1 veth up
# give left:eth1 veth a name that people can read
# server:eth3: its tap on the host
# mark server:eth3 tap as the lab's
# give server:eth3 tap a name that people can read
# server:eth4: its tap on the host
# mark server:eth4 tap as the lab's
# bring server:eth4 tap up
# give server:eth4 tap a name that people can read
# client:eth1: its veth on the host
# mark client:eth1 veth as the lab's
# bring client:eth1 veth up
# give client:eth1 veth a name that people can read
# server:eth5: its tap on the host
# mark server:eth5 tap as the lab's
# give server:eth5 tap a name that people can read
# server:eth6: its tap on the host
# mark server:eth6 tap as the lab's
# bring server:eth6 tap up
# give server:eth6 tap a name that people can read
# client:eth2: its veth on the host
# mark client:eth2 veth as the lab's
# bring client:eth2 veth up
# give client:eth2 veth a name that people can read
# server:eth7: its tap on the host
# mark server:eth7 tap as the lab's
# bring server:eth7 tap up
# give server:eth7 tap a name that people can read
# server:eth8: its tap on the host
# mark server:eth8 tap as the lab's
# bring server:eth8 tap up
# give server:eth8 tap a name that people can read
# client:eth3: its veth on the host
# mark client:eth3 veth as the lab's
# bring client:eth3 veth up
# give client:eth3 veth a name that people can read
ip -batch - <<'EOF'
tuntap add dev taivbj3xkimx mode tap vnet_hdr
link set dev taivbj3xkimx alias patchlab:bond-modes address 02:71:20:20:27:5d addrgenmode none
link set dev taivbj3xkimx up
link property add dev taivbj3xkimx altname bond-modes.server.eth2.tap
link add name veya8723m2cg address 02:99:b3:ee:28:31 type veth peer name eth0 netns bond-modes.client address 02:1f:6b:fe:51:70
link set dev veya8723m2cg alias patchlab:bond-modes addrgenmode none
link set dev veya8723m2cg up
link property add dev veya8723m2cg altname bond-modes.client.eth0.veth
tuntap add dev tapkyg5fe6sr mode tap vnet_hdr
link set dev tapkyg5fe6sr alias patchlab:bond-modes address 02:3e:45:5d:06:77 addrgenmode none
link set dev tapkyg5fe6sr up
link property add dev tapkyg5fe6sr altname bond-modes.server.eth1.tap
link add name veazm8p7smx8 address 02:b7:0d:66:d0:59 type veth peer name eth1 netns bond-modes.left address 02:d8:0f:38:2b:fb
link set dev veazm8p7smx8 alias patchlab:bond-modes addrgenmode none
link set dev veazm8p7smx8 up
link property add dev veazm8p7smx8 altname bond-modes.left.eth1.veth
tuntap add dev tapw6zmfbzqv mode tap vnet_hdr
link set dev tapw6zmfbzqv alias patchlab:bond-modes address 02:92:02:35:6f:9b addrgenmode none
link property add dev tapw6zmfbzqv altname bond-modes.server.eth3.tap
tuntap add dev tadknk5dupae mode tap vnet_hdr
link set dev tadknk5dupae alias patchlab:bond-modes address 02:b3:e9:25:be:77 addrgenmode none
link set dev tadknk5dupae up
link property add dev tadknk5dupae altname bond-modes.server.eth4.tap
link add name veaedxydn8zv address 02:ab:6b:f9:9c:bb type veth peer name eth1 netns bond-modes.client address 02:58:70:62:3d:2c
link set dev veaedxydn8zv alias patchlab:bond-modes addrgenmode none
link set dev veaedxydn8zv up
link property add dev veaedxydn8zv altname bond-modes.client.eth1.veth
tuntap add dev taw6jxpb496x mode tap vnet_hdr
link set dev taw6jxpb496x alias patchlab:bond-modes address 02:2d:7b:68:63:76 addrgenmode none
link property add dev taw6jxpb496x altname bond-modes.server.eth5.tap
tuntap add dev tagtds34xi33 mode tap vnet_hdr
link set dev tagtds34xi33 alias patchlab:bond-modes address 02:99:0d:8d:14:ba addrgenmode none
link set dev tagtds34xi33 up
link property add dev tagtds34xi33 altname bond-modes.server.eth6.tap
link add name vedbrg9sbmkn address 02:54:9b:44:c9:d3 type veth peer name eth2 netns bond-modes.client address 02:63:0b:15:72:1b
link set dev vedbrg9sbmkn alias patchlab:bond-modes addrgenmode none
link set dev vedbrg9sbmkn up
link property add dev vedbrg9sbmkn altname bond-modes.client.eth2.veth
tuntap add dev ta28zvf9xxay mode tap vnet_hdr
link set dev ta28zvf9xxay alias patchlab:bond-modes address 02:04:9a:2e:b7:42 addrgenmode none
link set dev ta28zvf9xxay up
link property add dev ta28zvf9xxay altname bond-modes.server.eth7.tap
tuntap add dev ta94fy8mgmgu mode tap vnet_hdr
link set dev ta94fy8mgmgu alias patchlab:bond-modes address 02:56:dc:c1:dd:ef addrgenmode none
link set dev ta94fy8mgmgu up
link property add dev ta94fy8mgmgu altname bond-modes.server.eth8.tap
link add name verdmqekcmcj address 02:8e:c0:c9:73:2d type veth peer name eth3 netns bond-modes.client address 02:e7:4f:3d:ff:31
link set dev verdmqekcmcj alias patchlab:bond-modes addrgenmode none
link set dev verdmqekcmcj up
link property add dev verdmqekcmcj altname bond-modes.client.eth3.veth
EOF

# ---- switches ----

# sw0: Linux bridge
# mark sw0 bridge as the lab's
# bring sw0 bridge up
# plug taivbj3xkimx into the bridge
# plug veya8723m2cg into the bridge
ip -batch - <<'EOF'
link add name brsb5qkhkhrf address 02:d1:37:13:5f:10 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brsb5qkhkhrf alias patchlab:bond-modes addrgenmode none
link set dev brsb5qkhkhrf up
link set dev taivbj3xkimx master brsb5qkhkhrf
link set dev veya8723m2cg master brsb5qkhkhrf
EOF

# spare: patch panel
# plug tapkyg5fe6sr into port 14080 of the bridge
# plug veazm8p7smx8 into port 38916 of the bridge
ovs-vsctl --timeout=30 -- add-br ovvkvh5h3p2f -- set bridge ovvkvh5h3p2f datapath_type=netdev fail_mode=secure external_ids:patchlab=bond-modes 'other_config:hwaddr="02:8a:2a:9e:0a:e1"' -- add-port ovvkvh5h3p2f tapkyg5fe6sr -- set interface tapkyg5fe6sr ofport_request=14080 external_ids:patchlab=bond-modes -- add-port ovvkvh5h3p2f veazm8p7smx8 -- set interface veazm8p7smx8 ofport_request=38916 external_ids:patchlab=bond-modes

# sw1: Linux bridge
# mark sw1 bridge as the lab's
# bring sw1 bridge up
# plug tapw6zmfbzqv into the bridge
# plug tadknk5dupae into the bridge
# plug veaedxydn8zv into the bridge
# sw2: Linux bridge
# mark sw2 bridge as the lab's
# bring sw2 bridge up
# plug taw6jxpb496x into the bridge
# plug tagtds34xi33 into the bridge
# plug vedbrg9sbmkn into the bridge
# sw3: Linux bridge
# mark sw3 bridge as the lab's
# bring sw3 bridge up
# plug ta28zvf9xxay into the bridge
# plug ta94fy8mgmgu into the bridge
# plug verdmqekcmcj into the bridge
ip -batch - <<'EOF'
link add name brkr8tvjf4sg address 02:10:11:a7:40:da type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brkr8tvjf4sg alias patchlab:bond-modes addrgenmode none
link set dev brkr8tvjf4sg up
link set dev tapw6zmfbzqv master brkr8tvjf4sg
link set dev tadknk5dupae master brkr8tvjf4sg
link set dev veaedxydn8zv master brkr8tvjf4sg
link add name br55z7immyvm address 02:d6:20:1a:6d:78 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev br55z7immyvm alias patchlab:bond-modes addrgenmode none
link set dev br55z7immyvm up
link set dev taw6jxpb496x master br55z7immyvm
link set dev tagtds34xi33 master br55z7immyvm
link set dev vedbrg9sbmkn master br55z7immyvm
link add name brcesjptdc3n address 02:ad:4d:86:de:28 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brcesjptdc3n alias patchlab:bond-modes addrgenmode none
link set dev brcesjptdc3n up
link set dev ta28zvf9xxay master brcesjptdc3n
link set dev ta94fy8mgmgu master brcesjptdc3n
link set dev verdmqekcmcj master brcesjptdc3n
EOF

# ---- flows ----

# what enters by server:eth1 leaves by left:eth1
# what enters by left:eth1 leaves by server:eth1
ovs-ofctl --bundle add-flows ovvkvh5h3p2f - <<'EOF'
priority=100,in_port=14080,actions=output:38916
priority=100,in_port=38916,actions=output:14080
EOF

# ---- guests ----

# boot server (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>bond-modes.server</name>
  <uuid>e1a1be24-736d-81f3-a0c7-ca5f61a16928</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="bond-modes" node="server"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=server patchlab.nics=02:f8:b2:a4:8d:44=eth1,02:84:dc:64:78:f9=eth2,02:b3:e2:ec:8e:68=eth3,02:34:d4:c1:c4:11=eth4,02:2d:48:84:94:0d=eth5,02:9f:67:b6:fe:64=eth6,02:25:b1:14:3e:46=eth7,02:29:ad:27:f2:1b=eth8</cmdline>
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
      <mac address="02:f8:b2:a4:8d:44"/>
      <target dev="tapkyg5fe6sr" managed="no"/>
      <driver>
        <host csum="off" tso4="off" tso6="off" ecn="off" ufo="off" gso="off"/>
        <guest csum="off" tso4="off" tso6="off" ecn="off" ufo="off"/>
      </driver>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:84:dc:64:78:f9"/>
      <target dev="taivbj3xkimx" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:b3:e2:ec:8e:68"/>
      <target dev="tapw6zmfbzqv" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:34:d4:c1:c4:11"/>
      <target dev="tadknk5dupae" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:2d:48:84:94:0d"/>
      <target dev="taw6jxpb496x" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:9f:67:b6:fe:64"/>
      <target dev="tagtds34xi33" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:25:b1:14:3e:46"/>
      <target dev="ta28zvf9xxay" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:29:ad:27:f2:1b"/>
      <target dev="ta94fy8mgmgu" managed="no"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/bond-modes.server.console.log" append="off"/>
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

# let left:eth1 finish its checksums itself: the datapath does not
ip netns exec bond-modes.left ethtool -K eth1 tx off

# ---- inside ----

# wait until server answers
await_agent bond-modes.server

# mark client as the lab's
# address 10.0.0.2/24 of client:eth0
# address 10.0.1.2/24 of client:eth1
# address 10.0.2.2/24 of client:eth2
# address 10.0.3.2/24 of client:eth3
# bring up client:lo
# bring up client:eth0
# bring up client:eth1
# bring up client:eth2
# bring up client:eth3
ip -n bond-modes.client -batch - <<'EOF'
link set dev lo alias patchlab:bond-modes
addr add 10.0.0.2/24 dev eth0
addr add 10.0.1.2/24 dev eth1
addr add 10.0.2.2/24 dev eth2
addr add 10.0.3.2/24 dev eth3
link set dev lo up
link set dev eth0 up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
EOF

# mark left as the lab's
# bring up left:lo
# bring up left:eth1
ip -n bond-modes.left -batch - <<'EOF'
link set dev lo alias patchlab:bond-modes
link set dev lo up
link set dev eth1 up
EOF

# bond bond0
# eth1 is a member of bond0
# eth1 is a member of bond0
# eth1 is a member of bond0
# eth2 is a member of bond0
# eth2 is a member of bond0
# eth2 is a member of bond0
# eth2 is a member of bond0
# bond bond1
# eth3 is a member of bond1
# eth3 is a member of bond1
# eth3 is a member of bond1
# eth4 is a member of bond1
# eth4 is a member of bond1
# eth4 is a member of bond1
# bond bond2
# eth5 is a member of bond2
# eth5 is a member of bond2
# eth5 is a member of bond2
# eth6 is a member of bond2
# eth6 is a member of bond2
# eth6 is a member of bond2
# bond bond3
# eth7 is a member of bond3
# eth7 is a member of bond3
# eth7 is a member of bond3
# eth8 is a member of bond3
# eth8 is a member of bond3
# eth8 is a member of bond3
# address 10.0.0.1/24 of server:bond0
# address 10.0.1.1/24 of server:bond1
# address 10.0.2.1/24 of server:bond2
# address 10.0.3.1/24 of server:bond3
# bring up server:lo
# bring up server:eth1
# bring up server:eth2
# bring up server:eth3
# bring up server:eth4
# bring up server:eth5
# bring up server:eth6
# bring up server:eth7
# bring up server:eth8
# bring up server:bond0
# bring up server:bond1
# bring up server:bond2
# bring up server:bond3
in_guest bond-modes.server ip -batch - <<'EOF'
link add name bond0 address 02:fb:99:c7:6e:69 type bond mode active-backup miimon 100
link set dev bond0 address 02:fb:99:c7:6e:69
link set dev eth1 down
link set dev eth1 master bond0
link set dev bond0 address 02:fb:99:c7:6e:69
link set dev eth2 down
link set dev eth2 master bond0
link set dev bond0 type bond primary eth2
link add name bond1 address 02:9e:74:a4:b9:e0 type bond mode active-backup miimon 100
link set dev bond1 address 02:9e:74:a4:b9:e0
link set dev eth3 down
link set dev eth3 master bond1
link set dev bond1 address 02:9e:74:a4:b9:e0
link set dev eth4 down
link set dev eth4 master bond1
link add name bond2 address 02:4b:c2:64:af:fb type bond mode active-backup arp_interval 100 arp_ip_target 10.0.2.2
link set dev bond2 address 02:4b:c2:64:af:fb
link set dev eth5 down
link set dev eth5 master bond2
link set dev bond2 address 02:4b:c2:64:af:fb
link set dev eth6 down
link set dev eth6 master bond2
link add name bond3 address 02:43:ea:27:22:4c type bond mode broadcast miimon 100
link set dev bond3 address 02:43:ea:27:22:4c
link set dev eth7 down
link set dev eth7 master bond3
link set dev bond3 address 02:43:ea:27:22:4c
link set dev eth8 down
link set dev eth8 master bond3
addr add 10.0.0.1/24 dev bond0
addr add 10.0.1.1/24 dev bond1
addr add 10.0.2.1/24 dev bond2
addr add 10.0.3.1/24 dev bond3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
link set dev eth4 up
link set dev eth5 up
link set dev eth6 up
link set dev eth7 up
link set dev eth8 up
link set dev bond0 up
link set dev bond1 up
link set dev bond2 up
link set dev bond3 up
EOF
