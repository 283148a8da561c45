package house_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cttypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/notify"
)

// plane calls an operation of the plane's own service as a client does, and
// returns the answer's status and JSON.
func (o *office) plane(operation string, in map[string]any) (int, map[string]any) {
	o.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		o.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodPost, o.HTTP()+"/", bytes.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "Tamachi."+operation)
	creds, err := o.Config().Credentials.Retrieve(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(o.t.Context(), creds, req, hex.EncodeToString(sum[:]), "tamachi", o.Access().Region, time.Now()); err != nil {
		o.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		o.t.Fatal(err)
	}
	return res.StatusCode, out
}

// hire puts a person into the directory, and asks for a desktop of theirs.
func (o *office) hire(name, mail string) (workspaceID string) {
	o.t.Helper()
	in := &directoryservicedata.CreateUserInput{DirectoryId: &o.directory, SAMAccountName: &name, GivenName: new("花子"), Surname: new("武田")}
	if mail != "" {
		in.EmailAddress = &mail
	}
	o.Do("ds-data", "CreateUser", in)
	made, err := o.workspaces().CreateWorkspaces(o.t.Context(), &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: &o.directory, BundleId: new("wsb-d12value0"), UserName: &name,
	}}})
	if err != nil || len(made.PendingRequests) != 1 {
		o.t.Fatalf("create a desktop: %v, %+v", err, made)
	}
	return *made.PendingRequests[0].WorkspaceId
}

// mails waits until so many mails were sent.
func (o *office) mails(count int) []notify.Notice {
	o.t.Helper()
	o.eventually(fmt.Sprintf("mail number %d", count), func() bool { return len(o.Mails.Sent()) >= count })
	return o.Mails.Sent()
}

// link takes the secret out of a mail.
func link(t *testing.T, n notify.Notice) string {
	t.Helper()
	found := regexp.MustCompile(`/_tamachi/desktop/invitation/#(\S+)`).FindAllStringSubmatch(n.Text, -1)
	if len(found) != 2 || found[0][1] != found[1][1] {
		t.Fatalf("want the link in both languages, got %v in %s", found, n.Text)
	}
	return found[0][1]
}

// invitation is that of a desktop, as the API lists it.
func (o *office) invitation(id string) map[string]any {
	o.t.Helper()
	status, out := o.plane("ListInvitations", map[string]any{"WorkspaceId": id})
	list, _ := out["Invitations"].([]any)
	if status != http.StatusOK || len(list) != 1 {
		o.t.Fatalf("list the invitation of %s: %d, %v", id, status, out)
	}
	return list[0].(map[string]any)
}

// TestANewHireComesInByTheInvitation goes from the mail to the desktop.
func TestANewHireComesInByTheInvitation(t *testing.T) {
	o := open(t)
	id := o.hire("takeda.hanako", "hanako@example.com")
	mail := o.mails(1)[0]
	code := o.code()
	if mail.To != "hanako@example.com" || mail.From != "no-reply@"+o.directory+".tamachi.internal" {
		t.Errorf("want a mail from the directory to the person, got %s to %s", mail.From, mail.To)
	}
	for _, word := range []string{"武田 花子 様", "登録コード: " + code, "ユーザー名: takeda.hanako", "Registration code: " + code, "User name: takeda.hanako", o.HTTP() + "/_tamachi/desktop/", "Help: " + o.HTTP() + "/_tamachi/desktop/help", "困ったとき: " + o.HTTP() + "/_tamachi/desktop/help"} {
		if !strings.Contains(mail.Text, word) {
			t.Errorf("want %q in the mail, got %s", word, mail.Text)
		}
	}
	o.eventually("delivery to be told", func() bool { return o.invitation(id)["Delivery"] == "SENT" })
	secret, v := link(t, mail), o.visitor()
	if status, out := v.signIn(code, "takeda.hanako", "Correct-Horse-7"); status != http.StatusUnauthorized {
		t.Errorf("before the password is set: want 401, got %d, %v", status, out)
	}
	ask := func(path, token, password string) (int, any, any) {
		t.Helper()
		status, out := v.ask(http.MethodPost, "invitation/"+path, map[string]string{"token": token, "password": password})
		return status, out["reason"], out["user"]
	}
	if status, _, user := ask("guest", secret, ""); status != http.StatusOK || user != "takeda.hanako" {
		t.Errorf("whose the link is: want takeda.hanako, got %d, %v", status, user)
	}
	if status, why, _ := ask("accept", secret, "short"); status != http.StatusUnprocessableEntity || why != "weak-short" {
		t.Errorf("a weak password: want 422, weak; got %d, %v", status, why)
	}
	if status, why, _ := ask("accept", secret[1:]+"A", "Correct-Horse-7"); status != http.StatusNotFound || why != "used" {
		t.Errorf("a link that is none: want 404, used; got %d, %v", status, why)
	}
	if status, why, _ := ask("accept", secret, "Correct-Horse-7"); status != http.StatusOK {
		t.Fatalf("a good password: want 200, got %d, %v", status, why)
	}
	for _, path := range []string{"guest", "accept"} {
		if status, why, _ := ask(path, secret, "Correct-Horse-8"); status != http.StatusNotFound || why != "used" {
			t.Errorf("the link again: want 404, used; got %d, %v", status, why)
		}
	}
	if status, _ := v.signIn(code, "takeda.hanako", "Correct-Horse-7"); status != http.StatusNoContent {
		t.Fatalf("sign in with the chosen password: want 204, got %d", status)
	}
	if status, out := v.ask(http.MethodGet, "mine", nil); status != http.StatusOK || len(out["desktops"].([]any)) != 1 {
		t.Errorf("want the desktop, got %d, %v", status, out)
	}
	if i := o.invitation(id); i["State"] != "ACCEPTED" || i["AcceptedAt"] == nil {
		t.Errorf("want the invitation accepted, got %v", i)
	}
	o.eventually("acceptance to be in the trail, without its secrets", func() bool { return o.acceptedInTheTrail(secret) })
}

// acceptedInTheTrail tells whether the trail has the acceptance; a secret in it
// fails the test.
func (o *office) acceptedInTheTrail(secret string) bool {
	o.t.Helper()
	out, err := cloudtrail.NewFromConfig(o.Config()).LookupEvents(o.t.Context(), &cloudtrail.LookupEventsInput{LookupAttributes: []cttypes.LookupAttribute{
		{AttributeKey: cttypes.LookupAttributeKeyEventName, AttributeValue: new("AcceptInvitation")},
	}})
	if err != nil {
		o.t.Fatal(err)
	}
	good := false
	for _, e := range out.Events {
		if strings.Contains(*e.CloudTrailEvent, secret) || strings.Contains(*e.CloudTrailEvent, "Correct-Horse") {
			o.t.Errorf("the trail shows a secret: %s", *e.CloudTrailEvent)
		}
		good = good || strings.Contains(*e.CloudTrailEvent, "workspaces.amazonaws.com") && strings.Contains(*e.CloudTrailEvent, "takeda.hanako")
	}
	return good
}

func TestAnInvitationIsSentAgain(t *testing.T) {
	o := open(t)
	id := o.hire("takeda.hanako", "hanako@example.com")
	first := link(t, o.mails(1)[0])
	if status, out := o.plane("SendInvitation", map[string]any{"WorkspaceId": id}); status != http.StatusOK || out["UserName"] != "takeda.hanako" {
		t.Fatalf("send it again: want takeda.hanako, got %d, %v", status, out)
	}
	second := link(t, o.mails(2)[1])
	if status, out := o.plane("AcceptInvitation", map[string]any{"Token": first, "Password": "Correct-Horse-7"}); status != http.StatusBadRequest || out["__type"] != "ResourceNotFoundException" {
		t.Errorf("the first link: want ResourceNotFoundException, got %d, %v", status, out)
	}
	if status, out := o.plane("AcceptInvitation", map[string]any{"Token": second, "Password": "hanako"}); status != http.StatusBadRequest || out["__type"] != "InvalidPasswordException" {
		t.Errorf("a weak password: want InvalidPasswordException, got %d, %v", status, out)
	}
	if status, out := o.plane("AcceptInvitation", map[string]any{"Token": second, "Password": "Correct-Horse-7"}); status != http.StatusOK || out["WorkspaceId"] != id {
		t.Errorf("the second link: want %s, got %d, %v", id, status, out)
	}
	if i := o.invitation(id); i["State"] != "ACCEPTED" {
		t.Errorf("want the invitation accepted, got %v", i)
	}
	if status, out := o.plane("SendInvitation", map[string]any{"WorkspaceId": "ws-aaaaaaaaa"}); status != http.StatusBadRequest || out["__type"] != "ResourceNotFoundException" {
		t.Errorf("a desktop of nobody: want ResourceNotFoundException, got %d, %v", status, out)
	}
	if status, out := o.plane("ListInvitations", map[string]any{"NextToken": "x"}); status != http.StatusBadRequest || out["__type"] != "ValidationException" {
		t.Errorf("a token of nobody: want ValidationException, got %d, %v", status, out)
	}
}

func TestAPersonWithoutAnAddressIsSeen(t *testing.T) {
	o := open(t)
	id := o.hire("takeda.hanako", "")
	o.Becomes(id, types.WorkspaceStateAvailable)
	o.eventually("failure to be told", func() bool {
		i := o.invitation(id)
		return i["State"] == "FAILED" && i["Error"] == "the user has no mail address in the directory"
	})
}
