// Package people is the duty of those who come, move and go: it compares what
// the personnel department says with the directory and the desktops, catches a
// misspelt name before anything is made of it, and makes one transaction of
// each person (package plan): user, password, groups and desktop of a newcomer,
// taken back together when one of them fails; a leaver's account switched off,
// the desktop stopped, kept for some days, and terminated only in a plan of its
// own.
//
// The password that a newcomer's account gets is drawn at random, given to the
// directory and forgotten: whoever comes sets their own by the invitation, or
// has it reset. A plane sends its invitation by itself when the desktop is
// ready.
package people
