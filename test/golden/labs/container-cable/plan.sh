#!/bin/sh
# container-cable: Two containers on a cable of their own hear LLDP from each other, and a bridge beside it eats it
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "veifzggmzpcf",
  "ve4whmckwzxn",
}
define lab_all = {
  $lab,
  "brdmp6ugj85w",
}
table arp patchlab.container-cable {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.container-cable {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.container-cable {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# run container left (busybox) by docker
docker run --detach --interactive --name container-cable.left --hostname left --network none --pull never --label patchlab.lab=container-cable --label patchlab.node=left busybox

# run container right (busybox) by docker
docker run --detach --interactive --name container-cable.right --hostname right --network none --pull never --label patchlab.lab=container-cable --label patchlab.node=right busybox sleep infinity

# network namespace of container left
sh -c '
pid_of() { "$1" container inspect --format '\''{{.State.Pid}}'\'' "$2"; }
pid=$(pid_of "$1" "$2") || exit 1
if [ "$pid" -ne 0 ] && nsenter --net="/proc/$pid/ns/net" ip link show dev lo | grep -qF "alias $3"; then
  "$1" restart --time 0 "$2" >/dev/null || exit 1
  pid=$(pid_of "$1" "$2")
fi
if [ "$pid" -ne 0 ]; then
  if [ "/proc/$pid/ns/net" -ef /proc/self/ns/net ]; then
    echo "container $2 has no network namespace of its own" >&2
    exit 1
  fi
  ip netns attach "$2" "$pid" &&
    nsenter --net="/run/netns/$2" sysctl -q -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 &&
    exit 0
fi
if [ "$(pid_of "$1" "$2")" -eq 0 ]; then
  echo "container $2 has ended as soon as it was started; what it said:" >&2
  "$1" logs --tail 10 "$2" >&2
fi
exit 1
' attach docker container-cable.left patchlab:

# network namespace of container right
sh -c '
pid_of() { "$1" container inspect --format '\''{{.State.Pid}}'\'' "$2"; }
pid=$(pid_of "$1" "$2") || exit 1
if [ "$pid" -ne 0 ] && nsenter --net="/proc/$pid/ns/net" ip link show dev lo | grep -qF "alias $3"; then
  "$1" restart --time 0 "$2" >/dev/null || exit 1
  pid=$(pid_of "$1" "$2")
fi
if [ "$pid" -ne 0 ]; then
  if [ "/proc/$pid/ns/net" -ef /proc/self/ns/net ]; then
    echo "container $2 has no network namespace of its own" >&2
    exit 1
  fi
  ip netns attach "$2" "$pid" &&
    nsenter --net="/run/netns/$2" sysctl -q -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 &&
    exit 0
fi
if [ "$(pid_of "$1" "$2")" -eq 0 ]; then
  echo "container $2 has ended as soon as it was started; what it said:" >&2
  "$1" logs --tail 10 "$2" >&2
fi
exit 1
' attach docker container-cable.right patchlab:

# ---- devices ----

# left:eth1-right:eth1: patch cable
# left:eth2: its veth on the host
# mark left:eth2 veth as the lab's
# bring left:eth2 veth up
# give left:eth2 veth a name that people can read
# right:eth2: its veth on the host
# mark right:eth2 veth as the lab's
# bring right:eth2 veth up
# give right:eth2 veth a name that people can read
ip -batch - <<'EOF'
link add name eth1 netns container-cable.left address 02:64:13:3e:6b:19 type veth peer name eth1 netns container-cable.right address 02:fd:7e:67:4e:69
link add name veifzggmzpcf address 02:af:37:29:6b:60 type veth peer name eth2 netns container-cable.left address 02:7c:bb:4c:a2:aa
link set dev veifzggmzpcf alias patchlab:container-cable addrgenmode none
link set dev veifzggmzpcf up
link property add dev veifzggmzpcf altname container-cable.left.eth2.veth
link add name ve4whmckwzxn address 02:e9:7d:28:56:8f type veth peer name eth2 netns container-cable.right address 02:76:30:fb:bc:29
link set dev ve4whmckwzxn alias patchlab:container-cable addrgenmode none
link set dev ve4whmckwzxn up
link property add dev ve4whmckwzxn altname container-cable.right.eth2.veth
EOF

# ---- switches ----

# beside: Linux bridge
# mark beside bridge as the lab's
# bring beside bridge up
# plug veifzggmzpcf into the bridge
# plug ve4whmckwzxn into the bridge
ip -batch - <<'EOF'
link add name brdmp6ugj85w address 02:6d:2c:6b:9c:9e type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brdmp6ugj85w alias patchlab:container-cable addrgenmode none
link set dev brdmp6ugj85w up
link set dev veifzggmzpcf master brdmp6ugj85w
link set dev ve4whmckwzxn master brdmp6ugj85w
EOF

# ---- inside ----

# mark left as the lab's
# address 10.0.0.1/24 of left:eth1
# address 10.0.1.1/24 of left:eth2
# bring up left:lo
# bring up left:eth1
# bring up left:eth2
ip -n container-cable.left -batch - <<'EOF'
link set dev lo alias patchlab:container-cable
addr add 10.0.0.1/24 dev eth1
addr add 10.0.1.1/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# mark right as the lab's
# address 10.0.0.2/24 of right:eth1
# address 10.0.1.2/24 of right:eth2
# bring up right:lo
# bring up right:eth1
# bring up right:eth2
ip -n container-cable.right -batch - <<'EOF'
link set dev lo alias patchlab:container-cable
addr add 10.0.0.2/24 dev eth1
addr add 10.0.1.2/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF
