package directoryservicedata

import "time"

// rules are the password policy of a directory.
type rules struct {
	History   int           // former passwords that may not come back
	MaxAge    time.Duration // after which a password must be changed
	MinAge    time.Duration // before which its owner may not change it again
	Threshold int           // failures in a row that lock the account
	Lock      time.Duration // the first lock; each further failure doubles it
	MaxLock   time.Duration // the longest
	Forget    time.Duration // after which failures are forgotten
}

// domainRules are those of AWS Managed Microsoft AD (Administration Guide,
// "Understanding AWS Managed Microsoft AD password policies"): 24 passwords
// remembered, 42 days, 1 day, locked after 5 failures, forgotten after 30
// minutes. Where AWS locks for 30 minutes at once, a lock here begins with one
// minute and doubles, so that a mistyped password costs little and guessing much.
func domainRules() rules {
	return rules{
		History: 24, MaxAge: 42 * 24 * time.Hour, MinAge: 24 * time.Hour,
		Threshold: 5, Lock: time.Minute, MaxLock: 30 * time.Minute, Forget: 30 * time.Minute,
	}
}

// lockFor is how long an account is locked after so many failures in a row.
func (r rules) lockFor(failures int) time.Duration {
	if failures < r.Threshold {
		return 0
	}
	lock := r.Lock
	for range min(failures-r.Threshold, 16) {
		lock = min(lock*2, r.MaxLock)
	}
	return lock
}
