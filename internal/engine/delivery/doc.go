// Package delivery is the engine that brings commands to nodes. It follows the
// commits: an order that waits is sent to its node's channel, again when the
// node does not acknowledge it, and again when the node comes back; an order of
// which nothing is heard by its deadline is given up.
//
// What nodes answer does not pass through here: the gateway tells the room,
// and the engine sees the commit.
//
// It keeps no truth of its own. After a restart everything that is not over is
// looked at again, so a kill at any instant loses nothing: what a node has
// already, it refuses as a duplicate, and that counts as accepted.
package delivery
