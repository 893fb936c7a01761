#!/bin/sh
# guest-to-namespace: A guest and a namespace at the two ends of one cable, by macvtap, by bridge and by patch panel
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
  "vesnmmte3ypu",
  "maw2sqncjybe",
  "taidmpsss3qi",
  "ve4n8ikhfu54",
  "tafnhku5xxn3",
  "vejxabk5ibii",
  "ov386tevbj9m",
}
define lab_all = {
  $lab,
  "brvdnpjfdwrq",
}
table arp patchlab.guest-to-namespace {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.guest-to-namespace {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.guest-to-namespace {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of ns1
ip netns add guest-to-namespace.ns1

# ---- devices ----

# let the qemu log of sw1 begin anew, and go with the lab
# let the console log of sw1 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/guest-to-namespace.sw1.log /var/log/libvirt/qemu/guest-to-namespace.sw1.console.log

# sw1:eth1-ns1:eth1: cable
# mark sw1:eth1 veth as the lab's
# bring sw1:eth1 veth up
# give sw1:eth1 veth a name that people can read
# sw1:eth2: its tap on the host
# mark sw1:eth2 tap as the lab's
# bring sw1:eth2 tap up
# give sw1:eth2 tap a name that people can read
# ns1:eth2: its veth on the host
# mark ns1:eth2 veth as the lab's
# bring ns1:eth2 veth up
# give ns1:eth2 veth a name that people can read
# sw1:eth3: its tap on the host
# mark sw1:eth3 tap as the lab's
# bring sw1:eth3 tap up
# give sw1:eth3 tap a name that people can read
# ns1:eth3: its veth on the host
# mark ns1:eth3 veth as the lab's
# bring ns1:eth3 veth up
# give ns1:eth3 veth a name that people can read
ip -batch - <<'EOF'
link add name vesnmmte3ypu address 02:b3:5f:f0:f8:9b type veth peer name eth1 netns guest-to-namespace.ns1 address 02:f9:86:ce:c4:38
link set dev vesnmmte3ypu alias patchlab:guest-to-namespace addrgenmode none
link set dev vesnmmte3ypu up
link property add dev vesnmmte3ypu altname guest-to-namespace.sw1.eth1.veth
tuntap add dev taidmpsss3qi mode tap vnet_hdr
link set dev taidmpsss3qi alias patchlab:guest-to-namespace address 02:5f:c3:30:21:35 addrgenmode none
link set dev taidmpsss3qi up
link property add dev taidmpsss3qi altname guest-to-namespace.sw1.eth2.tap
link add name ve4n8ikhfu54 address 02:ef:76:75:91:17 type veth peer name eth2 netns guest-to-namespace.ns1 address 02:c9:5d:b8:91:93
link set dev ve4n8ikhfu54 alias patchlab:guest-to-namespace addrgenmode none
link set dev ve4n8ikhfu54 up
link property add dev ve4n8ikhfu54 altname guest-to-namespace.ns1.eth2.veth
tuntap add dev tafnhku5xxn3 mode tap vnet_hdr
link set dev tafnhku5xxn3 alias patchlab:guest-to-namespace address 02:be:70:d1:57:0a addrgenmode none
link set dev tafnhku5xxn3 up
link property add dev tafnhku5xxn3 altname guest-to-namespace.sw1.eth3.tap
link add name vejxabk5ibii address 02:ee:0f:0e:23:3b type veth peer name eth3 netns guest-to-namespace.ns1 address 02:45:08:bb:39:9b
link set dev vejxabk5ibii alias patchlab:guest-to-namespace addrgenmode none
link set dev vejxabk5ibii up
link property add dev vejxabk5ibii altname guest-to-namespace.ns1.eth3.veth
EOF

# ---- switches ----

# sw1:eth2-ns1:eth2: Linux bridge
# mark sw1:eth2-ns1:eth2 bridge as the lab's
# bring sw1:eth2-ns1:eth2 bridge up
# plug taidmpsss3qi into the bridge
# settings of the port taidmpsss3qi
# plug ve4n8ikhfu54 into the bridge
# settings of the port ve4n8ikhfu54
ip -batch - <<'EOF'
link add name brvdnpjfdwrq address 02:02:25:31:e7:a6 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brvdnpjfdwrq alias patchlab:guest-to-namespace addrgenmode none
link set dev brvdnpjfdwrq up
link set dev taidmpsss3qi master brvdnpjfdwrq
link set dev taidmpsss3qi type bridge_slave group_fwd_mask 0xfffd
link set dev ve4n8ikhfu54 master brvdnpjfdwrq
link set dev ve4n8ikhfu54 type bridge_slave group_fwd_mask 0xfffd
EOF

# sw1:eth3-ns1:eth3: patch panel
# plug tafnhku5xxn3 into port 26322 of the bridge
# plug vejxabk5ibii into port 39497 of the bridge
ovs-vsctl --timeout=30 -- add-br ov386tevbj9m -- set bridge ov386tevbj9m datapath_type=netdev fail_mode=secure external_ids:patchlab=guest-to-namespace 'other_config:hwaddr="02:8b:08:a6:34:ea"' -- add-port ov386tevbj9m tafnhku5xxn3 -- set interface tafnhku5xxn3 ofport_request=26322 external_ids:patchlab=guest-to-namespace -- add-port ov386tevbj9m vejxabk5ibii -- set interface vejxabk5ibii ofport_request=39497 external_ids:patchlab=guest-to-namespace

# ---- flows ----

# what enters by sw1:eth3 leaves by ns1:eth3
# what enters by ns1:eth3 leaves by sw1:eth3
ovs-ofctl --bundle add-flows ov386tevbj9m - <<'EOF'
priority=100,in_port=26322,actions=output:39497
priority=100,in_port=39497,actions=output:26322
EOF

# ---- guests ----

# boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>guest-to-namespace.sw1</name>
  <uuid>263b10c6-972b-8160-ad5d-7aafa5d95af0</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="guest-to-namespace" node="sw1"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw1 patchlab.nics=02:e5:c4:4d:ea:c7=eth1,02:cd:49:87:9c:54=eth2,02:a1:50:1c:8d:69=eth3</cmdline>
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
      <mac address="02:e5:c4:4d:ea:c7"/>
      <source dev="vesnmmte3ypu" mode="bridge"/>
      <target dev="maw2sqncjybe"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:cd:49:87:9c:54"/>
      <target dev="taidmpsss3qi" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:a1:50:1c:8d:69"/>
      <target dev="tafnhku5xxn3" managed="no"/>
      <driver>
        <host csum="off" tso4="off" tso6="off" ecn="off" ufo="off" gso="off"/>
        <guest csum="off" tso4="off" tso6="off" ecn="off" ufo="off"/>
      </driver>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/guest-to-namespace.sw1.console.log" append="off"/>
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
ip -batch - <<'EOF'
link set dev maw2sqncjybe alias patchlab:guest-to-namespace allmulticast on addrgenmode none
addr flush dev maw2sqncjybe
EOF

# let ns1:eth3 finish its checksums itself: the datapath does not
ip netns exec guest-to-namespace.ns1 ethtool -K eth3 tx off

# ---- inside ----

# wait until sw1 answers
await_agent guest-to-namespace.sw1

# mark ns1 as the lab's
# address 10.0.1.2/24 of ns1:eth1
# address 10.0.2.2/24 of ns1:eth2
# address 10.0.3.2/24 of ns1:eth3
# bring up ns1:eth3
# address fd00:3::2/64 of ns1:eth3
# bring up ns1:lo
# bring up ns1:eth1
# bring up ns1:eth2
ip -n guest-to-namespace.ns1 -batch - <<'EOF'
link set dev lo alias patchlab:guest-to-namespace
addr add 10.0.1.2/24 dev eth1
addr add 10.0.2.2/24 dev eth2
addr add 10.0.3.2/24 dev eth3
link set dev eth3 up
addr add fd00:3::2/64 dev eth3 nodad
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# address 10.0.1.1/24 of sw1:eth1
# address 10.0.2.1/24 of sw1:eth2
# address 10.0.3.1/24 of sw1:eth3
# bring up sw1:eth3
# address fd00:3::1/64 of sw1:eth3
# bring up sw1:lo
# bring up sw1:eth1
# bring up sw1:eth2
in_guest guest-to-namespace.sw1 ip -batch - <<'EOF'
addr add 10.0.1.1/24 dev eth1
addr add 10.0.2.1/24 dev eth2
addr add 10.0.3.1/24 dev eth3
link set dev eth3 up
addr add fd00:3::1/64 dev eth3 nodad
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF
