// Package eventpattern matches events with patterns, as EventBridge rules have
// them and filter policies of SNS: a pattern is a JSON object of the shape of
// the events that it fits, with the values wanted as lists.
//
// Strings, numbers, true, false and null match as they are written; an object
// in a list is a comparison: prefix, suffix (both also ignoring case),
// equals-ignore-case, wildcard, anything-but (of values, or of the comparisons
// before), numeric, cidr, exists. "$or" holds alternatives. Of an array in the
// event one element suffices; members of one object are asked of one element.
//
// Time is linear in the event for each part of a pattern: nothing backtracks.
//
// Source: EventBridge User Guide, "Comparison operators for use in event
// patterns"; SNS Developer Guide, "Filter policy constraints".
package eventpattern
