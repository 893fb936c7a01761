#!/bin/sh
# macvlan-own-parent: Namespaces on macvlans in mode bridge reach each other and other machines, but never the stack of their own parent device
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "ve3ihgsk5rv3",
  "vezsmhdnujpn",
  "vejrnm6x965a",
  "vebuwitkyfjv",
}
define lab_all = {
  $lab,
  "brz3jqraac4v",
}
table arp patchlab.macvlan-own-parent {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.macvlan-own-parent {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.macvlan-own-parent {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of node1
# network namespace of node1/ns1
# network namespace of node1/ns2
# network namespace of node2
# network namespace of node2/ns1
# network namespace of node3
# network namespace of node3/ns1
# network namespace of gateway
# network namespace of client
ip -batch - <<'EOF'
netns add macvlan-own-parent.node1
netns add macvlan-own-parent.node1.ns1
netns add macvlan-own-parent.node1.ns2
netns add macvlan-own-parent.node2
netns add macvlan-own-parent.node2.ns1
netns add macvlan-own-parent.node3
netns add macvlan-own-parent.node3.ns1
netns add macvlan-own-parent.gateway
netns add macvlan-own-parent.client
EOF

# ---- devices ----

# node1:ens160: its veth on the host
# mark node1:ens160 veth as the lab's
# bring node1:ens160 veth up
# give node1:ens160 veth a name that people can read
# node2:ens160: its veth on the host
# mark node2:ens160 veth as the lab's
# bring node2:ens160 veth up
# give node2:ens160 veth a name that people can read
# node3:ens160: its veth on the host
# mark node3:ens160 veth as the lab's
# bring node3:ens160 veth up
# give node3:ens160 veth a name that people can read
# gateway:eth1: its veth on the host
# mark gateway:eth1 veth as the lab's
# bring gateway:eth1 veth up
# give gateway:eth1 veth a name that people can read
# gateway:eth2-client:eth1: patch cable
ip -batch - <<'EOF'
link add name ve3ihgsk5rv3 address 02:3d:91:bc:83:48 type veth peer name ens160 netns macvlan-own-parent.node1 address 02:08:69:25:91:d2
link set dev ve3ihgsk5rv3 alias patchlab:macvlan-own-parent addrgenmode none
link set dev ve3ihgsk5rv3 up
link property add dev ve3ihgsk5rv3 altname macvlan-own-parent.node1.ens160.veth
link add name vezsmhdnujpn address 02:f0:73:58:02:ae type veth peer name ens160 netns macvlan-own-parent.node2 address 02:44:72:d2:80:85
link set dev vezsmhdnujpn alias patchlab:macvlan-own-parent addrgenmode none
link set dev vezsmhdnujpn up
link property add dev vezsmhdnujpn altname macvlan-own-parent.node2.ens160.veth
link add name vejrnm6x965a address 02:7a:52:9c:2b:29 type veth peer name ens160 netns macvlan-own-parent.node3 address 02:a9:4f:f0:67:8f
link set dev vejrnm6x965a alias patchlab:macvlan-own-parent addrgenmode none
link set dev vejrnm6x965a up
link property add dev vejrnm6x965a altname macvlan-own-parent.node3.ens160.veth
link add name vebuwitkyfjv address 02:e5:61:93:1a:a3 type veth peer name eth1 netns macvlan-own-parent.gateway address 02:78:a2:7f:4e:82
link set dev vebuwitkyfjv alias patchlab:macvlan-own-parent addrgenmode none
link set dev vebuwitkyfjv up
link property add dev vebuwitkyfjv altname macvlan-own-parent.gateway.eth1.veth
link add name eth2 netns macvlan-own-parent.gateway address 02:00:45:f9:c6:50 type veth peer name eth1 netns macvlan-own-parent.client address 02:e7:b5:bb:85:16
EOF

# ---- switches ----

# lan: Linux bridge
# mark lan bridge as the lab's
# bring lan bridge up
# plug ve3ihgsk5rv3 into the bridge
# plug vezsmhdnujpn into the bridge
# plug vejrnm6x965a into the bridge
# plug vebuwitkyfjv into the bridge
ip -batch - <<'EOF'
link add name brz3jqraac4v address 02:48:5d:a7:ef:b7 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brz3jqraac4v alias patchlab:macvlan-own-parent addrgenmode none
link set dev brz3jqraac4v up
link set dev ve3ihgsk5rv3 master brz3jqraac4v
link set dev vezsmhdnujpn master brz3jqraac4v
link set dev vejrnm6x965a master brz3jqraac4v
link set dev vebuwitkyfjv master brz3jqraac4v
EOF

# ---- inside ----

# mark node1 as the lab's
ip -n macvlan-own-parent.node1 link set dev lo alias patchlab:macvlan-own-parent

# mark node2 as the lab's
ip -n macvlan-own-parent.node2 link set dev lo alias patchlab:macvlan-own-parent

# mark node3 as the lab's
ip -n macvlan-own-parent.node3 link set dev lo alias patchlab:macvlan-own-parent

# mark gateway as the lab's
ip -n macvlan-own-parent.gateway link set dev lo alias patchlab:macvlan-own-parent

# mark client as the lab's
# address 10.8.0.241/16 of client:eth1
# bring up client:lo
# bring up client:eth1
# route of client: default via 10.8.0.1 dev eth1
ip -n macvlan-own-parent.client -batch - <<'EOF'
link set dev lo alias patchlab:macvlan-own-parent
addr add 10.8.0.241/16 dev eth1
link set dev lo up
link set dev eth1 up
route add default via 10.8.0.1 dev eth1
EOF

# mark node1/ns1 as the lab's
ip -n macvlan-own-parent.node1.ns1 link set dev lo alias patchlab:macvlan-own-parent

# mark node2/ns1 as the lab's
ip -n macvlan-own-parent.node2.ns1 link set dev lo alias patchlab:macvlan-own-parent

# mark node3/ns1 as the lab's
ip -n macvlan-own-parent.node3.ns1 link set dev lo alias patchlab:macvlan-own-parent

# net.ipv4.ip_forward of gateway
ip netns exec macvlan-own-parent.gateway sysctl -q -w net.ipv4.ip_forward=1

# mark node1/ns2 as the lab's
ip -n macvlan-own-parent.node1.ns2 link set dev lo alias patchlab:macvlan-own-parent

# ns1:mac1: macvlan on ens160
# address 192.168.179.10/16 of node2:ens160
# bring up node2:lo
# bring up node2:ens160
# route of node2: default via 192.168.1.1 dev ens160
ip -n macvlan-own-parent.node2 -batch - <<'EOF'
link add link ens160 name mac1 netns macvlan-own-parent.node2.ns1 address 02:06:a8:18:b0:e1 type macvlan mode bridge
addr add 192.168.179.10/16 dev ens160
link set dev lo up
link set dev ens160 up
route add default via 192.168.1.1 dev ens160
EOF

# mac0: macvlan on ens160
# ns1:mac1: macvlan on ens160
ip -n macvlan-own-parent.node3 -batch - <<'EOF'
link add link ens160 name mac0 address 02:a8:ca:c2:f4:50 type macvlan mode bridge
link add link ens160 name mac1 netns macvlan-own-parent.node3.ns1 address 02:86:62:81:5c:fe type macvlan mode bridge
EOF

# address 192.168.1.1/16 of gateway:eth1
# address 10.8.0.1/16 of gateway:eth2
# bring up gateway:lo
# bring up gateway:eth1
# bring up gateway:eth2
ip -n macvlan-own-parent.gateway -batch - <<'EOF'
addr add 192.168.1.1/16 dev eth1
addr add 10.8.0.1/16 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# ns1:mac1: macvlan on ens160
# ns2:mac2: macvlan on ens160
# address 192.168.179.9/16 of node1:ens160
# bring up node1:lo
# bring up node1:ens160
# route of node1: default via 192.168.1.1 dev ens160
ip -n macvlan-own-parent.node1 -batch - <<'EOF'
link add link ens160 name mac1 netns macvlan-own-parent.node1.ns1 address 02:4b:57:23:16:37 type macvlan mode bridge
link add link ens160 name mac2 netns macvlan-own-parent.node1.ns2 address 02:c3:d1:58:00:7e type macvlan mode bridge
addr add 192.168.179.9/16 dev ens160
link set dev lo up
link set dev ens160 up
route add default via 192.168.1.1 dev ens160
EOF

# address 192.168.179.14/16 of node2/ns1:mac1
# bring up node2/ns1:lo
# bring up node2/ns1:mac1
ip -n macvlan-own-parent.node2.ns1 -batch - <<'EOF'
addr add 192.168.179.14/16 dev mac1
link set dev lo up
link set dev mac1 up
EOF

# net.ipv4.conf.all.arp_ignore of node3
ip netns exec macvlan-own-parent.node3 sysctl -q -w net.ipv4.conf.all.arp_ignore=1

# address 192.168.179.12/16 of node1/ns1:mac1
# bring up node1/ns1:lo
# bring up node1/ns1:mac1
ip -n macvlan-own-parent.node1.ns1 -batch - <<'EOF'
addr add 192.168.179.12/16 dev mac1
link set dev lo up
link set dev mac1 up
EOF

# address 192.168.179.11/16 of node3:mac0
# bring up node3:lo
# bring up node3:ens160
# bring up node3:mac0
# route of node3: default via 192.168.1.1 dev mac0
ip -n macvlan-own-parent.node3 -batch - <<'EOF'
addr add 192.168.179.11/16 dev mac0
link set dev lo up
link set dev ens160 up
link set dev mac0 up
route add default via 192.168.1.1 dev mac0
EOF

# address 192.168.179.13/16 of node1/ns2:mac2
# bring up node1/ns2:lo
# bring up node1/ns2:mac2
# route of node1/ns2: default via 192.168.1.1 dev mac2
ip -n macvlan-own-parent.node1.ns2 -batch - <<'EOF'
addr add 192.168.179.13/16 dev mac2
link set dev lo up
link set dev mac2 up
route add default via 192.168.1.1 dev mac2
EOF

# address 192.168.179.15/16 of node3/ns1:mac1
# bring up node3/ns1:lo
# bring up node3/ns1:mac1
ip -n macvlan-own-parent.node3.ns1 -batch - <<'EOF'
addr add 192.168.179.15/16 dev mac1
link set dev lo up
link set dev mac1 up
EOF
