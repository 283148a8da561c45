// Package cost is the duty of what desktops cost: which run all month for
// nobody, which would be cheaper on the other running mode, whom to ask whether
// a desktop can go, and what so many seats would cost. It reads hours from
// CloudWatch and prices from a dated table, and tells neither better than it
// knows it: hours that are only known between two ends are shown so, and what
// has no price is named. It
// terminates what an owner has released, by a plan of its own, and nothing
// because somebody is silent.
package cost
