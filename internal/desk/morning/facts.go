package morning

import (
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/outage"
)

// Facts is everything that the check read, and when. It can be stored as
// evidence and judged again.
type Facts struct {
	At       time.Time `json:"at"`
	Since    time.Time `json:"since"`   // beginning of the night
	History  time.Time `json:"history"` // how far back account events were read
	Account  string    `json:"account"`
	Caller   string    `json:"caller"` // ARN
	Region   string    `json:"region"`
	Endpoint string    `json:"endpoint,omitempty"`

	Desktops    []Desktop        `json:"desktops"`
	Directories []Directory      `json:"directories"`
	Events      []Event          `json:"events"` // newest first for each name
	Accounts    []DirectoryUser  `json:"accounts"`
	Journal     *Journal         `json:"journal,omitempty"` // of a repair that did not end
	Unanswered  []Unanswered     `json:"unanswered"`
	Truncated   []string         `json:"truncated,omitempty"` // events of which only the newest were read
	Connected   map[string]Usage `json:"connected"`           // by desktop id; nil where it could not be read

	Repeats   time.Time         `json:"repeats"` // since when an alarm's repetitions count
	Alarms    []Alarm           `json:"alarms,omitempty"`
	Misnamed  []Misnamed        `json:"misnamed,omitempty"`
	Lost      []Node            `json:"lost,omitempty"` // nodes whose agent does not answer
	Outages   []outage.Incident `json:"outages,omitempty"`
	PatchRuns []PatchRun        `json:"patchRuns,omitempty"`
	Windows   []Maintenance     `json:"windows,omitempty"` // of Systems Manager
}

// Desktop is a WorkSpace as DescribeWorkspaces shows it.
type Desktop struct {
	ID           string  `json:"id"`
	Directory    string  `json:"directory"`
	User         string  `json:"user"`
	State        string  `json:"state"`
	ErrorCode    string  `json:"errorCode,omitempty"`
	ErrorMessage string  `json:"errorMessage,omitempty"`
	Request      Request `json:"request"`
	Computer     string  `json:"computer,omitempty"`
	Address      string  `json:"address,omitempty"`
	Subnet       string  `json:"subnet,omitempty"`
	Link         string  `json:"link,omitempty"` // its page; likewise below
}

// Request is what a desktop like this one is created with.
type Request = change.Request

// Usage is when a desktop's user was connected.
type Usage struct {
	State string    `json:"state"`
	Last  time.Time `json:"last,omitzero"` // zero: never, as far as AWS knows
}

// Directory is a directory as both services that know it show it.
type Directory struct {
	ID           string `json:"id"`
	Name         string `json:"name,omitempty"`
	Stage        string `json:"stage,omitempty"` // of Directory Service; "" unknown
	StageReason  string `json:"stageReason,omitempty"`
	Registration string `json:"registration,omitempty"` // of WorkSpaces; "" not registered or unknown
	Error        string `json:"error,omitempty"`
	Maintenance  bool   `json:"maintenance,omitempty"` // WorkSpaces' maintenance mode is enabled
	Link         string `json:"link,omitempty"`
}

// Event is a record of the trail, as much of it as the check uses.
type Event struct {
	ID           string           `json:"id"`
	Name         string           `json:"name"`
	Source       string           `json:"source"`
	Time         time.Time        `json:"time"`
	By           string           `json:"by"`
	RequestID    string           `json:"requestId,omitempty"`
	ErrorCode    string           `json:"errorCode,omitempty"`
	ErrorMessage string           `json:"errorMessage,omitempty"`
	Directory    string           `json:"directory,omitempty"`
	User         string           `json:"user,omitempty"`     // of an account event
	Desktops     []string         `json:"desktops,omitempty"` // ids that the call made or named
	Machines     []string         `json:"machines,omitempty"` // ids of EC2 that the call named
	Asked        []Target         `json:"asked,omitempty"`    // of CreateWorkspaces
	Failed       []FailedCreation `json:"failed,omitempty"`   // of CreateWorkspaces
}

// Target is the user of a directory for whom a desktop was asked.
type Target struct {
	Directory string `json:"directory"`
	User      string `json:"user"`
}

// FailedCreation is one refused item of a CreateWorkspaces call.
type FailedCreation struct {
	Target
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
}

// DirectoryUser is the state of an account that a finding is about.
type DirectoryUser struct {
	Directory string `json:"directory"`
	User      string `json:"user"`
	State     State  `json:"state"`
}

// State says whether an account can be used.
type State string

// The states of an account. An account that could not be read has none.
const (
	Enabled  State = "enabled"
	Disabled State = "disabled"
	Absent   State = "absent"
)

// Unanswered is a question that the endpoint could not answer.
type Unanswered struct {
	Problem *account.Problem `json:"problem"`
}
