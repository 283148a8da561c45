// Package cloudwatchlogs is the room of CloudWatch Logs: log groups, their
// streams and events, what finds events again, and exports to a bucket.
//
// Events are many and never change. A batch is stored as chunks, each with the
// events of one stream in one minute, under the group and the time of its first
// event; so a page of a stream or a group is read from where it begins, and
// retention removes chunks from the front. The room removes what is too old, or
// belongs to what was deleted, in small steps (Upkeep); nobody sees it in the
// meantime.
//
// Where it departs from AWS: storedBytes and lastEventTimestamp are true at
// once, storedBytes counts the messages and 26 bytes an event, as a batch does;
// an event is hidden the moment its retention ends. Log groups of the class
// DELIVERY and keys of KMS are refused. Entities of PutLogEvents are rejected as
// AWS rejects one that it does not support: the events are stored.
package cloudwatchlogs
