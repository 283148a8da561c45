// Package route is "tamachi diagnose path": which hop between two ends does not
// let a packet pass, since when, by whom, and the command that restores it. It
// reads Describe calls and the trail and sends no packet, so it works on a real
// account that has nothing of ours in it. What decides at a hop is decided in
// package netpath, by which the plane's own networks are made too; what lies
// beyond the networks (NAT, VPN tunnels, internet gateways) is judged here.
package route
