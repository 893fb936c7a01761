#!/bin/sh
# fat-tree: A fat tree of twenty OpenFlow switches in namespaces, with a controller that finds all of its cables
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "ve6zj9pp7qxv",
  "vemyf9pzvjja",
  "ve6wyrfca256",
  "ves6im5wnrci",
  "vepmdz838rn4",
  "vexs2dcvgim5",
  "ve96ba2y8muw",
  "vec7iqxeuj89",
  "ve2dxwthpqpw",
  "vey39gdv5k8a",
  "vecjqz4k8icj",
  "ve732v7z96an",
  "vesfdwww775d",
  "vehb8zfdgws6",
  "veicyebb9rs5",
  "vefc2uxsf2yb",
  "vepegnwnmxfg",
  "vempjt8iywaf",
  "vemgx8tha4w5",
  "ve46knkkkuyp",
  "ved3gzfdn3qq",
}
define lab_all = {
  $lab,
  "br8xbdvu2ba6",
}
table arp patchlab.fat-tree {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.fat-tree {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.fat-tree {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of ctl
# network namespace of c11
# network namespace of c12
# network namespace of c21
# network namespace of c22
# network namespace of a11
# network namespace of a12
# network namespace of a21
# network namespace of a22
# network namespace of a31
# network namespace of a32
# network namespace of a41
# network namespace of a42
# network namespace of e11
# network namespace of e12
# network namespace of e21
# network namespace of e22
# network namespace of e31
# network namespace of e32
# network namespace of e41
# network namespace of e42
# network namespace of h111
# network namespace of h112
# network namespace of h121
# network namespace of h122
# network namespace of h211
# network namespace of h212
# network namespace of h221
# network namespace of h222
# network namespace of h311
# network namespace of h312
# network namespace of h321
# network namespace of h322
# network namespace of h411
# network namespace of h412
# network namespace of h421
# network namespace of h422
ip -batch - <<'EOF'
netns add fat-tree.ctl
netns add fat-tree.c11
netns add fat-tree.c12
netns add fat-tree.c21
netns add fat-tree.c22
netns add fat-tree.a11
netns add fat-tree.a12
netns add fat-tree.a21
netns add fat-tree.a22
netns add fat-tree.a31
netns add fat-tree.a32
netns add fat-tree.a41
netns add fat-tree.a42
netns add fat-tree.e11
netns add fat-tree.e12
netns add fat-tree.e21
netns add fat-tree.e22
netns add fat-tree.e31
netns add fat-tree.e32
netns add fat-tree.e41
netns add fat-tree.e42
netns add fat-tree.h111
netns add fat-tree.h112
netns add fat-tree.h121
netns add fat-tree.h122
netns add fat-tree.h211
netns add fat-tree.h212
netns add fat-tree.h221
netns add fat-tree.h222
netns add fat-tree.h311
netns add fat-tree.h312
netns add fat-tree.h321
netns add fat-tree.h322
netns add fat-tree.h411
netns add fat-tree.h412
netns add fat-tree.h421
netns add fat-tree.h422
EOF

# ---- devices ----

# ctl:eth0: its veth on the host
# mark ctl:eth0 veth as the lab's
# bring ctl:eth0 veth up
# give ctl:eth0 veth a name that people can read
# c11:eth0: its veth on the host
# mark c11:eth0 veth as the lab's
# bring c11:eth0 veth up
# give c11:eth0 veth a name that people can read
# c12:eth0: its veth on the host
# mark c12:eth0 veth as the lab's
# bring c12:eth0 veth up
# give c12:eth0 veth a name that people can read
# c21:eth0: its veth on the host
# mark c21:eth0 veth as the lab's
# bring c21:eth0 veth up
# give c21:eth0 veth a name that people can read
# c22:eth0: its veth on the host
# mark c22:eth0 veth as the lab's
# bring c22:eth0 veth up
# give c22:eth0 veth a name that people can read
# a11:eth0: its veth on the host
# mark a11:eth0 veth as the lab's
# bring a11:eth0 veth up
# give a11:eth0 veth a name that people can read
# a12:eth0: its veth on the host
# mark a12:eth0 veth as the lab's
# bring a12:eth0 veth up
# give a12:eth0 veth a name that people can read
# a21:eth0: its veth on the host
# mark a21:eth0 veth as the lab's
# bring a21:eth0 veth up
# give a21:eth0 veth a name that people can read
# a22:eth0: its veth on the host
# mark a22:eth0 veth as the lab's
# bring a22:eth0 veth up
# give a22:eth0 veth a name that people can read
# a31:eth0: its veth on the host
# mark a31:eth0 veth as the lab's
# bring a31:eth0 veth up
# give a31:eth0 veth a name that people can read
# a32:eth0: its veth on the host
# mark a32:eth0 veth as the lab's
# bring a32:eth0 veth up
# give a32:eth0 veth a name that people can read
# a41:eth0: its veth on the host
# mark a41:eth0 veth as the lab's
# bring a41:eth0 veth up
# give a41:eth0 veth a name that people can read
# a42:eth0: its veth on the host
# mark a42:eth0 veth as the lab's
# bring a42:eth0 veth up
# give a42:eth0 veth a name that people can read
# e11:eth0: its veth on the host
# mark e11:eth0 veth as the lab's
# bring e11:eth0 veth up
# give e11:eth0 veth a name that people can read
# e12:eth0: its veth on the host
# mark e12:eth0 veth as the lab's
# bring e12:eth0 veth up
# give e12:eth0 veth a name that people can read
# e21:eth0: its veth on the host
# mark e21:eth0 veth as the lab's
# bring e21:eth0 veth up
# give e21:eth0 veth a name that people can read
# e22:eth0: its veth on the host
# mark e22:eth0 veth as the lab's
# bring e22:eth0 veth up
# give e22:eth0 veth a name that people can read
# e31:eth0: its veth on the host
# mark e31:eth0 veth as the lab's
# bring e31:eth0 veth up
# give e31:eth0 veth a name that people can read
# e32:eth0: its veth on the host
# mark e32:eth0 veth as the lab's
# bring e32:eth0 veth up
# give e32:eth0 veth a name that people can read
# e41:eth0: its veth on the host
# mark e41:eth0 veth as the lab's
# bring e41:eth0 veth up
# give e41:eth0 veth a name that people can read
# e42:eth0: its veth on the host
# mark e42:eth0 veth as the lab's
# bring e42:eth0 veth up
# give e42:eth0 veth a name that people can read
# c11:to-a11-a11:to-c11: patch cable
# c12:to-a11-a11:to-c12: patch cable
# c21:to-a12-a12:to-c21: patch cable
# c22:to-a12-a12:to-c22: patch cable
# c11:to-a21-a21:to-c11: patch cable
# c12:to-a21-a21:to-c12: patch cable
# c21:to-a22-a22:to-c21: patch cable
# c22:to-a22-a22:to-c22: patch cable
# c11:to-a31-a31:to-c11: patch cable
# c12:to-a31-a31:to-c12: patch cable
# c21:to-a32-a32:to-c21: patch cable
# c22:to-a32-a32:to-c22: patch cable
# c11:to-a41-a41:to-c11: patch cable
# c12:to-a41-a41:to-c12: patch cable
# c21:to-a42-a42:to-c21: patch cable
# c22:to-a42-a42:to-c22: patch cable
# a11:to-e11-e11:to-a11: patch cable
# a11:to-e12-e12:to-a11: patch cable
# a12:to-e11-e11:to-a12: patch cable
# a12:to-e12-e12:to-a12: patch cable
# a21:to-e21-e21:to-a21: patch cable
# a21:to-e22-e22:to-a21: patch cable
# a22:to-e21-e21:to-a22: patch cable
# a22:to-e22-e22:to-a22: patch cable
# a31:to-e31-e31:to-a31: patch cable
# a31:to-e32-e32:to-a31: patch cable
# a32:to-e31-e31:to-a32: patch cable
# a32:to-e32-e32:to-a32: patch cable
# a41:to-e41-e41:to-a41: patch cable
# a41:to-e42-e42:to-a41: patch cable
# a42:to-e41-e41:to-a42: patch cable
# a42:to-e42-e42:to-a42: patch cable
# e11:to-h111-h111:to-e11: patch cable
# e11:to-h112-h112:to-e11: patch cable
# e12:to-h121-h121:to-e12: patch cable
# e12:to-h122-h122:to-e12: patch cable
# e21:to-h211-h211:to-e21: patch cable
# e21:to-h212-h212:to-e21: patch cable
# e22:to-h221-h221:to-e22: patch cable
# e22:to-h222-h222:to-e22: patch cable
# e31:to-h311-h311:to-e31: patch cable
# e31:to-h312-h312:to-e31: patch cable
# e32:to-h321-h321:to-e32: patch cable
# e32:to-h322-h322:to-e32: patch cable
# e41:to-h411-h411:to-e41: patch cable
# e41:to-h412-h412:to-e41: patch cable
# e42:to-h421-h421:to-e42: patch cable
# e42:to-h422-h422:to-e42: patch cable
ip -batch - <<'EOF'
link add name ve6zj9pp7qxv address 02:e3:2e:01:2d:7e type veth peer name eth0 netns fat-tree.ctl address 02:9f:ef:16:23:59
link set dev ve6zj9pp7qxv alias patchlab:fat-tree addrgenmode none
link set dev ve6zj9pp7qxv up
link property add dev ve6zj9pp7qxv altname fat-tree.ctl.eth0.veth
link add name vemyf9pzvjja address 02:4c:3a:70:d8:8e type veth peer name eth0 netns fat-tree.c11 address 02:36:4b:07:ec:ff
link set dev vemyf9pzvjja alias patchlab:fat-tree addrgenmode none
link set dev vemyf9pzvjja up
link property add dev vemyf9pzvjja altname fat-tree.c11.eth0.veth
link add name ve6wyrfca256 address 02:51:de:9a:69:c2 type veth peer name eth0 netns fat-tree.c12 address 02:18:85:89:27:b1
link set dev ve6wyrfca256 alias patchlab:fat-tree addrgenmode none
link set dev ve6wyrfca256 up
link property add dev ve6wyrfca256 altname fat-tree.c12.eth0.veth
link add name ves6im5wnrci address 02:13:96:69:c3:fd type veth peer name eth0 netns fat-tree.c21 address 02:21:b8:fe:65:b2
link set dev ves6im5wnrci alias patchlab:fat-tree addrgenmode none
link set dev ves6im5wnrci up
link property add dev ves6im5wnrci altname fat-tree.c21.eth0.veth
link add name vepmdz838rn4 address 02:43:23:70:93:86 type veth peer name eth0 netns fat-tree.c22 address 02:30:6c:2a:6f:77
link set dev vepmdz838rn4 alias patchlab:fat-tree addrgenmode none
link set dev vepmdz838rn4 up
link property add dev vepmdz838rn4 altname fat-tree.c22.eth0.veth
link add name vexs2dcvgim5 address 02:54:35:98:aa:f4 type veth peer name eth0 netns fat-tree.a11 address 02:32:35:38:4f:53
link set dev vexs2dcvgim5 alias patchlab:fat-tree addrgenmode none
link set dev vexs2dcvgim5 up
link property add dev vexs2dcvgim5 altname fat-tree.a11.eth0.veth
link add name ve96ba2y8muw address 02:98:66:5b:3c:04 type veth peer name eth0 netns fat-tree.a12 address 02:48:db:a8:09:0d
link set dev ve96ba2y8muw alias patchlab:fat-tree addrgenmode none
link set dev ve96ba2y8muw up
link property add dev ve96ba2y8muw altname fat-tree.a12.eth0.veth
link add name vec7iqxeuj89 address 02:41:4f:80:d7:d6 type veth peer name eth0 netns fat-tree.a21 address 02:80:51:83:6d:30
link set dev vec7iqxeuj89 alias patchlab:fat-tree addrgenmode none
link set dev vec7iqxeuj89 up
link property add dev vec7iqxeuj89 altname fat-tree.a21.eth0.veth
link add name ve2dxwthpqpw address 02:db:4c:01:b7:ec type veth peer name eth0 netns fat-tree.a22 address 02:5c:a5:d6:4b:40
link set dev ve2dxwthpqpw alias patchlab:fat-tree addrgenmode none
link set dev ve2dxwthpqpw up
link property add dev ve2dxwthpqpw altname fat-tree.a22.eth0.veth
link add name vey39gdv5k8a address 02:8c:7f:7f:df:52 type veth peer name eth0 netns fat-tree.a31 address 02:ec:b6:ab:b0:30
link set dev vey39gdv5k8a alias patchlab:fat-tree addrgenmode none
link set dev vey39gdv5k8a up
link property add dev vey39gdv5k8a altname fat-tree.a31.eth0.veth
link add name vecjqz4k8icj address 02:c4:06:3e:93:90 type veth peer name eth0 netns fat-tree.a32 address 02:77:53:33:7a:bb
link set dev vecjqz4k8icj alias patchlab:fat-tree addrgenmode none
link set dev vecjqz4k8icj up
link property add dev vecjqz4k8icj altname fat-tree.a32.eth0.veth
link add name ve732v7z96an address 02:d2:ba:be:cf:51 type veth peer name eth0 netns fat-tree.a41 address 02:db:4a:e3:e3:ce
link set dev ve732v7z96an alias patchlab:fat-tree addrgenmode none
link set dev ve732v7z96an up
link property add dev ve732v7z96an altname fat-tree.a41.eth0.veth
link add name vesfdwww775d address 02:1d:54:dc:28:9a type veth peer name eth0 netns fat-tree.a42 address 02:30:6d:b0:99:ca
link set dev vesfdwww775d alias patchlab:fat-tree addrgenmode none
link set dev vesfdwww775d up
link property add dev vesfdwww775d altname fat-tree.a42.eth0.veth
link add name vehb8zfdgws6 address 02:0e:5d:22:25:13 type veth peer name eth0 netns fat-tree.e11 address 02:ce:fe:f5:28:76
link set dev vehb8zfdgws6 alias patchlab:fat-tree addrgenmode none
link set dev vehb8zfdgws6 up
link property add dev vehb8zfdgws6 altname fat-tree.e11.eth0.veth
link add name veicyebb9rs5 address 02:ca:61:14:74:90 type veth peer name eth0 netns fat-tree.e12 address 02:33:50:d5:36:0f
link set dev veicyebb9rs5 alias patchlab:fat-tree addrgenmode none
link set dev veicyebb9rs5 up
link property add dev veicyebb9rs5 altname fat-tree.e12.eth0.veth
link add name vefc2uxsf2yb address 02:e9:f6:8b:1a:ec type veth peer name eth0 netns fat-tree.e21 address 02:fe:07:38:45:d9
link set dev vefc2uxsf2yb alias patchlab:fat-tree addrgenmode none
link set dev vefc2uxsf2yb up
link property add dev vefc2uxsf2yb altname fat-tree.e21.eth0.veth
link add name vepegnwnmxfg address 02:45:75:eb:4f:cd type veth peer name eth0 netns fat-tree.e22 address 02:3c:f3:8e:13:82
link set dev vepegnwnmxfg alias patchlab:fat-tree addrgenmode none
link set dev vepegnwnmxfg up
link property add dev vepegnwnmxfg altname fat-tree.e22.eth0.veth
link add name vempjt8iywaf address 02:6d:d0:1b:50:3d type veth peer name eth0 netns fat-tree.e31 address 02:4b:14:fa:fd:07
link set dev vempjt8iywaf alias patchlab:fat-tree addrgenmode none
link set dev vempjt8iywaf up
link property add dev vempjt8iywaf altname fat-tree.e31.eth0.veth
link add name vemgx8tha4w5 address 02:fa:00:97:f0:d5 type veth peer name eth0 netns fat-tree.e32 address 02:a5:b6:be:26:1e
link set dev vemgx8tha4w5 alias patchlab:fat-tree addrgenmode none
link set dev vemgx8tha4w5 up
link property add dev vemgx8tha4w5 altname fat-tree.e32.eth0.veth
link add name ve46knkkkuyp address 02:dc:b5:85:81:f3 type veth peer name eth0 netns fat-tree.e41 address 02:0d:32:b1:54:c4
link set dev ve46knkkkuyp alias patchlab:fat-tree addrgenmode none
link set dev ve46knkkkuyp up
link property add dev ve46knkkkuyp altname fat-tree.e41.eth0.veth
link add name ved3gzfdn3qq address 02:9d:2a:6d:b3:e2 type veth peer name eth0 netns fat-tree.e42 address 02:b5:ec:49:4b:dd
link set dev ved3gzfdn3qq alias patchlab:fat-tree addrgenmode none
link set dev ved3gzfdn3qq up
link property add dev ved3gzfdn3qq altname fat-tree.e42.eth0.veth
link add name to-a11 netns fat-tree.c11 address 02:ce:8f:f9:9a:12 type veth peer name to-c11 netns fat-tree.a11 address 02:44:b5:fa:3d:0f
link add name to-a11 netns fat-tree.c12 address 02:8a:69:a1:d3:2b type veth peer name to-c12 netns fat-tree.a11 address 02:e8:13:24:01:1a
link add name to-a12 netns fat-tree.c21 address 02:8a:f1:63:1d:af type veth peer name to-c21 netns fat-tree.a12 address 02:45:9f:04:c9:25
link add name to-a12 netns fat-tree.c22 address 02:18:4a:58:15:d1 type veth peer name to-c22 netns fat-tree.a12 address 02:00:81:e6:a4:d4
link add name to-a21 netns fat-tree.c11 address 02:63:0c:e0:18:70 type veth peer name to-c11 netns fat-tree.a21 address 02:1f:9a:38:b7:c1
link add name to-a21 netns fat-tree.c12 address 02:95:20:16:48:9b type veth peer name to-c12 netns fat-tree.a21 address 02:24:57:24:f1:af
link add name to-a22 netns fat-tree.c21 address 02:d7:01:aa:17:9a type veth peer name to-c21 netns fat-tree.a22 address 02:1a:a7:dd:92:6d
link add name to-a22 netns fat-tree.c22 address 02:1d:10:9e:cc:e9 type veth peer name to-c22 netns fat-tree.a22 address 02:13:ab:d9:42:9a
link add name to-a31 netns fat-tree.c11 address 02:85:f0:7c:e6:d0 type veth peer name to-c11 netns fat-tree.a31 address 02:e8:0e:00:fb:8f
link add name to-a31 netns fat-tree.c12 address 02:b6:be:42:ce:72 type veth peer name to-c12 netns fat-tree.a31 address 02:c7:07:88:a0:47
link add name to-a32 netns fat-tree.c21 address 02:b7:f4:af:4d:52 type veth peer name to-c21 netns fat-tree.a32 address 02:e7:25:37:70:8c
link add name to-a32 netns fat-tree.c22 address 02:ce:05:fa:ed:38 type veth peer name to-c22 netns fat-tree.a32 address 02:ed:d9:e8:4f:78
link add name to-a41 netns fat-tree.c11 address 02:c8:3e:01:5c:c9 type veth peer name to-c11 netns fat-tree.a41 address 02:07:20:55:d8:48
link add name to-a41 netns fat-tree.c12 address 02:17:8d:8f:d1:ea type veth peer name to-c12 netns fat-tree.a41 address 02:b4:ab:90:45:6a
link add name to-a42 netns fat-tree.c21 address 02:12:82:8e:a2:98 type veth peer name to-c21 netns fat-tree.a42 address 02:4b:bd:01:8e:d8
link add name to-a42 netns fat-tree.c22 address 02:55:1f:90:85:28 type veth peer name to-c22 netns fat-tree.a42 address 02:95:81:26:4b:66
link add name to-e11 netns fat-tree.a11 address 02:05:19:a8:7c:f3 type veth peer name to-a11 netns fat-tree.e11 address 02:7d:9c:86:2c:36
link add name to-e12 netns fat-tree.a11 address 02:fc:a7:32:14:9d type veth peer name to-a11 netns fat-tree.e12 address 02:52:5c:60:07:f4
link add name to-e11 netns fat-tree.a12 address 02:03:93:27:b3:b4 type veth peer name to-a12 netns fat-tree.e11 address 02:4d:b0:db:45:be
link add name to-e12 netns fat-tree.a12 address 02:69:c5:ca:90:c5 type veth peer name to-a12 netns fat-tree.e12 address 02:14:08:d4:7a:ff
link add name to-e21 netns fat-tree.a21 address 02:86:d4:d1:ac:46 type veth peer name to-a21 netns fat-tree.e21 address 02:a5:af:07:a9:f2
link add name to-e22 netns fat-tree.a21 address 02:57:23:8b:da:e3 type veth peer name to-a21 netns fat-tree.e22 address 02:d9:e6:ea:7a:bb
link add name to-e21 netns fat-tree.a22 address 02:af:90:0a:45:7f type veth peer name to-a22 netns fat-tree.e21 address 02:0c:53:b9:aa:74
link add name to-e22 netns fat-tree.a22 address 02:a8:5b:4a:00:c6 type veth peer name to-a22 netns fat-tree.e22 address 02:44:dc:39:b4:93
link add name to-e31 netns fat-tree.a31 address 02:a5:b3:07:95:d2 type veth peer name to-a31 netns fat-tree.e31 address 02:81:ee:5d:4f:66
link add name to-e32 netns fat-tree.a31 address 02:83:20:44:69:50 type veth peer name to-a31 netns fat-tree.e32 address 02:04:ff:14:f3:87
link add name to-e31 netns fat-tree.a32 address 02:ae:26:1a:32:53 type veth peer name to-a32 netns fat-tree.e31 address 02:2f:b1:a4:ae:e7
link add name to-e32 netns fat-tree.a32 address 02:b3:25:89:ff:4d type veth peer name to-a32 netns fat-tree.e32 address 02:bb:4f:ed:cd:7c
link add name to-e41 netns fat-tree.a41 address 02:eb:7b:bc:c1:47 type veth peer name to-a41 netns fat-tree.e41 address 02:0e:73:d3:73:a0
link add name to-e42 netns fat-tree.a41 address 02:03:d6:e3:77:f1 type veth peer name to-a41 netns fat-tree.e42 address 02:5f:dc:12:11:51
link add name to-e41 netns fat-tree.a42 address 02:7d:88:10:b6:4c type veth peer name to-a42 netns fat-tree.e41 address 02:38:71:08:67:7e
link add name to-e42 netns fat-tree.a42 address 02:82:55:ef:01:f8 type veth peer name to-a42 netns fat-tree.e42 address 02:92:46:a8:89:4e
link add name to-h111 netns fat-tree.e11 address 02:d1:e3:77:23:5b type veth peer name to-e11 netns fat-tree.h111 address 02:f8:6c:14:1b:92
link add name to-h112 netns fat-tree.e11 address 02:be:15:1c:4f:96 type veth peer name to-e11 netns fat-tree.h112 address 02:88:57:63:70:a5
link add name to-h121 netns fat-tree.e12 address 02:17:0a:25:a9:03 type veth peer name to-e12 netns fat-tree.h121 address 02:42:ef:37:53:69
link add name to-h122 netns fat-tree.e12 address 02:13:ed:0d:5a:20 type veth peer name to-e12 netns fat-tree.h122 address 02:54:7a:5d:4c:2a
link add name to-h211 netns fat-tree.e21 address 02:32:4f:01:f7:fd type veth peer name to-e21 netns fat-tree.h211 address 02:ec:fc:e2:e0:9f
link add name to-h212 netns fat-tree.e21 address 02:9d:2f:d1:cd:61 type veth peer name to-e21 netns fat-tree.h212 address 02:04:01:da:13:0e
link add name to-h221 netns fat-tree.e22 address 02:c6:2b:ad:49:ec type veth peer name to-e22 netns fat-tree.h221 address 02:02:7f:9d:04:e0
link add name to-h222 netns fat-tree.e22 address 02:52:be:58:6f:fd type veth peer name to-e22 netns fat-tree.h222 address 02:ef:82:62:83:ae
link add name to-h311 netns fat-tree.e31 address 02:47:97:9a:16:e3 type veth peer name to-e31 netns fat-tree.h311 address 02:ae:68:40:51:0a
link add name to-h312 netns fat-tree.e31 address 02:8c:d8:e7:e3:86 type veth peer name to-e31 netns fat-tree.h312 address 02:bd:5d:b1:99:3b
link add name to-h321 netns fat-tree.e32 address 02:10:ca:61:a2:ff type veth peer name to-e32 netns fat-tree.h321 address 02:19:b8:6f:f2:a5
link add name to-h322 netns fat-tree.e32 address 02:bf:34:12:58:93 type veth peer name to-e32 netns fat-tree.h322 address 02:d9:8d:40:2a:90
link add name to-h411 netns fat-tree.e41 address 02:93:3f:45:44:20 type veth peer name to-e41 netns fat-tree.h411 address 02:c8:e8:21:29:44
link add name to-h412 netns fat-tree.e41 address 02:4a:fb:53:68:a5 type veth peer name to-e41 netns fat-tree.h412 address 02:c0:37:ed:af:95
link add name to-h421 netns fat-tree.e42 address 02:9c:d8:70:08:0f type veth peer name to-e42 netns fat-tree.h421 address 02:40:43:1a:a7:87
link add name to-h422 netns fat-tree.e42 address 02:14:35:9d:ca:0f type veth peer name to-e42 netns fat-tree.h422 address 02:7e:26:df:5b:b6
EOF

# ---- switches ----

# control: Linux bridge
# mark control bridge as the lab's
# bring control bridge up
# plug ve6zj9pp7qxv into the bridge
# plug vemyf9pzvjja into the bridge
# plug ve6wyrfca256 into the bridge
# plug ves6im5wnrci into the bridge
# plug vepmdz838rn4 into the bridge
# plug vexs2dcvgim5 into the bridge
# plug ve96ba2y8muw into the bridge
# plug vec7iqxeuj89 into the bridge
# plug ve2dxwthpqpw into the bridge
# plug vey39gdv5k8a into the bridge
# plug vecjqz4k8icj into the bridge
# plug ve732v7z96an into the bridge
# plug vesfdwww775d into the bridge
# plug vehb8zfdgws6 into the bridge
# plug veicyebb9rs5 into the bridge
# plug vefc2uxsf2yb into the bridge
# plug vepegnwnmxfg into the bridge
# plug vempjt8iywaf into the bridge
# plug vemgx8tha4w5 into the bridge
# plug ve46knkkkuyp into the bridge
# plug ved3gzfdn3qq into the bridge
ip -batch - <<'EOF'
link add name br8xbdvu2ba6 address 02:06:03:d8:0f:fb type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev br8xbdvu2ba6 alias patchlab:fat-tree addrgenmode none
link set dev br8xbdvu2ba6 up
link set dev ve6zj9pp7qxv master br8xbdvu2ba6
link set dev vemyf9pzvjja master br8xbdvu2ba6
link set dev ve6wyrfca256 master br8xbdvu2ba6
link set dev ves6im5wnrci master br8xbdvu2ba6
link set dev vepmdz838rn4 master br8xbdvu2ba6
link set dev vexs2dcvgim5 master br8xbdvu2ba6
link set dev ve96ba2y8muw master br8xbdvu2ba6
link set dev vec7iqxeuj89 master br8xbdvu2ba6
link set dev ve2dxwthpqpw master br8xbdvu2ba6
link set dev vey39gdv5k8a master br8xbdvu2ba6
link set dev vecjqz4k8icj master br8xbdvu2ba6
link set dev ve732v7z96an master br8xbdvu2ba6
link set dev vesfdwww775d master br8xbdvu2ba6
link set dev vehb8zfdgws6 master br8xbdvu2ba6
link set dev veicyebb9rs5 master br8xbdvu2ba6
link set dev vefc2uxsf2yb master br8xbdvu2ba6
link set dev vepegnwnmxfg master br8xbdvu2ba6
link set dev vempjt8iywaf master br8xbdvu2ba6
link set dev vemgx8tha4w5 master br8xbdvu2ba6
link set dev ve46knkkkuyp master br8xbdvu2ba6
link set dev ved3gzfdn3qq master br8xbdvu2ba6
EOF

# ---- inside ----

# mark ctl as the lab's
# address 10.9.0.1/24 of ctl:eth0
# bring up ctl:lo
# bring up ctl:eth0
ip -n fat-tree.ctl -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.9.0.1/24 dev eth0
link set dev lo up
link set dev eth0 up
EOF

# mark c11 as the lab's
ip -n fat-tree.c11 link set dev lo alias patchlab:fat-tree

# mark c12 as the lab's
ip -n fat-tree.c12 link set dev lo alias patchlab:fat-tree

# mark c21 as the lab's
ip -n fat-tree.c21 link set dev lo alias patchlab:fat-tree

# mark c22 as the lab's
ip -n fat-tree.c22 link set dev lo alias patchlab:fat-tree

# mark a11 as the lab's
ip -n fat-tree.a11 link set dev lo alias patchlab:fat-tree

# mark a12 as the lab's
ip -n fat-tree.a12 link set dev lo alias patchlab:fat-tree

# mark a21 as the lab's
ip -n fat-tree.a21 link set dev lo alias patchlab:fat-tree

# mark a22 as the lab's
ip -n fat-tree.a22 link set dev lo alias patchlab:fat-tree

# mark a31 as the lab's
ip -n fat-tree.a31 link set dev lo alias patchlab:fat-tree

# mark a32 as the lab's
ip -n fat-tree.a32 link set dev lo alias patchlab:fat-tree

# mark a41 as the lab's
ip -n fat-tree.a41 link set dev lo alias patchlab:fat-tree

# mark a42 as the lab's
ip -n fat-tree.a42 link set dev lo alias patchlab:fat-tree

# mark e11 as the lab's
ip -n fat-tree.e11 link set dev lo alias patchlab:fat-tree

# mark e12 as the lab's
ip -n fat-tree.e12 link set dev lo alias patchlab:fat-tree

# mark e21 as the lab's
ip -n fat-tree.e21 link set dev lo alias patchlab:fat-tree

# mark e22 as the lab's
ip -n fat-tree.e22 link set dev lo alias patchlab:fat-tree

# mark e31 as the lab's
ip -n fat-tree.e31 link set dev lo alias patchlab:fat-tree

# mark e32 as the lab's
ip -n fat-tree.e32 link set dev lo alias patchlab:fat-tree

# mark e41 as the lab's
ip -n fat-tree.e41 link set dev lo alias patchlab:fat-tree

# mark e42 as the lab's
ip -n fat-tree.e42 link set dev lo alias patchlab:fat-tree

# mark h111 as the lab's
# address 10.1.1.11/16 of h111:to-e11
# bring up h111:lo
# bring up h111:to-e11
ip -n fat-tree.h111 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.1.11/16 dev to-e11
link set dev lo up
link set dev to-e11 up
EOF

# mark h112 as the lab's
# address 10.1.1.12/16 of h112:to-e11
# bring up h112:lo
# bring up h112:to-e11
ip -n fat-tree.h112 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.1.12/16 dev to-e11
link set dev lo up
link set dev to-e11 up
EOF

# mark h121 as the lab's
# address 10.1.1.21/16 of h121:to-e12
# bring up h121:lo
# bring up h121:to-e12
ip -n fat-tree.h121 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.1.21/16 dev to-e12
link set dev lo up
link set dev to-e12 up
EOF

# mark h122 as the lab's
# address 10.1.1.22/16 of h122:to-e12
# bring up h122:lo
# bring up h122:to-e12
ip -n fat-tree.h122 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.1.22/16 dev to-e12
link set dev lo up
link set dev to-e12 up
EOF

# mark h211 as the lab's
# address 10.1.2.11/16 of h211:to-e21
# bring up h211:lo
# bring up h211:to-e21
ip -n fat-tree.h211 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.2.11/16 dev to-e21
link set dev lo up
link set dev to-e21 up
EOF

# mark h212 as the lab's
# address 10.1.2.12/16 of h212:to-e21
# bring up h212:lo
# bring up h212:to-e21
ip -n fat-tree.h212 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.2.12/16 dev to-e21
link set dev lo up
link set dev to-e21 up
EOF

# mark h221 as the lab's
# address 10.1.2.21/16 of h221:to-e22
# bring up h221:lo
# bring up h221:to-e22
ip -n fat-tree.h221 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.2.21/16 dev to-e22
link set dev lo up
link set dev to-e22 up
EOF

# mark h222 as the lab's
# address 10.1.2.22/16 of h222:to-e22
# bring up h222:lo
# bring up h222:to-e22
ip -n fat-tree.h222 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.2.22/16 dev to-e22
link set dev lo up
link set dev to-e22 up
EOF

# mark h311 as the lab's
# address 10.1.3.11/16 of h311:to-e31
# bring up h311:lo
# bring up h311:to-e31
ip -n fat-tree.h311 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.3.11/16 dev to-e31
link set dev lo up
link set dev to-e31 up
EOF

# mark h312 as the lab's
# address 10.1.3.12/16 of h312:to-e31
# bring up h312:lo
# bring up h312:to-e31
ip -n fat-tree.h312 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.3.12/16 dev to-e31
link set dev lo up
link set dev to-e31 up
EOF

# mark h321 as the lab's
# address 10.1.3.21/16 of h321:to-e32
# bring up h321:lo
# bring up h321:to-e32
ip -n fat-tree.h321 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.3.21/16 dev to-e32
link set dev lo up
link set dev to-e32 up
EOF

# mark h322 as the lab's
# address 10.1.3.22/16 of h322:to-e32
# bring up h322:lo
# bring up h322:to-e32
ip -n fat-tree.h322 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.3.22/16 dev to-e32
link set dev lo up
link set dev to-e32 up
EOF

# mark h411 as the lab's
# address 10.1.4.11/16 of h411:to-e41
# bring up h411:lo
# bring up h411:to-e41
ip -n fat-tree.h411 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.4.11/16 dev to-e41
link set dev lo up
link set dev to-e41 up
EOF

# mark h412 as the lab's
# address 10.1.4.12/16 of h412:to-e41
# bring up h412:lo
# bring up h412:to-e41
ip -n fat-tree.h412 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.4.12/16 dev to-e41
link set dev lo up
link set dev to-e41 up
EOF

# mark h421 as the lab's
# address 10.1.4.21/16 of h421:to-e42
# bring up h421:lo
# bring up h421:to-e42
ip -n fat-tree.h421 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.4.21/16 dev to-e42
link set dev lo up
link set dev to-e42 up
EOF

# mark h422 as the lab's
# address 10.1.4.22/16 of h422:to-e42
# bring up h422:lo
# bring up h422:to-e42
ip -n fat-tree.h422 -batch - <<'EOF'
link set dev lo alias patchlab:fat-tree
addr add 10.1.4.22/16 dev to-e42
link set dev lo up
link set dev to-e42 up
EOF

# run the controller os-ken in ctl
nsenter --net=/run/netns/fat-tree.ctl -- sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.ctl.controller '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' '' env PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATCHLAB_REPORT=/run/patchlab.fat-tree.ctl.controller.json osken-manager --observe-links --ofp-tcp-listen-port 6653 os_ken.topology.switches /usr/share/patchlab/templates/os-ken/links.py /usr/share/patchlab/templates/os-ken/switch.py

# run Open vSwitch in c11
nsenter --net=/run/netns/fat-tree.c11 -- env OVS_RUNDIR=/run/patchlab.fat-tree.c11.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.c11.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.c11.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.c11.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in c12
nsenter --net=/run/netns/fat-tree.c12 -- env OVS_RUNDIR=/run/patchlab.fat-tree.c12.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.c12.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.c12.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.c12.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in c21
nsenter --net=/run/netns/fat-tree.c21 -- env OVS_RUNDIR=/run/patchlab.fat-tree.c21.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.c21.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.c21.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.c21.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in c22
nsenter --net=/run/netns/fat-tree.c22 -- env OVS_RUNDIR=/run/patchlab.fat-tree.c22.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.c22.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.c22.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.c22.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in a11
nsenter --net=/run/netns/fat-tree.a11 -- env OVS_RUNDIR=/run/patchlab.fat-tree.a11.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.a11.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.a11.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.a11.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in a12
nsenter --net=/run/netns/fat-tree.a12 -- env OVS_RUNDIR=/run/patchlab.fat-tree.a12.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.a12.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.a12.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.a12.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in a21
nsenter --net=/run/netns/fat-tree.a21 -- env OVS_RUNDIR=/run/patchlab.fat-tree.a21.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.a21.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.a21.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.a21.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in a22
nsenter --net=/run/netns/fat-tree.a22 -- env OVS_RUNDIR=/run/patchlab.fat-tree.a22.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.a22.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.a22.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.a22.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in a31
nsenter --net=/run/netns/fat-tree.a31 -- env OVS_RUNDIR=/run/patchlab.fat-tree.a31.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.a31.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.a31.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.a31.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in a32
nsenter --net=/run/netns/fat-tree.a32 -- env OVS_RUNDIR=/run/patchlab.fat-tree.a32.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.a32.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.a32.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.a32.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in a41
nsenter --net=/run/netns/fat-tree.a41 -- env OVS_RUNDIR=/run/patchlab.fat-tree.a41.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.a41.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.a41.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.a41.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in a42
nsenter --net=/run/netns/fat-tree.a42 -- env OVS_RUNDIR=/run/patchlab.fat-tree.a42.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.a42.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.a42.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.a42.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in e11
nsenter --net=/run/netns/fat-tree.e11 -- env OVS_RUNDIR=/run/patchlab.fat-tree.e11.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.e11.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.e11.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.e11.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in e12
nsenter --net=/run/netns/fat-tree.e12 -- env OVS_RUNDIR=/run/patchlab.fat-tree.e12.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.e12.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.e12.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.e12.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in e21
nsenter --net=/run/netns/fat-tree.e21 -- env OVS_RUNDIR=/run/patchlab.fat-tree.e21.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.e21.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.e21.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.e21.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in e22
nsenter --net=/run/netns/fat-tree.e22 -- env OVS_RUNDIR=/run/patchlab.fat-tree.e22.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.e22.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.e22.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.e22.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in e31
nsenter --net=/run/netns/fat-tree.e31 -- env OVS_RUNDIR=/run/patchlab.fat-tree.e31.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.e31.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.e31.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.e31.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in e32
nsenter --net=/run/netns/fat-tree.e32 -- env OVS_RUNDIR=/run/patchlab.fat-tree.e32.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.e32.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.e32.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.e32.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in e41
nsenter --net=/run/netns/fat-tree.e41 -- env OVS_RUNDIR=/run/patchlab.fat-tree.e41.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.e41.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.e41.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.e41.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# run Open vSwitch in e42
nsenter --net=/run/netns/fat-tree.e42 -- env OVS_RUNDIR=/run/patchlab.fat-tree.e42.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start fat-tree.e42.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.fat-tree.e42.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.fat-tree.e42.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# Open vSwitch bridge of
# plug to-a11 into port 1 of of
# plug to-a21 into port 2 of of
# plug to-a31 into port 3 of of
# plug to-a41 into port 4 of of
ip netns exec fat-tree.c11 env OVS_RUNDIR=/run/patchlab.fat-tree.c11.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:97:4a:41:c8:17"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a11 -- add-port of to-a11 -- set interface to-a11 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a11 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a21 -- add-port of to-a21 -- set interface to-a21 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a21 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a31 -- add-port of to-a31 -- set interface to-a31 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a31 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a41 -- add-port of to-a41 -- set interface to-a41 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a41 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a11 into port 1 of of
# plug to-a21 into port 2 of of
# plug to-a31 into port 3 of of
# plug to-a41 into port 4 of of
ip netns exec fat-tree.c12 env OVS_RUNDIR=/run/patchlab.fat-tree.c12.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:04:b6:c1:df:d4"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a11 -- add-port of to-a11 -- set interface to-a11 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a11 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a21 -- add-port of to-a21 -- set interface to-a21 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a21 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a31 -- add-port of to-a31 -- set interface to-a31 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a31 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a41 -- add-port of to-a41 -- set interface to-a41 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a41 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a12 into port 1 of of
# plug to-a22 into port 2 of of
# plug to-a32 into port 3 of of
# plug to-a42 into port 4 of of
ip netns exec fat-tree.c21 env OVS_RUNDIR=/run/patchlab.fat-tree.c21.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:79:b0:3e:e5:ae"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a12 -- add-port of to-a12 -- set interface to-a12 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a12 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a22 -- add-port of to-a22 -- set interface to-a22 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a22 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a32 -- add-port of to-a32 -- set interface to-a32 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a32 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a42 -- add-port of to-a42 -- set interface to-a42 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a42 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a12 into port 1 of of
# plug to-a22 into port 2 of of
# plug to-a32 into port 3 of of
# plug to-a42 into port 4 of of
ip netns exec fat-tree.c22 env OVS_RUNDIR=/run/patchlab.fat-tree.c22.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:d2:38:2e:d5:60"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a12 -- add-port of to-a12 -- set interface to-a12 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a12 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a22 -- add-port of to-a22 -- set interface to-a22 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a22 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a32 -- add-port of to-a32 -- set interface to-a32 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a32 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a42 -- add-port of to-a42 -- set interface to-a42 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a42 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-c11 into port 1 of of
# plug to-c12 into port 2 of of
# plug to-e11 into port 3 of of
# plug to-e12 into port 4 of of
ip netns exec fat-tree.a11 env OVS_RUNDIR=/run/patchlab.fat-tree.a11.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:9e:d2:56:6e:cf"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-c11 -- add-port of to-c11 -- set interface to-c11 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c11 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-c12 -- add-port of to-c12 -- set interface to-c12 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c12 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e11 -- add-port of to-e11 -- set interface to-e11 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e11 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e12 -- add-port of to-e12 -- set interface to-e12 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e12 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-c21 into port 1 of of
# plug to-c22 into port 2 of of
# plug to-e11 into port 3 of of
# plug to-e12 into port 4 of of
ip netns exec fat-tree.a12 env OVS_RUNDIR=/run/patchlab.fat-tree.a12.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:15:f6:39:ea:f1"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-c21 -- add-port of to-c21 -- set interface to-c21 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c21 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-c22 -- add-port of to-c22 -- set interface to-c22 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c22 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e11 -- add-port of to-e11 -- set interface to-e11 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e11 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e12 -- add-port of to-e12 -- set interface to-e12 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e12 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-c11 into port 1 of of
# plug to-c12 into port 2 of of
# plug to-e21 into port 3 of of
# plug to-e22 into port 4 of of
ip netns exec fat-tree.a21 env OVS_RUNDIR=/run/patchlab.fat-tree.a21.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:0f:82:6f:34:e9"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-c11 -- add-port of to-c11 -- set interface to-c11 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c11 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-c12 -- add-port of to-c12 -- set interface to-c12 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c12 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e21 -- add-port of to-e21 -- set interface to-e21 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e21 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e22 -- add-port of to-e22 -- set interface to-e22 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e22 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-c21 into port 1 of of
# plug to-c22 into port 2 of of
# plug to-e21 into port 3 of of
# plug to-e22 into port 4 of of
ip netns exec fat-tree.a22 env OVS_RUNDIR=/run/patchlab.fat-tree.a22.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:d5:c2:4b:0c:67"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-c21 -- add-port of to-c21 -- set interface to-c21 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c21 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-c22 -- add-port of to-c22 -- set interface to-c22 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c22 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e21 -- add-port of to-e21 -- set interface to-e21 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e21 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e22 -- add-port of to-e22 -- set interface to-e22 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e22 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-c11 into port 1 of of
# plug to-c12 into port 2 of of
# plug to-e31 into port 3 of of
# plug to-e32 into port 4 of of
ip netns exec fat-tree.a31 env OVS_RUNDIR=/run/patchlab.fat-tree.a31.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:d4:82:42:1e:8a"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-c11 -- add-port of to-c11 -- set interface to-c11 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c11 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-c12 -- add-port of to-c12 -- set interface to-c12 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c12 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e31 -- add-port of to-e31 -- set interface to-e31 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e31 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e32 -- add-port of to-e32 -- set interface to-e32 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e32 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-c21 into port 1 of of
# plug to-c22 into port 2 of of
# plug to-e31 into port 3 of of
# plug to-e32 into port 4 of of
ip netns exec fat-tree.a32 env OVS_RUNDIR=/run/patchlab.fat-tree.a32.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:58:5a:a3:0d:d8"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-c21 -- add-port of to-c21 -- set interface to-c21 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c21 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-c22 -- add-port of to-c22 -- set interface to-c22 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c22 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e31 -- add-port of to-e31 -- set interface to-e31 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e31 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e32 -- add-port of to-e32 -- set interface to-e32 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e32 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-c11 into port 1 of of
# plug to-c12 into port 2 of of
# plug to-e41 into port 3 of of
# plug to-e42 into port 4 of of
ip netns exec fat-tree.a41 env OVS_RUNDIR=/run/patchlab.fat-tree.a41.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:89:2a:31:a4:ca"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-c11 -- add-port of to-c11 -- set interface to-c11 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c11 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-c12 -- add-port of to-c12 -- set interface to-c12 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c12 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e41 -- add-port of to-e41 -- set interface to-e41 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e41 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e42 -- add-port of to-e42 -- set interface to-e42 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e42 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-c21 into port 1 of of
# plug to-c22 into port 2 of of
# plug to-e41 into port 3 of of
# plug to-e42 into port 4 of of
ip netns exec fat-tree.a42 env OVS_RUNDIR=/run/patchlab.fat-tree.a42.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:52:0e:26:f7:6b"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-c21 -- add-port of to-c21 -- set interface to-c21 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c21 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-c22 -- add-port of to-c22 -- set interface to-c22 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-c22 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e41 -- add-port of to-e41 -- set interface to-e41 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e41 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-e42 -- add-port of to-e42 -- set interface to-e42 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-e42 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a11 into port 1 of of
# plug to-a12 into port 2 of of
# plug to-h111 into port 3 of of
# plug to-h112 into port 4 of of
ip netns exec fat-tree.e11 env OVS_RUNDIR=/run/patchlab.fat-tree.e11.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:f4:ab:7d:b8:87"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a11 -- add-port of to-a11 -- set interface to-a11 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a11 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a12 -- add-port of to-a12 -- set interface to-a12 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a12 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h111 -- add-port of to-h111 -- set interface to-h111 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h111 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h112 -- add-port of to-h112 -- set interface to-h112 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h112 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a11 into port 1 of of
# plug to-a12 into port 2 of of
# plug to-h121 into port 3 of of
# plug to-h122 into port 4 of of
ip netns exec fat-tree.e12 env OVS_RUNDIR=/run/patchlab.fat-tree.e12.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:24:ba:36:23:12"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a11 -- add-port of to-a11 -- set interface to-a11 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a11 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a12 -- add-port of to-a12 -- set interface to-a12 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a12 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h121 -- add-port of to-h121 -- set interface to-h121 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h121 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h122 -- add-port of to-h122 -- set interface to-h122 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h122 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a21 into port 1 of of
# plug to-a22 into port 2 of of
# plug to-h211 into port 3 of of
# plug to-h212 into port 4 of of
ip netns exec fat-tree.e21 env OVS_RUNDIR=/run/patchlab.fat-tree.e21.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:ab:8e:9b:f5:4d"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a21 -- add-port of to-a21 -- set interface to-a21 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a21 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a22 -- add-port of to-a22 -- set interface to-a22 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a22 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h211 -- add-port of to-h211 -- set interface to-h211 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h211 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h212 -- add-port of to-h212 -- set interface to-h212 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h212 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a21 into port 1 of of
# plug to-a22 into port 2 of of
# plug to-h221 into port 3 of of
# plug to-h222 into port 4 of of
ip netns exec fat-tree.e22 env OVS_RUNDIR=/run/patchlab.fat-tree.e22.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:08:2c:0a:03:6c"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a21 -- add-port of to-a21 -- set interface to-a21 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a21 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a22 -- add-port of to-a22 -- set interface to-a22 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a22 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h221 -- add-port of to-h221 -- set interface to-h221 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h221 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h222 -- add-port of to-h222 -- set interface to-h222 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h222 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a31 into port 1 of of
# plug to-a32 into port 2 of of
# plug to-h311 into port 3 of of
# plug to-h312 into port 4 of of
ip netns exec fat-tree.e31 env OVS_RUNDIR=/run/patchlab.fat-tree.e31.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:07:01:01:6c:c8"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a31 -- add-port of to-a31 -- set interface to-a31 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a31 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a32 -- add-port of to-a32 -- set interface to-a32 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a32 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h311 -- add-port of to-h311 -- set interface to-h311 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h311 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h312 -- add-port of to-h312 -- set interface to-h312 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h312 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a31 into port 1 of of
# plug to-a32 into port 2 of of
# plug to-h321 into port 3 of of
# plug to-h322 into port 4 of of
ip netns exec fat-tree.e32 env OVS_RUNDIR=/run/patchlab.fat-tree.e32.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:35:e3:a9:7e:af"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a31 -- add-port of to-a31 -- set interface to-a31 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a31 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a32 -- add-port of to-a32 -- set interface to-a32 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a32 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h321 -- add-port of to-h321 -- set interface to-h321 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h321 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h322 -- add-port of to-h322 -- set interface to-h322 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h322 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a41 into port 1 of of
# plug to-a42 into port 2 of of
# plug to-h411 into port 3 of of
# plug to-h412 into port 4 of of
ip netns exec fat-tree.e41 env OVS_RUNDIR=/run/patchlab.fat-tree.e41.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:8d:b9:f2:37:d1"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a41 -- add-port of to-a41 -- set interface to-a41 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a41 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a42 -- add-port of to-a42 -- set interface to-a42 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a42 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h411 -- add-port of to-h411 -- set interface to-h411 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h411 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h412 -- add-port of to-h412 -- set interface to-h412 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h412 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# Open vSwitch bridge of
# plug to-a41 into port 1 of of
# plug to-a42 into port 2 of of
# plug to-h421 into port 3 of of
# plug to-h422 into port 4 of of
ip netns exec fat-tree.e42 env OVS_RUNDIR=/run/patchlab.fat-tree.e42.open-vswitch ovs-vsctl --timeout=30 -- add-br of -- set bridge of datapath_type=netdev fail_mode=secure external_ids:patchlab=fat-tree 'other_config:hwaddr="02:81:9b:bf:1a:21"' other_config:forward-bpdu=false protocols=OpenFlow13 -- --id=@of-0 create controller 'target="tcp:10.9.0.1:6653"' connection_mode=out-of-band -- set bridge of 'controller=[@of-0]' -- --if-exists del-port of to-a41 -- add-port of to-a41 -- set interface to-a41 ofport_request=1 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a41 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-a42 -- add-port of to-a42 -- set interface to-a42 ofport_request=2 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-a42 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h421 -- add-port of to-h421 -- set interface to-h421 ofport_request=3 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h421 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port of to-h422 -- add-port of to-h422 -- set interface to-h422 ofport_request=4 external_ids:patchlab=fat-tree lldp:enable=false -- set port to-h422 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]'

# address 10.9.0.11/24 of c11:eth0
# bring up c11:lo
# bring up c11:to-a11
# bring up c11:to-a21
# bring up c11:to-a31
# bring up c11:to-a41
# bring up c11:of
# bring up c11:eth0
ip -n fat-tree.c11 -batch - <<'EOF'
addr add 10.9.0.11/24 dev eth0
link set dev lo up
link set dev to-a11 up
link set dev to-a21 up
link set dev to-a31 up
link set dev to-a41 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.12/24 of c12:eth0
# bring up c12:lo
# bring up c12:to-a11
# bring up c12:to-a21
# bring up c12:to-a31
# bring up c12:to-a41
# bring up c12:of
# bring up c12:eth0
ip -n fat-tree.c12 -batch - <<'EOF'
addr add 10.9.0.12/24 dev eth0
link set dev lo up
link set dev to-a11 up
link set dev to-a21 up
link set dev to-a31 up
link set dev to-a41 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.13/24 of c21:eth0
# bring up c21:lo
# bring up c21:to-a12
# bring up c21:to-a22
# bring up c21:to-a32
# bring up c21:to-a42
# bring up c21:of
# bring up c21:eth0
ip -n fat-tree.c21 -batch - <<'EOF'
addr add 10.9.0.13/24 dev eth0
link set dev lo up
link set dev to-a12 up
link set dev to-a22 up
link set dev to-a32 up
link set dev to-a42 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.14/24 of c22:eth0
# bring up c22:lo
# bring up c22:to-a12
# bring up c22:to-a22
# bring up c22:to-a32
# bring up c22:to-a42
# bring up c22:of
# bring up c22:eth0
ip -n fat-tree.c22 -batch - <<'EOF'
addr add 10.9.0.14/24 dev eth0
link set dev lo up
link set dev to-a12 up
link set dev to-a22 up
link set dev to-a32 up
link set dev to-a42 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.15/24 of a11:eth0
# bring up a11:lo
# bring up a11:to-c11
# bring up a11:to-c12
# bring up a11:to-e11
# bring up a11:to-e12
# bring up a11:of
# bring up a11:eth0
ip -n fat-tree.a11 -batch - <<'EOF'
addr add 10.9.0.15/24 dev eth0
link set dev lo up
link set dev to-c11 up
link set dev to-c12 up
link set dev to-e11 up
link set dev to-e12 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.16/24 of a12:eth0
# bring up a12:lo
# bring up a12:to-c21
# bring up a12:to-c22
# bring up a12:to-e11
# bring up a12:to-e12
# bring up a12:of
# bring up a12:eth0
ip -n fat-tree.a12 -batch - <<'EOF'
addr add 10.9.0.16/24 dev eth0
link set dev lo up
link set dev to-c21 up
link set dev to-c22 up
link set dev to-e11 up
link set dev to-e12 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.17/24 of a21:eth0
# bring up a21:lo
# bring up a21:to-c11
# bring up a21:to-c12
# bring up a21:to-e21
# bring up a21:to-e22
# bring up a21:of
# bring up a21:eth0
ip -n fat-tree.a21 -batch - <<'EOF'
addr add 10.9.0.17/24 dev eth0
link set dev lo up
link set dev to-c11 up
link set dev to-c12 up
link set dev to-e21 up
link set dev to-e22 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.18/24 of a22:eth0
# bring up a22:lo
# bring up a22:to-c21
# bring up a22:to-c22
# bring up a22:to-e21
# bring up a22:to-e22
# bring up a22:of
# bring up a22:eth0
ip -n fat-tree.a22 -batch - <<'EOF'
addr add 10.9.0.18/24 dev eth0
link set dev lo up
link set dev to-c21 up
link set dev to-c22 up
link set dev to-e21 up
link set dev to-e22 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.19/24 of a31:eth0
# bring up a31:lo
# bring up a31:to-c11
# bring up a31:to-c12
# bring up a31:to-e31
# bring up a31:to-e32
# bring up a31:of
# bring up a31:eth0
ip -n fat-tree.a31 -batch - <<'EOF'
addr add 10.9.0.19/24 dev eth0
link set dev lo up
link set dev to-c11 up
link set dev to-c12 up
link set dev to-e31 up
link set dev to-e32 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.20/24 of a32:eth0
# bring up a32:lo
# bring up a32:to-c21
# bring up a32:to-c22
# bring up a32:to-e31
# bring up a32:to-e32
# bring up a32:of
# bring up a32:eth0
ip -n fat-tree.a32 -batch - <<'EOF'
addr add 10.9.0.20/24 dev eth0
link set dev lo up
link set dev to-c21 up
link set dev to-c22 up
link set dev to-e31 up
link set dev to-e32 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.21/24 of a41:eth0
# bring up a41:lo
# bring up a41:to-c11
# bring up a41:to-c12
# bring up a41:to-e41
# bring up a41:to-e42
# bring up a41:of
# bring up a41:eth0
ip -n fat-tree.a41 -batch - <<'EOF'
addr add 10.9.0.21/24 dev eth0
link set dev lo up
link set dev to-c11 up
link set dev to-c12 up
link set dev to-e41 up
link set dev to-e42 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.22/24 of a42:eth0
# bring up a42:lo
# bring up a42:to-c21
# bring up a42:to-c22
# bring up a42:to-e41
# bring up a42:to-e42
# bring up a42:of
# bring up a42:eth0
ip -n fat-tree.a42 -batch - <<'EOF'
addr add 10.9.0.22/24 dev eth0
link set dev lo up
link set dev to-c21 up
link set dev to-c22 up
link set dev to-e41 up
link set dev to-e42 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.23/24 of e11:eth0
# bring up e11:lo
# bring up e11:to-a11
# bring up e11:to-a12
# bring up e11:to-h111
# bring up e11:to-h112
# bring up e11:of
# bring up e11:eth0
ip -n fat-tree.e11 -batch - <<'EOF'
addr add 10.9.0.23/24 dev eth0
link set dev lo up
link set dev to-a11 up
link set dev to-a12 up
link set dev to-h111 up
link set dev to-h112 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.24/24 of e12:eth0
# bring up e12:lo
# bring up e12:to-a11
# bring up e12:to-a12
# bring up e12:to-h121
# bring up e12:to-h122
# bring up e12:of
# bring up e12:eth0
ip -n fat-tree.e12 -batch - <<'EOF'
addr add 10.9.0.24/24 dev eth0
link set dev lo up
link set dev to-a11 up
link set dev to-a12 up
link set dev to-h121 up
link set dev to-h122 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.25/24 of e21:eth0
# bring up e21:lo
# bring up e21:to-a21
# bring up e21:to-a22
# bring up e21:to-h211
# bring up e21:to-h212
# bring up e21:of
# bring up e21:eth0
ip -n fat-tree.e21 -batch - <<'EOF'
addr add 10.9.0.25/24 dev eth0
link set dev lo up
link set dev to-a21 up
link set dev to-a22 up
link set dev to-h211 up
link set dev to-h212 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.26/24 of e22:eth0
# bring up e22:lo
# bring up e22:to-a21
# bring up e22:to-a22
# bring up e22:to-h221
# bring up e22:to-h222
# bring up e22:of
# bring up e22:eth0
ip -n fat-tree.e22 -batch - <<'EOF'
addr add 10.9.0.26/24 dev eth0
link set dev lo up
link set dev to-a21 up
link set dev to-a22 up
link set dev to-h221 up
link set dev to-h222 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.27/24 of e31:eth0
# bring up e31:lo
# bring up e31:to-a31
# bring up e31:to-a32
# bring up e31:to-h311
# bring up e31:to-h312
# bring up e31:of
# bring up e31:eth0
ip -n fat-tree.e31 -batch - <<'EOF'
addr add 10.9.0.27/24 dev eth0
link set dev lo up
link set dev to-a31 up
link set dev to-a32 up
link set dev to-h311 up
link set dev to-h312 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.28/24 of e32:eth0
# bring up e32:lo
# bring up e32:to-a31
# bring up e32:to-a32
# bring up e32:to-h321
# bring up e32:to-h322
# bring up e32:of
# bring up e32:eth0
ip -n fat-tree.e32 -batch - <<'EOF'
addr add 10.9.0.28/24 dev eth0
link set dev lo up
link set dev to-a31 up
link set dev to-a32 up
link set dev to-h321 up
link set dev to-h322 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.29/24 of e41:eth0
# bring up e41:lo
# bring up e41:to-a41
# bring up e41:to-a42
# bring up e41:to-h411
# bring up e41:to-h412
# bring up e41:of
# bring up e41:eth0
ip -n fat-tree.e41 -batch - <<'EOF'
addr add 10.9.0.29/24 dev eth0
link set dev lo up
link set dev to-a41 up
link set dev to-a42 up
link set dev to-h411 up
link set dev to-h412 up
link set dev of up
link set dev eth0 up
EOF

# address 10.9.0.30/24 of e42:eth0
# bring up e42:lo
# bring up e42:to-a41
# bring up e42:to-a42
# bring up e42:to-h421
# bring up e42:to-h422
# bring up e42:of
# bring up e42:eth0
ip -n fat-tree.e42 -batch - <<'EOF'
addr add 10.9.0.30/24 dev eth0
link set dev lo up
link set dev to-a41 up
link set dev to-a42 up
link set dev to-h421 up
link set dev to-h422 up
link set dev of up
link set dev eth0 up
EOF
