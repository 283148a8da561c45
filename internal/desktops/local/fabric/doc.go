// Package fabric makes the customer's networks real for the desktops of one data
// folder, with nothing but the Linux kernel.
//
// Each network (VPC) is a network namespace of its own, so that two may have the
// same addresses. A desktop is joined to it by a pair of virtual interfaces over
// which IP is routed, never bridged: no desktop sees another's frames, nobody
// asks by ARP, and nothing is learnt from what a desktop sends. A subnet is a
// routing table, chosen by the sender's address; a peering connection is a pair
// of interfaces between two namespaces; security groups and network ACLs are
// chains of nftables, replaced in one step. What the rules mean is written down
// in package netpath, whose words this package takes.
//
// Namespaces are kept by name (/run/netns) and live on without the plane, as the
// desktops do. Their names begin with the mark of the data folder; only those are
// ever removed. What others put into such a namespace, such as the interface of a
// machine that is no desktop, is left alone.
package fabric
