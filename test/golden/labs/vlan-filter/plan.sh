#!/bin/sh
# vlan-filter: A bridge that filters VLANs keeps the containers behind two guests in their VLANs, over one tagged cable
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
  "taz5kge8uiku",
  "tasg8vfzmxcy",
  "ovkm2szwniax",
}
define lab_all = {
  $lab,
}
table arp patchlab.vlan-filter {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.vlan-filter {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.vlan-filter {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# ---- devices ----

# let the qemu log of sw1 begin anew, and go with the lab
# let the console log of sw1 begin anew, and go with the lab
# let the qemu log of sw2 begin anew, and go with the lab
# let the console log of sw2 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/vlan-filter.sw1.log /var/log/libvirt/qemu/vlan-filter.sw1.console.log /var/log/libvirt/qemu/vlan-filter.sw2.log /var/log/libvirt/qemu/vlan-filter.sw2.console.log

# sw1:eth1: its tap on the host
# mark sw1:eth1 tap as the lab's
# bring sw1:eth1 tap up
# give sw1:eth1 tap a name that people can read
# sw2:eth1: its tap on the host
# mark sw2:eth1 tap as the lab's
# bring sw2:eth1 tap up
# give sw2:eth1 tap a name that people can read
ip -batch - <<'EOF'
tuntap add dev taz5kge8uiku mode tap vnet_hdr
link set dev taz5kge8uiku alias patchlab:vlan-filter address 02:63:7a:b5:41:a5 addrgenmode none
link set dev taz5kge8uiku up
link property add dev taz5kge8uiku altname vlan-filter.sw1.eth1.tap
tuntap add dev tasg8vfzmxcy mode tap vnet_hdr
link set dev tasg8vfzmxcy alias patchlab:vlan-filter address 02:72:22:c3:01:1b addrgenmode none
link set dev tasg8vfzmxcy up
link property add dev tasg8vfzmxcy altname vlan-filter.sw2.eth1.tap
EOF

# ---- switches ----

# sw1:eth1-sw2:eth1: patch panel
# plug taz5kge8uiku into port 6104 of the bridge
# plug tasg8vfzmxcy into port 6431 of the bridge
ovs-vsctl --timeout=30 -- add-br ovkm2szwniax -- set bridge ovkm2szwniax datapath_type=netdev fail_mode=secure external_ids:patchlab=vlan-filter 'other_config:hwaddr="02:e3:08:33:a2:03"' -- add-port ovkm2szwniax taz5kge8uiku -- set interface taz5kge8uiku ofport_request=6104 external_ids:patchlab=vlan-filter -- add-port ovkm2szwniax tasg8vfzmxcy -- set interface tasg8vfzmxcy ofport_request=6431 external_ids:patchlab=vlan-filter

# ---- flows ----

# what enters by sw1:eth1 leaves by sw2:eth1
# what enters by sw2:eth1 leaves by sw1:eth1
ovs-ofctl --bundle add-flows ovkm2szwniax - <<'EOF'
priority=100,in_port=6104,actions=output:6431
priority=100,in_port=6431,actions=output:6104
EOF

# ---- guests ----

# boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>vlan-filter.sw1</name>
  <uuid>093df484-1b53-8c9a-aa86-e55cb059aff1</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="vlan-filter" node="sw1"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw1 patchlab.nics=02:47:fd:10:7d:2f=eth1</cmdline>
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
      <mac address="02:47:fd:10:7d:2f"/>
      <target dev="taz5kge8uiku" managed="no"/>
      <driver>
        <host csum="off" tso4="off" tso6="off" ecn="off" ufo="off" gso="off"/>
        <guest csum="off" tso4="off" tso6="off" ecn="off" ufo="off"/>
      </driver>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/vlan-filter.sw1.console.log" append="off"/>
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

# boot sw2 (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>vlan-filter.sw2</name>
  <uuid>1dae90aa-1491-8642-a60f-0b4fd1972acb</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="vlan-filter" node="sw2"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw2 patchlab.nics=02:18:89:7a:ad:16=eth1</cmdline>
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
      <mac address="02:18:89:7a:ad:16"/>
      <target dev="tasg8vfzmxcy" managed="no"/>
      <driver>
        <host csum="off" tso4="off" tso6="off" ecn="off" ufo="off" gso="off"/>
        <guest csum="off" tso4="off" tso6="off" ecn="off" ufo="off"/>
      </driver>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/vlan-filter.sw2.console.log" append="off"/>
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

# ---- inside ----

# wait until sw1 answers
await_agent vlan-filter.sw1

# wait until sw2 answers
await_agent vlan-filter.sw2

# network namespace sw1/c1
# network namespace sw1/c2
# veth pair c1up - c1:eth0
# veth pair c2up - c2:eth0
# bridge br0
# plug eth1 into br0
in_guest vlan-filter.sw1 ip -batch - <<'EOF'
netns add c1
netns add c2
link add name c1up address 02:7c:67:48:17:80 type veth peer name eth0 netns c1 address 02:51:0b:73:4f:51
link add name c2up address 02:f4:04:70:48:ed type veth peer name eth0 netns c2 address 02:26:b6:02:8e:fd
link add name br0 address 02:a5:07:fd:13:65 type bridge stp_state 0 mcast_snooping 0 forward_delay 0 vlan_filtering 1
link set dev eth1 master br0
EOF

# network namespace sw2/c1
# veth pair c1up - c1:eth0
# bridge br0
# plug eth1 into br0
in_guest vlan-filter.sw2 ip -batch - <<'EOF'
netns add c1
link add name c1up address 02:3e:4a:5c:38:58 type veth peer name eth0 netns c1 address 02:dd:8d:7d:b5:d8
link add name br0 address 02:41:b4:7f:0f:c8 type bridge stp_state 0 mcast_snooping 0 forward_delay 0 vlan_filtering 1
link set dev eth1 master br0
EOF

# plug eth1 into br0
in_guest vlan-filter.sw1 bridge vlan add dev eth1 vid 10 </dev/null

# plug eth1 into br0
in_guest vlan-filter.sw2 bridge vlan add dev eth1 vid 10 </dev/null

# plug eth1 into br0
in_guest vlan-filter.sw1 bridge vlan add dev eth1 vid 20 </dev/null

# plug eth1 into br0
in_guest vlan-filter.sw2 bridge vlan add dev eth1 vid 20 </dev/null

# plug c1up into br0
in_guest vlan-filter.sw1 ip link set dev c1up master br0 </dev/null

# plug c1up into br0
in_guest vlan-filter.sw2 ip link set dev c1up master br0 </dev/null

# plug c1up into br0
in_guest vlan-filter.sw1 bridge vlan del dev c1up vid 1 </dev/null

# plug c1up into br0
in_guest vlan-filter.sw2 bridge vlan del dev c1up vid 1 </dev/null

# plug c1up into br0
in_guest vlan-filter.sw1 bridge vlan add dev c1up vid 10 pvid untagged </dev/null

# plug c1up into br0
in_guest vlan-filter.sw2 bridge vlan add dev c1up vid 10 pvid untagged </dev/null

# plug c2up into br0
in_guest vlan-filter.sw1 ip link set dev c2up master br0 </dev/null

# bring up sw2:lo
# bring up sw2:eth1
# bring up sw2:c1up
# bring up sw2:br0
in_guest vlan-filter.sw2 ip -batch - <<'EOF'
link set dev lo up
link set dev eth1 up
link set dev c1up up
link set dev br0 up
EOF

# plug c2up into br0
in_guest vlan-filter.sw1 bridge vlan del dev c2up vid 1 </dev/null

# address 10.1.0.3/24 of sw2/c1:eth0
# bring up sw2/c1:lo
# bring up sw2/c1:eth0
in_guest vlan-filter.sw2 ip -n c1 -batch - <<'EOF'
addr add 10.1.0.3/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF

# plug c2up into br0
in_guest vlan-filter.sw1 bridge vlan add dev c2up vid 20 pvid untagged </dev/null

# bring up sw1:lo
# bring up sw1:eth1
# bring up sw1:c1up
# bring up sw1:c2up
# bring up sw1:br0
in_guest vlan-filter.sw1 ip -batch - <<'EOF'
link set dev lo up
link set dev eth1 up
link set dev c1up up
link set dev c2up up
link set dev br0 up
EOF

# address 10.1.0.1/24 of sw1/c1:eth0
# bring up sw1/c1:lo
# bring up sw1/c1:eth0
in_guest vlan-filter.sw1 ip -n c1 -batch - <<'EOF'
addr add 10.1.0.1/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF

# address 10.1.0.2/24 of sw1/c2:eth0
# bring up sw1/c2:lo
# bring up sw1/c2:eth0
in_guest vlan-filter.sw1 ip -n c2 -batch - <<'EOF'
addr add 10.1.0.2/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF
