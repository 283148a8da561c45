package main

// insideDesktop runs what this binary is inside of a desktop: its first
// process, or its agent. They are no commands for people and are dispatched
// before anything else is set up, so that they stay small.
func insideDesktop(args []string) (code int, inside bool) {
	return 0, false
}
