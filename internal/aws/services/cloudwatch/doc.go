// Package cloudwatch is the room of CloudWatch: metrics with their statistics,
// and what is made of them.
//
// The points of a metric are stored in compressed blocks (package series), not
// as rows: one series a metric and unit, for each step at which points are
// kept. New points lie in a small record of their series, which every call
// writes anew before it answers; when that has grown they move on into the
// block of their slice of time. Upkeep makes minutes into points of five
// minutes after 15 days, those into hours after 63, and removes hours after 455;
// seconds of high resolution end after three hours, their minutes stay.
// Source: CloudWatch User Guide, "Metrics retention".
//
// Where it departs from AWS: a metric is listed at once. Samples of one step are
// kept one by one up to 200 different values, then neighbours that differ by a
// percent become one; percentiles are the nearest rank among them. Entities are
// not kept: their metrics are, and a call with StrictEntityValidation is
// refused. One account does not see another's metrics (cross-account
// observability).
package cloudwatch
