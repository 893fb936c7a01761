#!/bin/sh
# tc-redirect: Between two devices that tc redirects into each other nothing is reserved, and nothing crosses while one is down
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "vebej4aevxsk",
  "vepjdf6j8jj3",
  "veeei6rbzmyc",
  "vejpm6bpjf5j",
}
define lab_all = {
  $lab,
}
table arp patchlab.tc-redirect {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.tc-redirect {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.tc-redirect {
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
netns add tc-redirect.a
netns add tc-redirect.b
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
# give b:eth2 veth a name that people can read
# unplugged: patch cable a:eth3 - b:eth3
ip -batch - <<'EOF'
link add name vebej4aevxsk address 02:22:58:ba:01:89 type veth peer name eth1 netns tc-redirect.a address 02:cb:6f:68:f8:ac
link set dev vebej4aevxsk alias patchlab:tc-redirect addrgenmode none
link set dev vebej4aevxsk up
link property add dev vebej4aevxsk altname tc-redirect.a.eth1.veth
link add name vepjdf6j8jj3 address 02:e4:09:3e:86:c7 type veth peer name eth1 netns tc-redirect.b address 02:ae:4e:16:bf:75
link set dev vepjdf6j8jj3 alias patchlab:tc-redirect addrgenmode none
link set dev vepjdf6j8jj3 up
link property add dev vepjdf6j8jj3 altname tc-redirect.b.eth1.veth
link add name veeei6rbzmyc address 02:ec:8a:5d:92:eb type veth peer name eth2 netns tc-redirect.a address 02:25:10:9a:d5:9b
link set dev veeei6rbzmyc alias patchlab:tc-redirect addrgenmode none
link set dev veeei6rbzmyc up
link property add dev veeei6rbzmyc altname tc-redirect.a.eth2.veth
link add name vejpm6bpjf5j address 02:d2:28:86:6f:a6 type veth peer name eth2 netns tc-redirect.b address 02:78:1f:dc:66:85
link set dev vejpm6bpjf5j alias patchlab:tc-redirect addrgenmode none
link property add dev vejpm6bpjf5j altname tc-redirect.b.eth2.veth
link add name eth3 netns tc-redirect.a address 02:f5:ac:81:28:cf type veth peer name eth3 netns tc-redirect.b address 02:04:44:22:1e:50
EOF

# ---- switches ----

# let vebej4aevxsk filter what it receives
tc qdisc add dev vebej4aevxsk ingress

# what vebej4aevxsk receives leaves by vepjdf6j8jj3
tc filter add dev vebej4aevxsk ingress protocol all u32 match u32 0 0 action mirred egress redirect dev vepjdf6j8jj3

# let vepjdf6j8jj3 filter what it receives
tc qdisc add dev vepjdf6j8jj3 ingress

# what vepjdf6j8jj3 receives leaves by vebej4aevxsk
tc filter add dev vepjdf6j8jj3 ingress protocol all u32 match u32 0 0 action mirred egress redirect dev vebej4aevxsk

# let veeei6rbzmyc filter what it receives
tc qdisc add dev veeei6rbzmyc ingress

# what veeei6rbzmyc receives leaves by vejpm6bpjf5j
tc filter add dev veeei6rbzmyc ingress protocol all u32 match u32 0 0 action mirred egress redirect dev vejpm6bpjf5j

# let vejpm6bpjf5j filter what it receives
tc qdisc add dev vejpm6bpjf5j ingress

# what vejpm6bpjf5j receives leaves by veeei6rbzmyc
tc filter add dev vejpm6bpjf5j ingress protocol all u32 match u32 0 0 action mirred egress redirect dev veeei6rbzmyc

# ---- inside ----

# mark a as the lab's
# address 10.0.1.1/24 of a:eth1
# address 10.0.2.1/24 of a:eth2
# address 10.0.3.1/24 of a:eth3
# bring up a:lo
# bring up a:eth1
# bring up a:eth2
# bring up a:eth3
ip -n tc-redirect.a -batch - <<'EOF'
link set dev lo alias patchlab:tc-redirect
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
# leave down b:eth3
ip -n tc-redirect.b -batch - <<'EOF'
link set dev lo alias patchlab:tc-redirect
addr add 10.0.1.2/24 dev eth1
addr add 10.0.2.2/24 dev eth2
addr add 10.0.3.2/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 down
EOF
