package desktops

import "time"

// Biography is a desktop as one asks for it by name, also when it is gone.
type Biography struct {
	ID, DirectoryID, UserName, ComputerName, BundleID string
	State                                             string // TERMINATED when it is gone
	CreatedAt, TerminatedAt                           time.Time
}

// Happening is one thing that happened to a desktop, with what it was
// afterwards.
type Happening struct {
	Desktop                 string
	At                      time.Time
	State                   string
	ErrorCode, ErrorMessage string
	By, RequestID           string // who asked, and in which call; empty for the service itself
	RunningMode             string
	Compute                 string
	RootGiB, UserGiB        int
}

// MonthOfUse is what a desktop used in a month.
type MonthOfUse struct {
	Month                                    string // 2026-11, UTC
	Desktop, DirectoryID, UserName, BundleID string
	Compute                                  string // as it was last
	RootGiB, UserGiB                         int
	Running                                  time.Duration
	// Hourly is the running time that is paid by the hour, by compute type.
	Hourly map[string]time.Duration
	// MonthlyFrom and HourlyFrom are since when the month's fee of the mode is
	// due; zero is never.
	MonthlyFrom, HourlyFrom time.Time
	Open                    bool // it goes on: the figures are as of the call
}

// Fees are the days of the month for which the fee of ALWAYS_ON is due, and the
// smaller one of the other modes: from the day on which it began to the month's
// last, as the month that is begun is due to its end, and the first only in part.
func (u *MonthOfUse) Fees(month time.Time) (monthly, hourly, of int) {
	of = month.AddDate(0, 1, -1).Day()
	due := func(from time.Time) int {
		if from.IsZero() {
			return 0
		}
		return of - from.UTC().Day() + 1
	}
	return due(u.MonthlyFrom), due(u.HourlyFrom), of
}
