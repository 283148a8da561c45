package login

import (
	"time"

	"tamachi/internal/desk/account"
)

// Facts is everything that was read about somebody's sign-in. It can be stored
// as evidence and judged again.
type Facts struct {
	At       time.Time `json:"at"`
	Asked    Asked     `json:"asked"`
	Region   string    `json:"region"`
	Endpoint string    `json:"endpoint,omitempty"`

	Directories []Directory        `json:"directories"`
	Desktops    []Desktop          `json:"desktops"`
	Users       []User             `json:"users"`
	Names       []string           `json:"names,omitempty"` // of users who are there; read only where one is not
	Changes     []Change           `json:"changes"`         // newest first
	Unanswered  []*account.Problem `json:"unanswered"`
}

// Asked is what the person who asks knows.
type Asked struct {
	User      string `json:"user"`
	Directory string `json:"directory,omitempty"`
	Code      string `json:"code,omitempty"`   // the registration code that was typed
	From      string `json:"from,omitempty"`   // the client's address
	Device    string `json:"device,omitempty"` // one of devices
}

// Directory is a directory in which people sign in to desktops.
type Directory struct {
	ID           string            `json:"id"`
	Name         string            `json:"name,omitempty"`
	Registration string            `json:"registration"`
	Error        string            `json:"error,omitempty"`
	Code         string            `json:"code,omitempty"`
	Stage        string            `json:"stage,omitempty"` // of Directory Service; "" unknown
	StageReason  string            `json:"stageReason,omitempty"`
	Groups       []Group           `json:"groups,omitempty"`
	Devices      map[string]string `json:"devices,omitempty"` // ALLOW, DENY or TRUST, where it is set
}

// Group is an IP access group.
type Group struct {
	ID    string   `json:"id"`
	Name  string   `json:"name,omitempty"`
	Rules []string `json:"rules"` // CIDR
}

// Desktop is a WorkSpace of the user.
type Desktop struct {
	ID          string `json:"id"`
	Directory   string `json:"directory"`
	State       string `json:"state"`
	Error       string `json:"error,omitempty"`
	RunningMode string `json:"runningMode,omitempty"`
}

// User is the account in a directory; where it could not be read it is not in
// the facts.
type User struct {
	Directory string `json:"directory"`
	Present   bool   `json:"present"`
	Enabled   *bool  `json:"enabled,omitempty"` // nil where the endpoint does not say
}

// Change is an event of the trail about the account.
type Change struct {
	Name      string    `json:"name"`
	Directory string    `json:"directory"`
	Time      time.Time `json:"time"`
	By        string    `json:"by"`
}
