#!/bin/sh
# moved-patches: Four hosts on a patch panel hear whom they are patched to and nobody else, and patches are moved while the lab is up
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "veveb968ggu3",
  "ve43ad7qwgae",
  "ve3yr8aw9cz6",
  "ves8rmy6xk23",
  "ov5swpjt8xpk",
}
define lab_all = {
  $lab,
}
table arp patchlab.moved-patches {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.moved-patches {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.moved-patches {
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
# network namespace of d
ip -batch - <<'EOF'
netns add moved-patches.a
netns add moved-patches.b
netns add moved-patches.c
netns add moved-patches.d
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
# d:eth1: its veth on the host
# mark d:eth1 veth as the lab's
# bring d:eth1 veth up
# give d:eth1 veth a name that people can read
ip -batch - <<'EOF'
link add name veveb968ggu3 address 02:b0:e5:5b:a2:0e type veth peer name eth1 netns moved-patches.a address 02:7d:83:86:2f:19
link set dev veveb968ggu3 alias patchlab:moved-patches addrgenmode none
link set dev veveb968ggu3 up
link property add dev veveb968ggu3 altname moved-patches.a.eth1.veth
link add name ve43ad7qwgae address 02:2d:2d:8b:60:54 type veth peer name eth1 netns moved-patches.b address 02:a0:20:4d:8d:11
link set dev ve43ad7qwgae alias patchlab:moved-patches addrgenmode none
link set dev ve43ad7qwgae up
link property add dev ve43ad7qwgae altname moved-patches.b.eth1.veth
link add name ve3yr8aw9cz6 address 02:2e:5c:ff:71:0f type veth peer name eth1 netns moved-patches.c address 02:c6:e0:ec:c4:a3
link set dev ve3yr8aw9cz6 alias patchlab:moved-patches addrgenmode none
link set dev ve3yr8aw9cz6 up
link property add dev ve3yr8aw9cz6 altname moved-patches.c.eth1.veth
link add name ves8rmy6xk23 address 02:a8:b5:f4:94:e3 type veth peer name eth1 netns moved-patches.d address 02:f0:b3:b7:b6:28
link set dev ves8rmy6xk23 alias patchlab:moved-patches addrgenmode none
link set dev ves8rmy6xk23 up
link property add dev ves8rmy6xk23 altname moved-patches.d.eth1.veth
EOF

# ---- switches ----

# rack: patch panel
# plug veveb968ggu3 into port 25349 of the bridge
# plug ve43ad7qwgae into port 42795 of the bridge
# plug ve3yr8aw9cz6 into port 28374 of the bridge
# plug ves8rmy6xk23 into port 56408 of the bridge
ovs-vsctl --timeout=30 -- add-br ov5swpjt8xpk -- set bridge ov5swpjt8xpk datapath_type=netdev fail_mode=secure external_ids:patchlab=moved-patches 'other_config:hwaddr="02:41:c4:83:f2:ad"' -- add-port ov5swpjt8xpk veveb968ggu3 -- set interface veveb968ggu3 ofport_request=25349 external_ids:patchlab=moved-patches -- add-port ov5swpjt8xpk ve43ad7qwgae -- set interface ve43ad7qwgae ofport_request=42795 external_ids:patchlab=moved-patches -- add-port ov5swpjt8xpk ve3yr8aw9cz6 -- set interface ve3yr8aw9cz6 ofport_request=28374 external_ids:patchlab=moved-patches -- add-port ov5swpjt8xpk ves8rmy6xk23 -- set interface ves8rmy6xk23 ofport_request=56408 external_ids:patchlab=moved-patches

# ---- flows ----

# what enters by a:eth1 leaves by b:eth1
# what enters by b:eth1 leaves by a:eth1
# what enters by c:eth1 leaves by d:eth1
# what enters by d:eth1 leaves by c:eth1
ovs-ofctl --bundle add-flows ov5swpjt8xpk - <<'EOF'
priority=100,in_port=25349,actions=output:42795
priority=100,in_port=42795,actions=output:25349
priority=100,in_port=28374,actions=output:56408
priority=100,in_port=56408,actions=output:28374
EOF

# ---- attach ----

# let a:eth1 finish its checksums itself: the datapath does not
ip netns exec moved-patches.a ethtool -K eth1 tx off

# let b:eth1 finish its checksums itself: the datapath does not
ip netns exec moved-patches.b ethtool -K eth1 tx off

# let c:eth1 finish its checksums itself: the datapath does not
ip netns exec moved-patches.c ethtool -K eth1 tx off

# let d:eth1 finish its checksums itself: the datapath does not
ip netns exec moved-patches.d ethtool -K eth1 tx off

# ---- inside ----

# mark a as the lab's
# address 10.0.0.1/24 of a:eth1
# bring up a:lo
# bring up a:eth1
ip -n moved-patches.a -batch - <<'EOF'
link set dev lo alias patchlab:moved-patches
addr add 10.0.0.1/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# mark b as the lab's
# address 10.0.0.2/24 of b:eth1
# bring up b:lo
# bring up b:eth1
ip -n moved-patches.b -batch - <<'EOF'
link set dev lo alias patchlab:moved-patches
addr add 10.0.0.2/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# mark c as the lab's
# address 10.0.0.3/24 of c:eth1
# bring up c:lo
# bring up c:eth1
ip -n moved-patches.c -batch - <<'EOF'
link set dev lo alias patchlab:moved-patches
addr add 10.0.0.3/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# mark d as the lab's
# address 10.0.0.4/24 of d:eth1
# bring up d:lo
# bring up d:eth1
ip -n moved-patches.d -batch - <<'EOF'
link set dev lo alias patchlab:moved-patches
addr add 10.0.0.4/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF
