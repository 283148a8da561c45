package settings

import (
	"time"
)

// Settings are all of them. Names in the file are the yaml tags.
type Settings struct {
	Thresholds    Thresholds           `yaml:"thresholds"`
	ExemptionTags []string             `yaml:"exemption-tags"` // keys of tags that keep a resource out of sweeps, in any case
	Prices        string               `yaml:"prices"`         // file of prices; relative to the settings' own folder
	HR            string               `yaml:"hr"`             // file of the personnel feed (CSV or JSON); relative likewise
	Intake        Intake               `yaml:"hr-intake"`
	Work          Work                 `yaml:"work"`
	Quiet         Quiet                `yaml:"quiet"`
	Owner         string               `yaml:"owner"`    // who is asked about what has no owner: a name of people or groups
	Escalate      []string             `yaml:"escalate"` // who is asked when an owner is silent: names of people and groups
	People        map[string]Person    `yaml:"people"`
	Groups        map[string][]string  `yaml:"groups"`   // names of people
	Channels      map[string]string    `yaml:"channels"` // by topic; "default" is that of any other
	Approvals     map[string]Approval  `yaml:"approvals"`
	Exceptions    map[string]Exception `yaml:"exceptions"` // by kind; what agrees to them is under approvals, "KIND exception"
	Answers       Answers              `yaml:"answers"`
	Acceptance    Acceptance           `yaml:"acceptance"` // of golden images
	Slack         Slack                `yaml:"slack"`
	Mail          Mail                 `yaml:"mail"`
	Outbox        string               `yaml:"outbox"`   // folder for notices as files
	Language      string               `yaml:"language"` // of notices to those who have none: ja or en
}

// Thresholds are where a figure becomes a finding.
type Thresholds struct {
	CPUPercent          float64       `yaml:"cpu-percent"`
	CPUFor              time.Duration `yaml:"cpu-for"`
	LatencyMilliseconds float64       `yaml:"latency-milliseconds"`
	LatencyFor          time.Duration `yaml:"latency-for"`
	MemoryPercent       float64       `yaml:"memory-percent"`
	DiskPercent         float64       `yaml:"disk-percent"`
	StuckAfter          time.Duration `yaml:"stuck-after"`       // in a passing state
	UnusedDays          int           `yaml:"unused-days"`       // without a login
	ClockSkew           time.Duration `yaml:"clock-skew"`        // Kerberos allows five minutes
	OffenderDays        int           `yaml:"offender-days"`     // how far back an alarm's repetitions count
	DisconnectsAtOnce   int           `yaml:"disconnects"`       // in one minute: one incident
	KeepLeaverDays      int           `yaml:"keep-leaver-days"`  // a leaver's desktop, stopped
	AnswerWithin        time.Duration `yaml:"answer-within"`     // an owner who was asked; after that the question escalates
	MinimumSavingMonth  float64       `yaml:"minimum-saving"`    // in the price table's currency; less is not proposed
	MaximumStepsAtOnce  int           `yaml:"steps-in-one-plan"` // larger plans are cut
}

// Intake is how the personnel department delivers its feed to tamachi notice
// serve; hr is then the file that it writes.
type Intake struct {
	SecretFile string `yaml:"secret-file"` // by which deliveries are signed
}

// Work is when people are there.
type Work struct {
	Zone     string   `yaml:"zone"` // IANA name; "" is the machine's
	Days     []string `yaml:"days"` // mon, tue, ...
	From     string   `yaml:"from"` // 09:00
	To       string   `yaml:"to"`
	Holidays []string `yaml:"holidays"` // 2026-12-31
}

// Quiet is when nobody is written to, but for what cannot wait.
type Quiet struct {
	From     string `yaml:"from"`
	To       string `yaml:"to"`
	Holidays bool   `yaml:"holidays"` // and all day on days that are no working days
}

// Person is somebody whom the desk writes to or asks.
type Person struct {
	Mail     string   `yaml:"mail"`
	Slack    string   `yaml:"slack"`    // member id: U024BE7LH
	Language string   `yaml:"language"` // ja or en
	AWS      []string `yaml:"aws"`      // ARNs of callers who are this person; * stands for any text without a colon
}

// Approval is who must agree before a plan of a duty is applied, and how long
// the agreement holds. Its key is the duty: "cost sweep", or "*" for any other.
type Approval struct {
	Stages  []Stage       `yaml:"stages"`
	Expires time.Duration `yaml:"expires"` // from the request on
	Reason  bool          `yaml:"reason"`  // the request must say why
	Over    int           `yaml:"over"`    // asked for only where a plan has more steps than this
	Auto    Auto          `yaml:"auto"`    // what is agreed to without them
}

// Auto is a rule that agrees in the place of people, to what costs little more
// and is asked for seldom.
type Auto struct {
	More  float64 `yaml:"more"`  // a month and resource at most, in the price table's currency
	Times int     `yaml:"times"` // how many resources a calendar month, each once; 0 is no rule
	Own   bool    `yaml:"own"`   // what somebody asks for themselves too
}

// Stage is one of the groups that must agree, in their order.
type Stage struct {
	Name string   `yaml:"name"`
	Of   []string `yaml:"of"`   // names of people and groups
	Need int      `yaml:"need"` // how many of them; 0 is 1
}

// Exception is a rule of which a person can be let out for a time.
type Exception struct {
	Group   string        `yaml:"group"`   // of the directory, for which a policy decides otherwise
	Longest time.Duration `yaml:"longest"` // 0 is without limit
}

// Answers is where people answer who have a link.
type Answers struct {
	URL string `yaml:"url"` // of tamachi notice serve, as its readers reach it
}

// Slack is the workspace.
type Slack struct {
	TokenFile  string `yaml:"token-file"`  // a bot's token
	SecretFile string `yaml:"secret-file"` // signing secret, by which clicks are verified
	API        string `yaml:"api"`         // address of another API than Slack's, such as a test server
}

// Mail is the relay.
type Mail struct {
	Relay        string `yaml:"relay"` // smtp://USER@HOST:PORT, smtps://...; ?tls=none without TLS
	From         string `yaml:"from"`
	PasswordFile string `yaml:"password-file"`
	CAFile       string `yaml:"ca-file"` // certificates that vouch for the relay's; else the machine's
}

// Default is what holds where the file says nothing.
func Default() *Settings {
	return &Settings{
		// The two alarms of the first source document; the rest is said with each.
		Thresholds: Thresholds{
			CPUPercent: 85, CPUFor: 30 * time.Minute,
			LatencyMilliseconds: 200, LatencyFor: 10 * time.Minute,
			MemoryPercent: 90, DiskPercent: 90,
			StuckAfter: 45 * time.Minute, UnusedDays: 30,
			ClockSkew:    5 * time.Minute, // RFC 4120, 8.2: KDCs allow five minutes
			OffenderDays: 7, DisconnectsAtOnce: 5, KeepLeaverDays: 30,
			AnswerWithin: 72 * time.Hour, MaximumStepsAtOnce: 5000,
		},
		ExemptionTags: []string{"tamachi:keep", "Skip_Convert"}, // the second is the Cost Optimizer's
		Work:          Work{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: "09:00", To: "18:00"},
		Quiet:         Quiet{From: "20:00", To: "07:00"},
		Acceptance:    Acceptance{Patches: Patches{Within: 7 * 24 * time.Hour}},
		Channels:      map[string]string{},
		People:        map[string]Person{},
		Groups:        map[string][]string{},
		Approvals:     map[string]Approval{},
		Exceptions:    map[string]Exception{"printing": {Group: "Printing-Allowed"}, "wallpaper": {Group: "Wallpaper-Free"}},
	}
}
