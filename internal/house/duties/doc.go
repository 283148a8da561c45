// Package duties holds the tests of all duties of the desk together, against a
// whole plane over sockets: over a bad line, with exactly the policy that each
// prints, and against an AWS that is not ours. A new duty is one row of their
// tables (table_test.go).
package duties
