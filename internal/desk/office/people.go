package office

// domain is the directory's name.
const domain = "office.tamachi.example"

const (
	shortName   = "OFFICE"
	description = "Tamachi sample office"
	// serviceAccount is the account that RegisterWorkspaceDirectory makes and
	// by which desktops join the directory.
	serviceAccount = "svc-workspaces"
	nightName      = "office-night"
	tagKey         = "tamachi:office"
)

// Person is somebody of the office.
type Person struct {
	Account, Given, Surname string
}

// people are those whom the document names, as far as the directory knows
// them: the new employee Takeda is there as takeda.haneko, a slip of the
// personnel data that a later morning is about.
var people = []Person{
	{"tanabe", "", "Tanabe"},
	{"reina", "Reina", ""},
	{"shimizu", "", "Shimizu"},
	{"yamada.taro", "Taro", "Yamada"},
	{"fujita.kouhei", "Kouhei", "Fujita"},
	{"nakamura.yuri", "Yuri", "Nakamura"},
	{"takeda.haneko", "Haneko", "Takeda"},
}

// byNight get their desktops from the batch, byDay have one that is well.
var (
	byDay   = []string{"yamada.taro"}
	byNight = []string{"fujita.kouhei", "nakamura.yuri"}
)
