package desktops

import "time"

// Recording is a film of a desktop's screen.
type Recording struct {
	Account, Region string
	ID              string // rec-...
	WorkspaceID     string
	UserName        string // of the desktop
	By              string // ARN of who began it
	Start           time.Time
	Until           time.Time // when it ends by itself
	Limit           int64     // bytes at most
	Live            bool      // it still grows
	Bytes           int64     // how long the file is
	Millis          int64     // and how long it lasts
	End             FilmEnd   // why it ended; "" while it runs
}

// FilmEnd is why a recording ended.
type FilmEnd string

// Why recordings end.
const (
	FilmStopped  FilmEnd = "STOPPED"      // by StopDesktopRecording
	FilmTimeOver FilmEnd = "TIME_OVER"    // it was to last so long
	FilmTooLarge FilmEnd = "TOO_LARGE"    // it reached its size
	FilmNoSpace  FilmEnd = "NO_SPACE"     // the plane's disk is nearly full
	FilmNoDesk   FilmEnd = "DESKTOP_GONE" // the desktop is no more
	FilmDamaged  FilmEnd = "DAMAGED"      // its file cannot be read any more
)
