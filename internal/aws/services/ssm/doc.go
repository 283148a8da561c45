// Package ssm is the wing of Systems Manager: it joins its rooms into one
// service and plugs them into each other.
//
// It also takes what the nodes report (nodes.Reports), and offers the delivery
// engine the orders that are open.
package ssm
