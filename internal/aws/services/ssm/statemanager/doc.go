// Package statemanager is the room of associations: which nodes are to be kept
// in the state that a document brings about, when, and how that went.
//
// It drives real nodes. An association is bound to the nodes that its targets
// mean, also to those that begin to fit later; each is a record that says how
// the node stands. An execution is one round over them: at creation, after a
// change, at a time of the schedule, when somebody asks for it, or for the one
// node that came. In a round, MaxConcurrency says how many nodes are released
// at a time and MaxErrors when the rest is left out. A released node finds the
// association Pending in its own list (ListInstanceAssociations), runs the
// document and says how it went (UpdateInstanceAssociationStatus). That a node
// should look at its list now is a nudge, a record that engine/association
// brings to the node and that the node's look removes.
//
// Nodes keep the time of plain rate and cron schedules themselves, as on AWS,
// and so also while the plane cannot be reached; what they report of such a
// run is put together into executions here. A schedule that needs the plane is
// kept here: one with a rate control, an offset, calendars, alarms, at(...) or
// ApplyOnlyAtCronInterval.
//
// Where it departs from AWS: associations run documents of the types Command
// and Policy; Automation runbooks, TargetMaps, TargetLocations, Duration and
// AssociationDispatchAssumeRole are refused, since nothing stands behind them
// here yet. A round that an alarm stops leaves the nodes out that have not
// begun, as Run Command does. In a round with rate control a released node from which
// nothing is heard for an hour counts as an error, so that one dead node does
// not hold up the others for ever.
//
// Sources: Systems Manager API Reference; User Guide, "Understanding when
// associations are applied to resources" and "Understanding targets and rate
// controls in State Manager associations".
package statemanager
