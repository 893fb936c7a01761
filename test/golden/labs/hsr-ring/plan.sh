#!/bin/sh
# hsr-ring: A ring of HSR loses not one ping when a cable of it is cut, for each frame goes round by both sides
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
  "takcg6vdrxp8",
  "ta4cebnu5xwe",
  "ta4s2zdjmaik",
  "ta22ybej4pfd",
  "tamk84uqx3dj",
  "tab7jpx2fmfy",
}
define lab_all = {
  $lab,
}
table arp patchlab.hsr-ring {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.hsr-ring {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.hsr-ring {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# ---- devices ----

# let the qemu log of a begin anew, and go with the lab
# let the console log of a begin anew, and go with the lab
# let the qemu log of b begin anew, and go with the lab
# let the console log of b begin anew, and go with the lab
# let the qemu log of c begin anew, and go with the lab
# let the console log of c begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/hsr-ring.a.log /var/log/libvirt/qemu/hsr-ring.a.console.log /var/log/libvirt/qemu/hsr-ring.b.log /var/log/libvirt/qemu/hsr-ring.b.console.log /var/log/libvirt/qemu/hsr-ring.c.log /var/log/libvirt/qemu/hsr-ring.c.console.log

# a:eth2: its tap on the host
# mark a:eth2 tap as the lab's
# bring a:eth2 tap up
# give a:eth2 tap a name that people can read
# b:eth1: its tap on the host
# mark b:eth1 tap as the lab's
# bring b:eth1 tap up
# give b:eth1 tap a name that people can read
# b:eth2: its tap on the host
# mark b:eth2 tap as the lab's
# bring b:eth2 tap up
# give b:eth2 tap a name that people can read
# c:eth1: its tap on the host
# mark c:eth1 tap as the lab's
# bring c:eth1 tap up
# give c:eth1 tap a name that people can read
# c:eth2: its tap on the host
# mark c:eth2 tap as the lab's
# bring c:eth2 tap up
# give c:eth2 tap a name that people can read
# a:eth1: its tap on the host
# mark a:eth1 tap as the lab's
# bring a:eth1 tap up
# give a:eth1 tap a name that people can read
ip -batch - <<'EOF'
tuntap add dev takcg6vdrxp8 mode tap vnet_hdr
link set dev takcg6vdrxp8 alias patchlab:hsr-ring address 02:64:1b:bb:89:5c addrgenmode none
link set dev takcg6vdrxp8 up
link property add dev takcg6vdrxp8 altname hsr-ring.a.eth2.tap
tuntap add dev ta4cebnu5xwe mode tap vnet_hdr
link set dev ta4cebnu5xwe alias patchlab:hsr-ring address 02:03:f6:5f:9e:4b addrgenmode none
link set dev ta4cebnu5xwe up
link property add dev ta4cebnu5xwe altname hsr-ring.b.eth1.tap
tuntap add dev ta4s2zdjmaik mode tap vnet_hdr
link set dev ta4s2zdjmaik alias patchlab:hsr-ring address 02:0d:4f:4c:12:9a addrgenmode none
link set dev ta4s2zdjmaik up
link property add dev ta4s2zdjmaik altname hsr-ring.b.eth2.tap
tuntap add dev ta22ybej4pfd mode tap vnet_hdr
link set dev ta22ybej4pfd alias patchlab:hsr-ring address 02:94:88:ee:b0:56 addrgenmode none
link set dev ta22ybej4pfd up
link property add dev ta22ybej4pfd altname hsr-ring.c.eth1.tap
tuntap add dev tamk84uqx3dj mode tap vnet_hdr
link set dev tamk84uqx3dj alias patchlab:hsr-ring address 02:5a:a6:16:33:11 addrgenmode none
link set dev tamk84uqx3dj up
link property add dev tamk84uqx3dj altname hsr-ring.c.eth2.tap
tuntap add dev tab7jpx2fmfy mode tap vnet_hdr
link set dev tab7jpx2fmfy alias patchlab:hsr-ring address 02:fc:70:5b:fd:63 addrgenmode none
link set dev tab7jpx2fmfy up
link property add dev tab7jpx2fmfy altname hsr-ring.a.eth1.tap
EOF

# ---- switches ----

# let takcg6vdrxp8 filter what it receives
tc qdisc add dev takcg6vdrxp8 ingress

# what takcg6vdrxp8 receives leaves by ta4cebnu5xwe
tc filter add dev takcg6vdrxp8 ingress protocol all u32 match u32 0 0 action mirred egress redirect dev ta4cebnu5xwe

# let ta4cebnu5xwe filter what it receives
tc qdisc add dev ta4cebnu5xwe ingress

# what ta4cebnu5xwe receives leaves by takcg6vdrxp8
tc filter add dev ta4cebnu5xwe ingress protocol all u32 match u32 0 0 action mirred egress redirect dev takcg6vdrxp8

# let ta4s2zdjmaik filter what it receives
tc qdisc add dev ta4s2zdjmaik ingress

# what ta4s2zdjmaik receives leaves by ta22ybej4pfd
tc filter add dev ta4s2zdjmaik ingress protocol all u32 match u32 0 0 action mirred egress redirect dev ta22ybej4pfd

# let ta22ybej4pfd filter what it receives
tc qdisc add dev ta22ybej4pfd ingress

# what ta22ybej4pfd receives leaves by ta4s2zdjmaik
tc filter add dev ta22ybej4pfd ingress protocol all u32 match u32 0 0 action mirred egress redirect dev ta4s2zdjmaik

# let tamk84uqx3dj filter what it receives
tc qdisc add dev tamk84uqx3dj ingress

# what tamk84uqx3dj receives leaves by tab7jpx2fmfy
tc filter add dev tamk84uqx3dj ingress protocol all u32 match u32 0 0 action mirred egress redirect dev tab7jpx2fmfy

# let tab7jpx2fmfy filter what it receives
tc qdisc add dev tab7jpx2fmfy ingress

# what tab7jpx2fmfy receives leaves by tamk84uqx3dj
tc filter add dev tab7jpx2fmfy ingress protocol all u32 match u32 0 0 action mirred egress redirect dev tamk84uqx3dj

# ---- guests ----

# boot a (guest kinds, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>hsr-ring.a</name>
  <uuid>7efd34e7-790a-8d1d-a45e-d5d484510a29</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="hsr-ring" node="a"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
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
      <mac address="02:21:66:de:86:c8"/>
      <target dev="tab7jpx2fmfy" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:8f:be:05:2b:e3"/>
      <target dev="takcg6vdrxp8" managed="no"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/hsr-ring.a.console.log" append="off"/>
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

# boot b (guest kinds, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>hsr-ring.b</name>
  <uuid>451e6e9f-a46f-8927-a65c-887f412977a2</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="hsr-ring" node="b"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
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
      <mac address="02:bd:8c:73:de:72"/>
      <target dev="ta4cebnu5xwe" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:e2:26:90:b7:7d"/>
      <target dev="ta4s2zdjmaik" managed="no"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/hsr-ring.b.console.log" append="off"/>
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

# boot c (guest kinds, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>hsr-ring.c</name>
  <uuid>16597052-cd15-89db-abd4-ef7b2aea5dd6</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="hsr-ring" node="c"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
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
      <mac address="02:52:f4:48:5d:44"/>
      <target dev="ta22ybej4pfd" managed="no"/>
      <model type="virtio"/>
    </interface>
    <interface type="ethernet">
      <mac address="02:63:1f:ff:3f:01"/>
      <target dev="tamk84uqx3dj" managed="no"/>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/hsr-ring.c.console.log" append="off"/>
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

# wait until a answers
await_agent hsr-ring.a

# wait until b answers
await_agent hsr-ring.b

# wait until c answers
await_agent hsr-ring.c

# HSR device hsr0
# HSR device hsr0
# address 10.0.0.1/24 of a:hsr0
# bring up a:lo
# bring up a:eth1
# bring up a:eth2
# bring up a:hsr0
in_guest hsr-ring.a ip -batch - <<'EOF'
link set dev eth2 address 02:21:66:de:86:c8
link add name hsr0 type hsr slave1 eth1 slave2 eth2 supervision 0 version 1
addr add 10.0.0.1/24 dev hsr0
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev hsr0 up
EOF

# HSR device hsr0
# HSR device hsr0
# address 10.0.0.2/24 of b:hsr0
# bring up b:lo
# bring up b:eth1
# bring up b:eth2
# bring up b:hsr0
in_guest hsr-ring.b ip -batch - <<'EOF'
link set dev eth2 address 02:bd:8c:73:de:72
link add name hsr0 type hsr slave1 eth1 slave2 eth2 supervision 0 version 1
addr add 10.0.0.2/24 dev hsr0
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev hsr0 up
EOF

# HSR device hsr0
# HSR device hsr0
# address 10.0.0.3/24 of c:hsr0
# bring up c:lo
# bring up c:eth1
# bring up c:eth2
# bring up c:hsr0
in_guest hsr-ring.c ip -batch - <<'EOF'
link set dev eth2 address 02:52:f4:48:5d:44
link add name hsr0 type hsr slave1 eth1 slave2 eth2 supervision 0 version 1
addr add 10.0.0.3/24 dev hsr0
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev hsr0 up
EOF
