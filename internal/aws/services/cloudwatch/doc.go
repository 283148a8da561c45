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
// Alarms are evaluated at the end of each period, five seconds later so that its
// points are there: every minute, every ten seconds where the period is shorter,
// every hour where an alarm looks at more than a day. A change of state, its
// history and what is to be done because of it are one transaction; actions
// follow, and history tells how they went. Metric math (package expression) and
// the rules of composite alarms (package rule) are parsed anew where they are
// used, from the text that is stored.
//
// Where it departs from AWS: a metric is listed at once. Samples of one step are
// kept one by one up to 200 different values, then neighbours that differ by a
// percent become one; percentiles are the nearest rank among them. An alarm
// looks two periods further back than its own where data is missing. Entities
// are not kept: their metrics are, and a call with StrictEntityValidation is
// refused. One account does not see another's metrics (cross-account
// observability). Anomaly detection, Metrics Insights and PromQL are refused.
// An alarm that keeps back the actions of a composite alarm is not deleted while
// it does. What a widget of a dashboard shows is not looked at.
package cloudwatch
