// Package association is the engine of State Manager. It follows the commits:
// when an association or a node changes, the room binds and begins what follows
// from it; when a time of a schedule comes, the room begins its execution; and
// when a node is to look at its associations now, the engine sends it the job
// that AWS-RefreshAssociation is, again until the node has looked.
//
// It keeps no truth of its own. After a restart every association is matched
// anew and every nudge that is left is sent again, so a kill at any instant
// loses nothing.
package association
