package report

// The exit codes of every duty.
const (
	Done   = 0 // nothing found, or done
	Found  = 1 // found something, or failed
	Misuse = 2 // wrong use
)

// Exit is the error that a duty's command returns when the process must not
// end with 0. Err is nil when everything has been said already.
type Exit struct {
	Code int
	Err  error
}

// Error returns the text of the inner error, or nothing.
func (e *Exit) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

// Unwrap returns the inner error.
func (e *Exit) Unwrap() error { return e.Err }

// ExitCode is the code with which the process ends.
func (e *Exit) ExitCode() int { return e.Code }
