package cost

import (
	"time"

	"tamachi/internal/desk/account"
)

// Facts is everything that was read about what desktops cost. It can be stored
// as evidence and judged again.
type Facts struct {
	At       time.Time     `json:"at"`
	From     time.Time     `json:"from"`  // from when on use was read
	Month    time.Time     `json:"month"` // when this month began, UTC
	Account  string        `json:"account"`
	Caller   string        `json:"caller,omitempty"`
	Region   string        `json:"region"`
	Endpoint string        `json:"endpoint,omitempty"`
	Sample   time.Duration `json:"-"` // what one sample of a metric stands for

	Desktops   []Desktop          `json:"-"`
	Unanswered []*account.Problem `json:"unanswered"`
	untagged   bool               // tags could not be read
}

// Desktop is a WorkSpace with what was read of its use.
type Desktop struct {
	ID              string            `json:"id"`
	Directory       string            `json:"directory"`
	User            string            `json:"user"`
	Bundle          string            `json:"bundle"`
	Compute         string            `json:"compute"`
	OS              string            `json:"os,omitempty"`
	RootGiB         int               `json:"rootGiB"`
	UserGiB         int               `json:"userGiB"`
	Mode            string            `json:"mode"`
	AutoStopMinutes int               `json:"autoStopMinutes,omitempty"`
	State           string            `json:"state"`
	LastLogin       time.Time         `json:"lastLogin,omitzero"`
	Tags            map[string]string `json:"tags,omitempty"`

	connected *Track // nil where CloudWatch did not say
	running   *Track // of those on AUTO_STOP
}

const (
	alwaysOn = "ALWAYS_ON"
	autoStop = "AUTO_STOP"
)

// timeout is how long the desktop runs on after its user has gone, or would.
func (d *Desktop) timeout() time.Duration {
	if d.Mode == autoStop && d.AutoStopMinutes > 0 {
		return time.Duration(d.AutoStopMinutes) * time.Minute
	}
	return time.Hour
}

// track is what a running mode's hours are counted by; nil where CloudWatch did
// not say.
func (d *Desktop) track() *Track {
	if d.Mode == alwaysOn {
		return d.connected
	}
	return d.running
}
