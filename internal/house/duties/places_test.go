package duties

import (
	"regexp"
	"strings"
	"testing"
)

// A place that cannot be read is shown with its reason, and hides no other.
func TestOnePlaceHidesNoOther(t *testing.T) {
	f := open(t, 4)
	p := configure(t)
	keys, err := f.Config().Credentials.Retrieve(t.Context())
	f.must(keys, err)
	p.add("good", keys, f.Config().Region, *f.Config().BaseEndpoint)
	p.add("gone", keys, f.Config().Region, "http://127.0.0.1:1")
	nobody := f.clerk(p, "nobody")
	for _, args := range [][]string{{"morning"}, {"cost", "sweep"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			got := terminal(t, f.at).run(t.Context(), append(args, "--profile", "good,nobody,gone,unheard", "--region", "ap-northeast-1,us-east-1")...)
			if got.code != 1 {
				t.Errorf("want exit 1, got %s", got)
			}
			for _, want := range []string{
				`4 desktops`, `good (\d+ )?ap-northeast-1`, `good (\d+ )?us-east-1`, nobody.profile + ` ap-northeast-1`, `gone us-east-1`, `unheard ap-northeast-1`,
				`workspaces:DescribeWorkspaces is denied`, `nothing answers at the endpoint`, `profile does not exist`,
			} {
				if !regexp.MustCompile(want).MatchString(got.out) {
					t.Errorf("want it to say %s, got %s", want, got)
				}
			}
		})
	}
}
