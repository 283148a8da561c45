// Package metrics measures desktops: once a minute it asks the provider what
// each uses and the room what state it is in, and records that as the metrics
// of AWS/WorkSpaces, by desktop, directory, running mode, protocol, compute type
// and bundle. AWS also has them by the name of the user and of the computer:
// these would say what WorkspaceId says, for twice the room on disk, and are not
// recorded.
//
// What is recorded has a source here, and what has none is not recorded:
// CPUUsage, MemoryUsage, RootVolumeDiskUsage, UserVolumeDiskUsage and UpTime
// come from the provider; Available, Unhealthy, Stopped and Maintenance from the
// state of the record; UserConnected, ConnectionAttempt, ConnectionSuccess,
// ConnectionFailure, SessionLaunchTime, SessionDisconnect and InSessionLatency (the
// mean of what was measured in the minute) from the display streams. Percentages have two decimal places. A minute in
// which the plane was down has no points.
// Source: WorkSpaces Administration Guide, "Monitor your WorkSpaces using
// CloudWatch metrics".
package metrics
