// Package exception lets a person out of a rule of the desktops for a time: to
// print where nobody prints, to have a wallpaper of their own. An exception is
// membership of a directory's group, for which a policy (here a desktop policy
// of the plane, elsewhere a group policy object) decides otherwise; so it is
// the same on a real account.
//
// Who must agree stands in the settings, under "printing exception" and
// "wallpaper exception". Each has an end; `tamachi exception end`, which a
// schedule runs, takes back those that are over.
package exception
