// Package gateway holds the nodes' control channels: it serves the WebSocket
// side of the SSM Agent's message gateway and turns its frames into calls of
// nodes.Reports.
//
// What it promises: a channel opens only with the single-use token that was
// made for that node; a node has one channel, the newest; what a node reports
// is acknowledged to it only after Reports took it; a dead peer is noticed
// within two minutes; no peer can make the gateway keep more than a bounded
// amount of memory for it.
//
// It keeps nothing across a restart: the nodes come back by themselves, and
// what they had to say they say again.
package gateway
