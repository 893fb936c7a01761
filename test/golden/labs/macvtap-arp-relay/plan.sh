#!/bin/sh
# macvtap-arp-relay: A macvtap in vepa mode does not relay an ARP reply to a container behind the guest
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
  "vet8uzeqk524",
  "venhhxuxvhbe",
  "mayj2zh7dbjh",
  "mahehvtf65u5",
}
define lab_all = {
  $lab,
}
table arp patchlab.macvtap-arp-relay {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.macvtap-arp-relay {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.macvtap-arp-relay {
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
rm -f -- /var/log/libvirt/qemu/macvtap-arp-relay.sw1.log /var/log/libvirt/qemu/macvtap-arp-relay.sw1.console.log /var/log/libvirt/qemu/macvtap-arp-relay.sw2.log /var/log/libvirt/qemu/macvtap-arp-relay.sw2.console.log

# sw1:eth1-sw2:eth1: cable
# mark sw1:eth1 veth as the lab's
# bring sw1:eth1 veth up
# give sw1:eth1 veth a name that people can read
# mark sw2:eth1 veth as the lab's
# bring sw2:eth1 veth up
# give sw2:eth1 veth a name that people can read
ip -batch - <<'EOF'
link add name vet8uzeqk524 address 02:79:f2:04:ef:90 type veth peer name venhhxuxvhbe address 02:18:3f:cf:63:8f
link set dev vet8uzeqk524 alias patchlab:macvtap-arp-relay addrgenmode none
link set dev vet8uzeqk524 up
link property add dev vet8uzeqk524 altname macvtap-arp-relay.sw1.eth1.veth
link set dev venhhxuxvhbe alias patchlab:macvtap-arp-relay addrgenmode none
link set dev venhhxuxvhbe up
link property add dev venhhxuxvhbe altname macvtap-arp-relay.sw2.eth1.veth
EOF

# ---- guests ----

# boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>macvtap-arp-relay.sw1</name>
  <uuid>bc08dbc1-b637-8ac0-ade4-877120a57a5f</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="macvtap-arp-relay" node="sw1"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw1 patchlab.nics=02:01:14:b8:91:8d=eth1</cmdline>
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
      <mac address="02:01:14:b8:91:8d"/>
      <source dev="vet8uzeqk524" mode="vepa"/>
      <target dev="mayj2zh7dbjh"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/macvtap-arp-relay.sw1.console.log" append="off"/>
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
  <name>macvtap-arp-relay.sw2</name>
  <uuid>f8f15e7a-c1ce-8e7a-aa48-fde468ed8c98</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="macvtap-arp-relay" node="sw2"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=sw2 patchlab.nics=02:10:f9:8e:21:db=eth1</cmdline>
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
      <mac address="02:10:f9:8e:21:db"/>
      <source dev="venhhxuxvhbe" mode="vepa"/>
      <target dev="mahehvtf65u5"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/macvtap-arp-relay.sw2.console.log" append="off"/>
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

# mark sw1:eth1 macvtap and set promisc on
# take from sw1:eth1 macvtap the address that the host gave it: it is the guest's
# mark sw2:eth1 macvtap and set promisc on
# take from sw2:eth1 macvtap the address that the host gave it: it is the guest's
ip -batch - <<'EOF'
link set dev mayj2zh7dbjh alias patchlab:macvtap-arp-relay promisc on addrgenmode none
addr flush dev mayj2zh7dbjh
link set dev mahehvtf65u5 alias patchlab:macvtap-arp-relay promisc on addrgenmode none
addr flush dev mahehvtf65u5
EOF

# ---- inside ----

# wait until sw1 answers
await_agent macvtap-arp-relay.sw1

# wait until sw2 answers
await_agent macvtap-arp-relay.sw2

# network namespace sw1/c1
# veth pair c1up - c1:eth0
# bridge br0
# plug eth1 into br0
# plug c1up into br0
# bring up sw1:lo
# bring up sw1:eth1
# bring up sw1:c1up
# bring up sw1:br0
in_guest macvtap-arp-relay.sw1 ip -batch - <<'EOF'
netns add c1
link add name c1up address 02:2c:b0:d6:ee:fa type veth peer name eth0 netns c1 address 02:e8:69:ae:7f:48
link add name br0 address 02:eb:8f:f2:84:78 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev eth1 master br0
link set dev c1up master br0
link set dev lo up
link set dev eth1 up
link set dev c1up up
link set dev br0 up
EOF

# network namespace sw2/c1
# veth pair c1up - c1:eth0
# bridge br0
# plug eth1 into br0
# plug c1up into br0
# bring up sw2:lo
# bring up sw2:eth1
# bring up sw2:c1up
# bring up sw2:br0
in_guest macvtap-arp-relay.sw2 ip -batch - <<'EOF'
netns add c1
link add name c1up address 02:0e:88:f2:39:64 type veth peer name eth0 netns c1 address 02:c4:5d:e5:c6:38
link add name br0 address 02:da:d5:94:aa:61 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev eth1 master br0
link set dev c1up master br0
link set dev lo up
link set dev eth1 up
link set dev c1up up
link set dev br0 up
EOF

# address 10.1.0.1/24 of sw1/c1:eth0
# bring up sw1/c1:lo
# bring up sw1/c1:eth0
in_guest macvtap-arp-relay.sw1 ip -n c1 -batch - <<'EOF'
addr add 10.1.0.1/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF

# address 10.1.0.2/24 of sw2/c1:eth0
# bring up sw2/c1:lo
# bring up sw2/c1:eth0
in_guest macvtap-arp-relay.sw2 ip -n c1 -batch - <<'EOF'
addr add 10.1.0.2/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF
