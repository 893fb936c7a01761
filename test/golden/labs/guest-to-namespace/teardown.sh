#!/bin/sh
# guest-to-namespace: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot sw1 (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy guest-to-namespace.sw1

# undo: sw1:eth3-ns1:eth3: patch panel
ovs-vsctl --timeout=30 -- del-br ov386tevbj9m

# undo: sw1:eth2-ns1:eth2: Linux bridge
ip link del dev brvdnpjfdwrq

# undo: ns1:eth3: its veth on the host
# undo: sw1:eth3: its tap on the host
# undo: ns1:eth2: its veth on the host
# undo: sw1:eth2: its tap on the host
# undo: sw1:eth1-ns1:eth1: cable
ip -force -batch - <<'EOF'
link del dev vejxabk5ibii
link del dev tafnhku5xxn3
link del dev ve4n8ikhfu54
link del dev taidmpsss3qi
link del dev vesnmmte3ypu
EOF

# undo: let the console log of sw1 begin anew, and go with the lab
# undo: let the qemu log of sw1 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/guest-to-namespace.sw1.console.log /var/log/libvirt/qemu/guest-to-namespace.sw1.log

# undo: network namespace of ns1
ip netns del guest-to-namespace.ns1

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.guest-to-namespace; delete table arp patchlab.guest-to-namespace; add table inet patchlab.guest-to-namespace; delete table inet patchlab.guest-to-namespace; add table bridge patchlab.guest-to-namespace; delete table bridge patchlab.guest-to-namespace
EOF
