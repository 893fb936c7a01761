#!/bin/sh
# ovs-normal: An Open vSwitch switch eats LLDP like any switch, until it is told to forward it, or a static flow does
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "vepiambd2k4v",
  "ve3y5cngze86",
  "vebvi4n7m3vc",
  "ovcaw3kn8rd6",
  "vemtbdmix66u",
  "ve4uf2rz8q4b",
  "veesxbkvmc64",
  "ovatjcehys6z",
  "ver2jktiws3w",
  "veahtct376yk",
  "ov3uhydx3z3b",
}
define lab_all = {
  $lab,
}
table arp patchlab.ovs-normal {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.ovs-normal {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.ovs-normal {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of a
# network namespace of b
# network namespace of c
ip -batch - <<'EOF'
netns add ovs-normal.a
netns add ovs-normal.b
netns add ovs-normal.c
EOF

# ---- devices ----

# a:eth1: its veth on the host
# mark a:eth1 veth as the lab's
# bring a:eth1 veth up
# give a:eth1 veth a name that people can read
# b:eth1: its veth on the host
# mark b:eth1 veth as the lab's
# bring b:eth1 veth up
# give b:eth1 veth a name that people can read
# c:eth1: its veth on the host
# mark c:eth1 veth as the lab's
# bring c:eth1 veth up
# give c:eth1 veth a name that people can read
# a:eth2: its veth on the host
# mark a:eth2 veth as the lab's
# bring a:eth2 veth up
# give a:eth2 veth a name that people can read
# b:eth2: its veth on the host
# mark b:eth2 veth as the lab's
# bring b:eth2 veth up
# give b:eth2 veth a name that people can read
# c:eth2: its veth on the host
# mark c:eth2 veth as the lab's
# bring c:eth2 veth up
# give c:eth2 veth a name that people can read
# a:eth3: its veth on the host
# mark a:eth3 veth as the lab's
# bring a:eth3 veth up
# give a:eth3 veth a name that people can read
# b:eth3: its veth on the host
# mark b:eth3 veth as the lab's
# bring b:eth3 veth up
# give b:eth3 veth a name that people can read
ip -batch - <<'EOF'
link add name vepiambd2k4v address 02:01:6f:c2:87:ef type veth peer name eth1 netns ovs-normal.a address 02:a0:32:a4:9e:1f
link set dev vepiambd2k4v alias patchlab:ovs-normal addrgenmode none
link set dev vepiambd2k4v up
link property add dev vepiambd2k4v altname ovs-normal.a.eth1.veth
link add name ve3y5cngze86 address 02:5a:cb:fb:fe:81 type veth peer name eth1 netns ovs-normal.b address 02:aa:90:d6:5b:79
link set dev ve3y5cngze86 alias patchlab:ovs-normal addrgenmode none
link set dev ve3y5cngze86 up
link property add dev ve3y5cngze86 altname ovs-normal.b.eth1.veth
link add name vebvi4n7m3vc address 02:1a:c8:eb:89:76 type veth peer name eth1 netns ovs-normal.c address 02:3a:55:12:0f:d8
link set dev vebvi4n7m3vc alias patchlab:ovs-normal addrgenmode none
link set dev vebvi4n7m3vc up
link property add dev vebvi4n7m3vc altname ovs-normal.c.eth1.veth
link add name vemtbdmix66u address 02:e5:00:7a:80:4d type veth peer name eth2 netns ovs-normal.a address 02:00:b5:c2:76:24
link set dev vemtbdmix66u alias patchlab:ovs-normal addrgenmode none
link set dev vemtbdmix66u up
link property add dev vemtbdmix66u altname ovs-normal.a.eth2.veth
link add name ve4uf2rz8q4b address 02:27:d2:eb:b5:4f type veth peer name eth2 netns ovs-normal.b address 02:c7:eb:be:d1:3b
link set dev ve4uf2rz8q4b alias patchlab:ovs-normal addrgenmode none
link set dev ve4uf2rz8q4b up
link property add dev ve4uf2rz8q4b altname ovs-normal.b.eth2.veth
link add name veesxbkvmc64 address 02:db:b8:d0:7a:7e type veth peer name eth2 netns ovs-normal.c address 02:c4:4f:54:90:13
link set dev veesxbkvmc64 alias patchlab:ovs-normal addrgenmode none
link set dev veesxbkvmc64 up
link property add dev veesxbkvmc64 altname ovs-normal.c.eth2.veth
link add name ver2jktiws3w address 02:82:eb:ab:a9:dc type veth peer name eth3 netns ovs-normal.a address 02:7e:81:4d:8f:a8
link set dev ver2jktiws3w alias patchlab:ovs-normal addrgenmode none
link set dev ver2jktiws3w up
link property add dev ver2jktiws3w altname ovs-normal.a.eth3.veth
link add name veahtct376yk address 02:81:d5:a1:a2:3b type veth peer name eth3 netns ovs-normal.b address 02:d3:1d:b2:5c:5a
link set dev veahtct376yk alias patchlab:ovs-normal addrgenmode none
link set dev veahtct376yk up
link property add dev veahtct376yk altname ovs-normal.b.eth3.veth
EOF

# ---- switches ----

# plain: switch
# plug vepiambd2k4v into port 25349 of the bridge
# plug ve3y5cngze86 into port 42795 of the bridge
# plug vebvi4n7m3vc into port 28374 of the bridge
# open: switch
# plug vemtbdmix66u into port 49808 of the bridge
# plug ve4uf2rz8q4b into port 36149 of the bridge
# plug veesxbkvmc64 into port 4769 of the bridge
# flows: switch
# plug ver2jktiws3w into port 41536 of the bridge
# plug veahtct376yk into port 26234 of the bridge
ovs-vsctl --timeout=30 -- add-br ovcaw3kn8rd6 -- set bridge ovcaw3kn8rd6 datapath_type=netdev fail_mode=secure external_ids:patchlab=ovs-normal 'other_config:hwaddr="02:70:6b:84:7b:b4"' -- add-port ovcaw3kn8rd6 vepiambd2k4v -- set interface vepiambd2k4v ofport_request=25349 external_ids:patchlab=ovs-normal -- add-port ovcaw3kn8rd6 ve3y5cngze86 -- set interface ve3y5cngze86 ofport_request=42795 external_ids:patchlab=ovs-normal -- add-port ovcaw3kn8rd6 vebvi4n7m3vc -- set interface vebvi4n7m3vc ofport_request=28374 external_ids:patchlab=ovs-normal -- add-br ovatjcehys6z -- set bridge ovatjcehys6z datapath_type=netdev fail_mode=secure external_ids:patchlab=ovs-normal 'other_config:hwaddr="02:db:9f:b4:15:f9"' other_config:forward-bpdu=true -- add-port ovatjcehys6z vemtbdmix66u -- set interface vemtbdmix66u ofport_request=49808 external_ids:patchlab=ovs-normal -- add-port ovatjcehys6z ve4uf2rz8q4b -- set interface ve4uf2rz8q4b ofport_request=36149 external_ids:patchlab=ovs-normal -- add-port ovatjcehys6z veesxbkvmc64 -- set interface veesxbkvmc64 ofport_request=4769 external_ids:patchlab=ovs-normal lldp:enable=true -- add-br ov3uhydx3z3b -- set bridge ov3uhydx3z3b datapath_type=netdev fail_mode=secure external_ids:patchlab=ovs-normal 'other_config:hwaddr="02:c7:22:8a:e7:28"' -- add-port ov3uhydx3z3b ver2jktiws3w -- set interface ver2jktiws3w ofport_request=41536 external_ids:patchlab=ovs-normal -- add-port ov3uhydx3z3b veahtct376yk -- set interface veahtct376yk ofport_request=26234 external_ids:patchlab=ovs-normal

# ---- flows ----

# learn and flood
ovs-ofctl --bundle add-flows ovcaw3kn8rd6 - <<'EOF'
priority=0,actions=NORMAL
EOF

# learn and flood
ovs-ofctl --bundle add-flows ovatjcehys6z - <<'EOF'
priority=0,actions=NORMAL
EOF

# learn and flood
# what enters by a:eth3 for 01:80:c2:00:00:0e leaves by b:eth3
ovs-ofctl --bundle add-flows ov3uhydx3z3b - <<'EOF'
priority=0,actions=NORMAL
priority=100,in_port=41536,dl_dst=01:80:c2:00:00:0e,actions=output:26234
EOF

# ---- attach ----

# let a:eth1 finish its checksums itself: the datapath does not
ip netns exec ovs-normal.a ethtool -K eth1 tx off

# let b:eth1 finish its checksums itself: the datapath does not
ip netns exec ovs-normal.b ethtool -K eth1 tx off

# let c:eth1 finish its checksums itself: the datapath does not
ip netns exec ovs-normal.c ethtool -K eth1 tx off

# let a:eth2 finish its checksums itself: the datapath does not
ip netns exec ovs-normal.a ethtool -K eth2 tx off

# let b:eth2 finish its checksums itself: the datapath does not
ip netns exec ovs-normal.b ethtool -K eth2 tx off

# let c:eth2 finish its checksums itself: the datapath does not
ip netns exec ovs-normal.c ethtool -K eth2 tx off

# let a:eth3 finish its checksums itself: the datapath does not
ip netns exec ovs-normal.a ethtool -K eth3 tx off

# let b:eth3 finish its checksums itself: the datapath does not
ip netns exec ovs-normal.b ethtool -K eth3 tx off

# ---- inside ----

# mark a as the lab's
# address 10.0.1.1/24 of a:eth1
# address 10.0.2.1/24 of a:eth2
# address 10.0.3.1/24 of a:eth3
# bring up a:lo
# bring up a:eth1
# bring up a:eth2
# bring up a:eth3
ip -n ovs-normal.a -batch - <<'EOF'
link set dev lo alias patchlab:ovs-normal
addr add 10.0.1.1/24 dev eth1
addr add 10.0.2.1/24 dev eth2
addr add 10.0.3.1/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
EOF

# mark b as the lab's
# address 10.0.1.2/24 of b:eth1
# address 10.0.2.2/24 of b:eth2
# address 10.0.3.2/24 of b:eth3
# bring up b:lo
# bring up b:eth1
# bring up b:eth2
# bring up b:eth3
ip -n ovs-normal.b -batch - <<'EOF'
link set dev lo alias patchlab:ovs-normal
addr add 10.0.1.2/24 dev eth1
addr add 10.0.2.2/24 dev eth2
addr add 10.0.3.2/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
EOF

# mark c as the lab's
# address 10.0.1.3/24 of c:eth1
# address 10.0.2.3/24 of c:eth2
# bring up c:lo
# bring up c:eth1
# bring up c:eth2
ip -n ovs-normal.c -batch - <<'EOF'
link set dev lo alias patchlab:ovs-normal
addr add 10.0.1.3/24 dev eth1
addr add 10.0.2.3/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF
