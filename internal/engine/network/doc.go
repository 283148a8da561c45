// Package network keeps the networks of desktops as the room of EC2 has them: it
// follows the feed of the room's tables, asks the room for the whole picture when
// one of them has changed, and gives it to the provider. A start arranges all
// anew, so what changed while the plane was away takes effect then, and what
// failed is tried again.
package network
