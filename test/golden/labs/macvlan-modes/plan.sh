#!/bin/sh
# macvlan-modes: Two namespaces on one lower device hear each other in mode bridge, and in mode vepa only by a switch that reflects
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "vexmyphjrscn",
  "vef3m562ajwy",
  "vemac2cwcx7x",
  "ve2bj5suqqhx",
  "ve2ys7752id4",
}
define lab_all = {
  $lab,
  "brng5ys5rfxd",
}
table arp patchlab.macvlan-modes {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.macvlan-modes {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.macvlan-modes {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of a
# network namespace of b
# network namespace of wire
ip -batch - <<'EOF'
netns add macvlan-modes.a
netns add macvlan-modes.b
netns add macvlan-modes.wire
EOF

# ---- devices ----

# bridged: lower device
# mark bridged lower as the lab's
# bring bridged lower up
# give bridged lower a name that people can read
# a:eth1: macvlan on bridged lower
# b:eth1: macvlan on bridged lower
# plain: lower device
# mark plain lower as the lab's
# bring plain lower up
# give plain lower a name that people can read
# mark plain far as the lab's
# bring plain far up
# give plain far a name that people can read
# a:eth2: macvlan on plain lower
# b:eth2: macvlan on plain lower
# relayed: lower device
# mark relayed lower as the lab's
# bring relayed lower up
# give relayed lower a name that people can read
# mark relayed far as the lab's
# bring relayed far up
# give relayed far a name that people can read
# a:eth3: macvlan on relayed lower
# b:eth3: macvlan on relayed lower
ip -batch - <<'EOF'
link add name vexmyphjrscn address 02:93:7e:5a:18:d3 type veth peer name eth1 netns macvlan-modes.wire address 02:28:dc:17:47:45
link set dev vexmyphjrscn alias patchlab:macvlan-modes addrgenmode none
link set dev vexmyphjrscn up
link property add dev vexmyphjrscn altname macvlan-modes.bridged.lower
link add link vexmyphjrscn name eth1 netns macvlan-modes.a address 02:a3:5d:08:33:27 type macvlan mode bridge
link add link vexmyphjrscn name eth1 netns macvlan-modes.b address 02:c7:3a:0d:8f:35 type macvlan mode bridge
link add name vef3m562ajwy address 02:f1:ad:d6:1d:83 type veth peer name vemac2cwcx7x address 02:4f:dc:03:5e:5a
link set dev vef3m562ajwy alias patchlab:macvlan-modes addrgenmode none
link set dev vef3m562ajwy up
link property add dev vef3m562ajwy altname macvlan-modes.plain.lower
link set dev vemac2cwcx7x alias patchlab:macvlan-modes addrgenmode none
link set dev vemac2cwcx7x up
link property add dev vemac2cwcx7x altname macvlan-modes.plain.far
link add link vef3m562ajwy name eth2 netns macvlan-modes.a address 02:33:f6:00:8f:e2 type macvlan mode vepa
link add link vef3m562ajwy name eth2 netns macvlan-modes.b address 02:d4:e0:c1:08:2c type macvlan mode vepa
link add name ve2bj5suqqhx address 02:71:3d:42:73:00 type veth peer name ve2ys7752id4 address 02:1b:fc:4c:a0:9d
link set dev ve2bj5suqqhx alias patchlab:macvlan-modes addrgenmode none
link set dev ve2bj5suqqhx up
link property add dev ve2bj5suqqhx altname macvlan-modes.relayed.lower
link set dev ve2ys7752id4 alias patchlab:macvlan-modes addrgenmode none
link set dev ve2ys7752id4 up
link property add dev ve2ys7752id4 altname macvlan-modes.relayed.far
link add link ve2bj5suqqhx name eth3 netns macvlan-modes.a address 02:79:f6:33:b1:ce type macvlan mode vepa
link add link ve2bj5suqqhx name eth3 netns macvlan-modes.b address 02:5a:06:87:20:1b type macvlan mode vepa
EOF

# ---- switches ----

# relayed: bridge that reflects
# mark relayed relay as the lab's
# bring relayed relay up
# relayed: send back what comes by ve2ys7752id4
# settings of the port ve2ys7752id4
ip -batch - <<'EOF'
link add name brng5ys5rfxd address 02:d1:be:31:41:c1 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brng5ys5rfxd alias patchlab:macvlan-modes addrgenmode none
link set dev brng5ys5rfxd up
link set dev ve2ys7752id4 master brng5ys5rfxd
link set dev ve2ys7752id4 type bridge_slave hairpin on
EOF

# ---- inside ----

# mark a as the lab's
# address 10.0.1.1/24 of a:eth1
# address 10.0.2.1/24 of a:eth2
# address 10.0.3.1/24 of a:eth3
# bring up a:lo
# bring up a:eth1
# bring up a:eth2
# bring up a:eth3
ip -n macvlan-modes.a -batch - <<'EOF'
link set dev lo alias patchlab:macvlan-modes
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
ip -n macvlan-modes.b -batch - <<'EOF'
link set dev lo alias patchlab:macvlan-modes
addr add 10.0.1.2/24 dev eth1
addr add 10.0.2.2/24 dev eth2
addr add 10.0.3.2/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
EOF

# mark wire as the lab's
# address 10.0.1.9/24 of wire:eth1
# bring up wire:lo
# bring up wire:eth1
ip -n macvlan-modes.wire -batch - <<'EOF'
link set dev lo alias patchlab:macvlan-modes
addr add 10.0.1.9/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF
