#!/bin/sh
# bridge-settings: Isolated ports do not hear each other, BPDUs pass a bridge without spanning tree, and a mask of one port opens one direction
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "vesmeimswtp9",
  "vendq4jzyciy",
  "vehkz5mecky9",
  "ve9bww6iawqw",
  "vejyhatnde66",
}
define lab_all = {
  $lab,
  "br9bw3w2bqfa",
  "bra8wh645zzy",
}
table arp patchlab.bridge-settings {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.bridge-settings {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.bridge-settings {
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
netns add bridge-settings.a
netns add bridge-settings.b
netns add bridge-settings.c
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
ip -batch - <<'EOF'
link add name vesmeimswtp9 address 02:d3:58:b2:80:87 type veth peer name eth1 netns bridge-settings.a address 02:55:98:2f:64:91
link set dev vesmeimswtp9 alias patchlab:bridge-settings addrgenmode none
link set dev vesmeimswtp9 up
link property add dev vesmeimswtp9 altname bridge-settings.a.eth1.veth
link add name vendq4jzyciy address 02:2b:72:38:cf:d4 type veth peer name eth1 netns bridge-settings.b address 02:7f:e0:41:bd:2f
link set dev vendq4jzyciy alias patchlab:bridge-settings addrgenmode none
link set dev vendq4jzyciy up
link property add dev vendq4jzyciy altname bridge-settings.b.eth1.veth
link add name vehkz5mecky9 address 02:57:ef:53:00:74 type veth peer name eth1 netns bridge-settings.c address 02:e5:6d:99:8d:82
link set dev vehkz5mecky9 alias patchlab:bridge-settings addrgenmode none
link set dev vehkz5mecky9 up
link property add dev vehkz5mecky9 altname bridge-settings.c.eth1.veth
link add name ve9bww6iawqw address 02:17:c9:52:61:8f type veth peer name eth2 netns bridge-settings.a address 02:45:7b:6d:d9:97
link set dev ve9bww6iawqw alias patchlab:bridge-settings addrgenmode none
link set dev ve9bww6iawqw up
link property add dev ve9bww6iawqw altname bridge-settings.a.eth2.veth
link add name vejyhatnde66 address 02:ee:c1:52:b2:af type veth peer name eth2 netns bridge-settings.b address 02:78:a0:92:78:0a
link set dev vejyhatnde66 alias patchlab:bridge-settings addrgenmode none
link set dev vejyhatnde66 up
link property add dev vejyhatnde66 altname bridge-settings.b.eth2.veth
EOF

# ---- switches ----

# private: Linux bridge
# mark private bridge as the lab's
# bring private bridge up
# plug vesmeimswtp9 into the bridge
# settings of the port vesmeimswtp9
# plug vendq4jzyciy into the bridge
# settings of the port vendq4jzyciy
# plug vehkz5mecky9 into the bridge
# oneway: Linux bridge
# mark oneway bridge as the lab's
# bring oneway bridge up
# plug ve9bww6iawqw into the bridge
# settings of the port ve9bww6iawqw
# plug vejyhatnde66 into the bridge
ip -batch - <<'EOF'
link add name br9bw3w2bqfa address 02:ca:88:24:b5:69 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev br9bw3w2bqfa alias patchlab:bridge-settings addrgenmode none
link set dev br9bw3w2bqfa up
link set dev vesmeimswtp9 master br9bw3w2bqfa
link set dev vesmeimswtp9 type bridge_slave isolated on
link set dev vendq4jzyciy master br9bw3w2bqfa
link set dev vendq4jzyciy type bridge_slave isolated on
link set dev vehkz5mecky9 master br9bw3w2bqfa
link add name bra8wh645zzy address 02:ca:7b:2d:2a:1a type bridge stp_state 1 mcast_snooping 0 forward_delay 200
link set dev bra8wh645zzy alias patchlab:bridge-settings addrgenmode none
link set dev bra8wh645zzy up
link set dev ve9bww6iawqw master bra8wh645zzy
link set dev ve9bww6iawqw type bridge_slave group_fwd_mask 0x4000
link set dev vejyhatnde66 master bra8wh645zzy
EOF

# ---- inside ----

# mark a as the lab's
# address 10.0.1.1/24 of a:eth1
# address 10.0.2.1/24 of a:eth2
# bring up a:lo
# bring up a:eth1
# bring up a:eth2
ip -n bridge-settings.a -batch - <<'EOF'
link set dev lo alias patchlab:bridge-settings
addr add 10.0.1.1/24 dev eth1
addr add 10.0.2.1/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# mark b as the lab's
# address 10.0.1.2/24 of b:eth1
# address 10.0.2.2/24 of b:eth2
# bring up b:lo
# bring up b:eth1
# bring up b:eth2
ip -n bridge-settings.b -batch - <<'EOF'
link set dev lo alias patchlab:bridge-settings
addr add 10.0.1.2/24 dev eth1
addr add 10.0.2.2/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# mark c as the lab's
# address 10.0.1.3/24 of c:eth1
# bring up c:lo
# bring up c:eth1
ip -n bridge-settings.c -batch - <<'EOF'
link set dev lo alias patchlab:bridge-settings
addr add 10.0.1.3/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF
