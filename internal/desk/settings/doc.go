// Package settings is the desk's one file: thresholds, people and channels,
// working hours, exemption tags, prices, the personnel feed, approvals and
// notices. Without the file the desk works with what is sensible; Default says
// what that is.
//
// A key that nobody knows is an error that names its line and the nearest key
// there is, for a threshold that is misspelt would otherwise be no threshold.
// Secrets are not in the file but in files of their own that it names.
package settings
