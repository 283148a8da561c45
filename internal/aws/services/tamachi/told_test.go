package tamachi

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// listener remembers what it was told.
type listener struct {
	t    *testing.T
	told []string
}

func (l *listener) Emit(_ *store.Tx, sc store.Scope, o api.Occurrence) error {
	detail, err := json.Marshal(o.Detail)
	if err != nil {
		return err
	}
	l.told = append(l.told, sc.Region+" "+o.Source+" "+o.DetailType+" "+o.At.Format(time.TimeOnly)+" "+string(detail))
	return nil
}

// TestWhatHappensToPeopleIsTold refuses a sign-in and a way in, signs somebody
// out, and dies with a person's stream open beside an operator's.
func TestWhatHappensToPeopleIsTold(t *testing.T) {
	r, ctx := newRoom(t, ""), t.Context()
	l := &listener{t: t}
	r.ports.Events = l
	person := desktops.Person{Account: account, Region: region, DirectoryID: "d-9067aaaaaa", UserName: "Takeda.Mai"}
	try := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	try("refuse", r.Refused(ctx, person, desktops.SignIn{Client: "192.0.2.9", Platform: "iPadOS", Password: "Secret-1"}, desktops.Mistaken))
	secret, _, err := r.SignedIn(ctx, person)
	try("sign in", err)
	pass, err := r.Enter(ctx, person, desk)
	try("enter", err)
	mine := r.watch(t, pass.Secret)
	try("fail", r.Failed(ctx, desktops.Session{Visit: mine.Visit, Client: "198.51.100.7", Opened: r.clk.Now(), End: desktops.Address}))
	other, err := r.Redeem(ctx, r.ticket(t))
	try("redeem", err)
	theirs := r.watch(t, other.Secret)
	try("sign out", r.SignOut(ctx, secret))
	try("sign out again", r.SignOut(ctx, secret))
	r.live.drop(mine.Number)
	r.live.drop(theirs.Number)
	r.clk.Advance(time.Minute)
	try("end what was lost", r.endLost(ctx))
	try("and again", r.endLost(ctx))
	want := []string{
		region + ` tamachi.desktops Desktop Login Failure 08:00:00 {"clientIpAddress":"192.0.2.9","clientPlatform":"iPadOS","directoryId":"d-9067aaaaaa","reason":"WRONG_CREDENTIALS","userName":"Takeda.Mai"}`,
		region + ` tamachi.desktops Desktop Login Failure 08:00:00 {"clientIpAddress":"198.51.100.7","directoryId":"d-9067aaaaaa","reason":"ADDRESS_NOT_ALLOWED","userName":"Takeda.Mai","workspaceId":"` + desk + `"}`,
		region + ` tamachi.desktops Desktop Logout 08:00:00 {"directoryId":"d-9067aaaaaa","userName":"Takeda.Mai"}`,
		region + ` tamachi.desktops Desktop Disconnect 08:01:00 {"clientIpAddress":"` + mine.Client + `","clientPlatform":"Windows","connectedAt":"` + mine.Opened.UTC().Format(time.RFC3339) + `","directoryId":"d-9067aaaaaa","reason":"PLANE_INTERRUPTED","userName":"Takeda.Mai","workspaceId":"` + desk + `"}`,
	}
	if diff := cmp.Diff(want, l.told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}
