#!/bin/sh
# reserved-groups: A generated frame of each reserved group shows what a bridge keeps, what its port masks let through, and that PAUSE never crosses
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "vekwwgi4pfxp",
  "vekzz26q6eb6",
  "ve647zgyqkyj",
  "vekvvw4adima",
}
define lab_all = {
  $lab,
  "brv3gbt94xdt",
  "brsbjm3q2s7t",
}
table arp patchlab.reserved-groups {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.reserved-groups {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.reserved-groups {
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
netns add reserved-groups.a
netns add reserved-groups.b
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
# a:eth2: its veth on the host
# mark a:eth2 veth as the lab's
# bring a:eth2 veth up
# give a:eth2 veth a name that people can read
# b:eth2: its veth on the host
# mark b:eth2 veth as the lab's
# bring b:eth2 veth up
# give b:eth2 veth a name that people can read
ip -batch - <<'EOF'
link add name vekwwgi4pfxp address 02:e3:48:4d:4d:41 type veth peer name eth1 netns reserved-groups.a address 02:e0:1d:63:72:f6
link set dev vekwwgi4pfxp alias patchlab:reserved-groups addrgenmode none
link set dev vekwwgi4pfxp up
link property add dev vekwwgi4pfxp altname reserved-groups.a.eth1.veth
link add name vekzz26q6eb6 address 02:01:6f:27:19:20 type veth peer name eth1 netns reserved-groups.b address 02:d7:4b:ae:72:6a
link set dev vekzz26q6eb6 alias patchlab:reserved-groups addrgenmode none
link set dev vekzz26q6eb6 up
link property add dev vekzz26q6eb6 altname reserved-groups.b.eth1.veth
link add name ve647zgyqkyj address 02:77:e1:47:71:79 type veth peer name eth2 netns reserved-groups.a address 02:74:e3:f4:5f:66
link set dev ve647zgyqkyj alias patchlab:reserved-groups addrgenmode none
link set dev ve647zgyqkyj up
link property add dev ve647zgyqkyj altname reserved-groups.a.eth2.veth
link add name vekvvw4adima address 02:28:ee:7a:36:03 type veth peer name eth2 netns reserved-groups.b address 02:ce:72:7b:39:51
link set dev vekvvw4adima alias patchlab:reserved-groups addrgenmode none
link set dev vekvvw4adima up
link property add dev vekvvw4adima altname reserved-groups.b.eth2.veth
EOF

# ---- switches ----

# plain: Linux bridge
# mark plain bridge as the lab's
# bring plain bridge up
# plug vekwwgi4pfxp into the bridge
# plug vekzz26q6eb6 into the bridge
# masked: Linux bridge
# mark masked bridge as the lab's
# bring masked bridge up
# plug ve647zgyqkyj into the bridge
# settings of the port ve647zgyqkyj
# plug vekvvw4adima into the bridge
# settings of the port vekvvw4adima
ip -batch - <<'EOF'
link add name brv3gbt94xdt address 02:55:42:74:a9:70 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brv3gbt94xdt alias patchlab:reserved-groups addrgenmode none
link set dev brv3gbt94xdt up
link set dev vekwwgi4pfxp master brv3gbt94xdt
link set dev vekzz26q6eb6 master brv3gbt94xdt
link add name brsbjm3q2s7t address 02:ff:6f:75:df:07 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brsbjm3q2s7t alias patchlab:reserved-groups addrgenmode none
link set dev brsbjm3q2s7t up
link set dev ve647zgyqkyj master brsbjm3q2s7t
link set dev ve647zgyqkyj type bridge_slave group_fwd_mask 0xfffd
link set dev vekvvw4adima master brsbjm3q2s7t
link set dev vekvvw4adima type bridge_slave group_fwd_mask 0xfffd
EOF

# ---- inside ----

# mark a as the lab's
# bring up a:lo
# bring up a:eth1
# bring up a:eth2
ip -n reserved-groups.a -batch - <<'EOF'
link set dev lo alias patchlab:reserved-groups
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# mark b as the lab's
# bring up b:lo
# bring up b:eth1
# bring up b:eth2
ip -n reserved-groups.b -batch - <<'EOF'
link set dev lo alias patchlab:reserved-groups
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF
