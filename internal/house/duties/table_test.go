package duties

// duty is one row: how a duty is asked, and what it needs.
type duty struct {
	name string
	args func(f *fleet) []string
	// pages tells that it reads a list of several pages, which it must have whole.
	pages bool
}

// words are the words of a duty that needs to know nothing of the fleet.
func words(w ...string) func(*fleet) []string { return func(*fleet) []string { return w } }

// reads are the duties as far as they read. A new duty is a row here.
var reads = []duty{
	{"morning", words("morning"), true},
	{"diagnose login", words("diagnose", "login", probed, "--from", "198.51.100.1"), false},
	{"diagnose path", func(f *fleet) []string { return []string{"diagnose", "path", f.desktop[probed], "to", "10.3.0.10"} }, false},
	{"diagnose slow", words("diagnose", "slow", probed), false},
	{"diagnose desktop", words("diagnose", "desktop", probed), false},
	{"diagnose share", words("diagnose", "share", probed, "files.corp.example.com"), false},
	{"diagnose printing", words("diagnose", "printing", probed), false},
	{"diagnose printing of all", words("diagnose", "printing", "--all"), true},
	{"diagnose access", words("diagnose", "access", "--principal", "administrator", "--action", "workspaces:TerminateWorkspaces"), false},
	{"guard who-can", words("guard", "who-can", "workspaces:TerminateWorkspaces", "*"), false},
	{"cost sweep", words("cost", "sweep"), true},
	{"cost ledger", words("cost", "ledger"), false},
	{"joiner", func(f *fleet) []string { return []string{"joiner", "--hr", f.feed} }, true},
	{"mover", func(f *fleet) []string { return []string{"mover", "--hr", f.feed} }, true},
	{"leaver", func(f *fleet) []string { return []string{"leaver", "--hr", f.feed} }, true},
	{"leaver who is over", func(f *fleet) []string { return []string{"leaver", "--hr", f.feed, "--terminate"} }, true},
}

// deed is a duty that changes something, for one subject of its own: a user
// with a desktop, or for a newcomer a name that nobody has.
type deed struct {
	name string
	args func(f *fleet, subject string) []string
	// policy is what the duty is asked for its policies by, reading and applying.
	policy [][]string
	// writes are the calls that it makes for its subject, each once.
	writes []string
}

// applies are the duties as far as they change something. A new duty is a row
// here.
var applies = []deed{
	{
		"joiner", func(f *fleet, subject string) []string {
			return []string{"joiner", "--hr", f.write(subject + ",Takeda,Hanako,active," + f.bundle + ",Sales"), "--anyway", "--apply", "--yes"}
		},
		[][]string{{"joiner", "--policy"}, {"joiner", "--policy", "--apply"}},
		[]string{"CreateUser", "ResetUserPassword", "AddGroupMember", "CreateWorkspaces"},
	},
	{
		"mover", func(f *fleet, subject string) []string {
			return []string{"mover", subject, "--hr", f.write(subject + ",Ito,Ichiro,active,,Sales"), "--apply", "--yes"}
		},
		[][]string{{"mover", "--policy"}, {"mover", "--policy", "--apply"}},
		[]string{"AddGroupMember"},
	},
	{
		"leaver", func(_ *fleet, subject string) []string { return []string{"leaver", subject, "--apply", "--yes"} },
		[][]string{{"leaver", "--policy"}, {"leaver", "--policy", "--apply"}},
		[]string{"DisableUser", "ModifyWorkspaceProperties", "StopWorkspaces", "CreateTags"},
	},
	{
		"leaver who is over", func(f *fleet, subject string) []string {
			return []string{"leaver", subject, "--terminate", "--apply", "--yes"}
		},
		[][]string{{"leaver", "--policy"}, {"leaver", "--policy", "--apply"}},
		[]string{"TerminateWorkspaces"},
	},
	{
		"diagnose desktop, restart", func(_ *fleet, subject string) []string {
			return []string{"diagnose", "desktop", subject, "--fix", "restart", "--yes", "--reason", "slow"}
		},
		[][]string{{"diagnose", "desktop", "--policy", "--fix", "restart"}},
		[]string{"RebootWorkspaces"},
	},
}
