package managednodes

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

const (
	account = "111122223333"
	region  = "ap-northeast-1"
)

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// room is the room over a store in memory, with channels that the test opens.
type room struct {
	*Service
	t      *testing.T
	clk    *clock.Frozen
	open   map[string]bool
	cut    []string
	issued []string
}

func (r *room) Connected(node string) bool { return r.open[node] }
func (r *room) Disconnect(node string)     { r.cut = append(r.cut, node) }

// Role knows all roles but one, and ssm may assume them but another.
func (r *room) Role(_ context.Context, account, name string) (Role, error) {
	service, path := servicePrincipal, "service-role/"
	switch name {
	case "Missing":
		return Role{}, ErrNoRole
	case "Foreign":
		service = "ec2.amazonaws.com"
	case "Plain":
		path = ""
	}
	return Role{
		ID: "AROA" + name, Name: name, ARN: roleARN(account, path+name).String(),
		Trust: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole",
			"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"},"ArnEquals":{"aws:SourceArn":"arn:aws:ssm:*:111122223333:*"}}}}`,
	}, nil
}

func (r *room) IssueNode(_ *store.Tx, account, node string, role Role, lasts time.Duration) (Session, error) {
	r.issued = append(r.issued, account+" "+node+" "+role.Name)
	return Session{AccessKeyID: "ASIA", Secret: "secret", SessionToken: "token", Expires: r.clk.Now().Add(lasts)}, nil
}

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{t: t, clk: clock.NewFrozen(morning), open: map[string]bool{}}
	st, err := store.Open(t.Context(), store.Options{Clock: r.clk}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	r.Service = New(st, id.Seeded(1), r.clk, Ports{Sessions: r, Channels: r, Roles: r, Groups: r})
	return r
}

// Group knows groups of the nodes of two floors, and one of everything.
func (r *room) Group(_ *store.Tx, _ store.Scope, name string) (func(kind string, tags map[string]string) bool, error) {
	floor, ok := map[string]string{"third": "3", "fourth": "4", "all": ""}[name]
	if !ok {
		return nil, nil
	}
	return func(kind string, tags map[string]string) bool {
		return kind == "AWS::SSM::ManagedInstance" && (floor == "" || tags["Floor"] == floor)
	}, nil
}

var administrator = api.Caller{Type: api.IAMUser, Account: account, ARN: "arn:aws:iam::" + account + ":user/administrator"}

// as is a call's context.
func (r *room) as(who api.Caller) context.Context {
	return api.WithCall(r.t.Context(), &api.Call{Caller: who, Account: who.Account, Region: region, Time: r.clk.Now()})
}

func nodeCaller(node string) api.Caller {
	return api.Caller{Type: api.ManagedInstance, Account: account, Node: node}
}

func (r *room) activate(who api.Caller, change func(*ssm.CreateActivationInput)) (id, code string) {
	r.t.Helper()
	in := &ssm.CreateActivationInput{IamRole: aws.String("service-role/Desktop"), DefaultInstanceName: aws.String("desk")}
	if change != nil {
		change(in)
	}
	out, err := r.CreateActivation(r.as(who), in)
	if err != nil {
		r.t.Fatal(err)
	}
	return *out.ActivationId, *out.ActivationCode
}

var testKeys = map[string]string{}

// key is a public key by a name; making one takes a while.
func key(t *testing.T, name string) *string {
	t.Helper()
	if testKeys[name] == "" {
		made, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKIXPublicKey(&made.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		testKeys[name] = base64.StdEncoding.EncodeToString(der)
	}
	v := testKeys[name]
	return &v
}

func (r *room) register(id, code, machine string) (string, error) {
	out, err := r.RegisterManagedInstance(r.as(api.Caller{}), &RegisterManagedInstanceInput{
		ActivationId: &id, ActivationCode: &code, PublicKey: key(r.t, machine), PublicKeyType: aws.String("Rsa"), Fingerprint: &machine,
	})
	if err != nil {
		return "", err
	}
	return *out.InstanceId, nil
}

// node registers a machine and lets it report.
func (r *room) node(who api.Caller, machine string, tags map[string]string) string {
	r.t.Helper()
	activation, secret := r.activateTagged(who, tags)
	node, err := r.register(activation, secret, machine)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.report(node, "Debian GNU/Linux"); err != nil {
		r.t.Fatal(err)
	}
	return node
}

// activateTagged makes an activation with tags.
func (r *room) activateTagged(who api.Caller, tags map[string]string) (string, string) {
	r.t.Helper()
	return r.activate(who, func(in *ssm.CreateActivationInput) {
		for k, v := range tags {
			in.Tags = append(in.Tags, types.Tag{Key: &k, Value: &v})
		}
	})
}

func (r *room) report(node, platform string) error {
	_, err := r.UpdateInstanceInformation(r.as(nodeCaller(node)), &UpdateInstanceInformationInput{
		InstanceId: &node, AgentVersion: aws.String("1.0.0.0"), PlatformName: &platform, PlatformType: aws.String("Linux"),
	})
	return err
}

func code(err error) string {
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		return fault.ErrorCode()
	}
	return fmt.Sprint(err)
}

func TestRegistrationTakesAnActivation(t *testing.T) {
	for _, row := range []struct {
		name string
		try  func(r *room, id, code string) error
		want string
	}{
		{"the code that belongs to it", func(r *room, id, code string) error { _, err := r.register(id, code, "a"); return err }, "<nil>"},
		{"another code", func(r *room, id, _ string) error {
			_, err := r.register(id, strings.Repeat("x", 20), "a")
			return err
		}, "InvalidActivation"},
		{"an unknown id", func(r *room, _, code string) error {
			_, err := r.register("11111111-1111-4111-8111-111111111111", code, "a")
			return err
		}, "InvalidActivation"},
		{"one that has expired", func(r *room, id, code string) error {
			r.clk.Advance(activationLife)
			_, err := r.register(id, code, "a")
			return err
		}, "ActivationExpired"},
		{"an expired one with another code tells nothing", func(r *room, id, _ string) error {
			r.clk.Advance(activationLife)
			_, err := r.register(id, strings.Repeat("x", 20), "a")
			return err
		}, "InvalidActivation"},
		{"one that is used up", func(r *room, id, code string) error {
			if _, err := r.register(id, code, "a"); err != nil {
				return err
			}
			_, err := r.register(id, code, "b")
			return err
		}, "InvalidActivation"},
		{"one that was deleted", func(r *room, id, code string) error {
			if _, err := r.DeleteActivation(r.as(administrator), &ssm.DeleteActivationInput{ActivationId: &id}); err != nil {
				return err
			}
			_, err := r.register(id, code, "a")
			return err
		}, "InvalidActivation"},
		{"a public key that is none", func(r *room, id, code string) error {
			_, err := r.RegisterManagedInstance(r.as(api.Caller{}), &RegisterManagedInstanceInput{
				ActivationId: &id, ActivationCode: &code, PublicKey: aws.String("bm8ga2V5"), PublicKeyType: aws.String("Rsa"), Fingerprint: aws.String("a"),
			})
			return err
		}, "ValidationException"},
	} {
		r := newRoom(t)
		id, secret := r.activate(administrator, nil)
		if got := code(row.try(r, id, secret)); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
}

func TestRepeatedRegistrationOfOneMachineIsOneNode(t *testing.T) {
	r := newRoom(t)
	id, secret := r.activate(administrator, nil)
	first, err := r.register(id, secret, "a")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.register(id, secret, "a"); err != nil || again != first {
		t.Errorf("got %s (%v), want %s again", again, err, first)
	}
	if !strings.HasPrefix(first, "mi-") || len(first) != 20 {
		t.Errorf("got id %s, want mi- and 17 digits", first)
	}
}

func TestActivationDates(t *testing.T) {
	for _, row := range []struct {
		name    string
		expires time.Time
		want    string
	}{
		{"in a day", morning.Add(24 * time.Hour), "<nil>"},
		{"in thirty days", morning.Add(30 * 24 * time.Hour), "<nil>"},
		{"in more than thirty days", morning.Add(30*24*time.Hour + time.Second), "InvalidParameters"},
		{"now", morning, "InvalidParameters"},
	} {
		r := newRoom(t)
		_, err := r.CreateActivation(r.as(administrator), &ssm.CreateActivationInput{IamRole: aws.String("Plain"), ExpirationDate: &row.expires})
		if got := code(err); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
}

func TestRoleTokenIsForTheSameMachine(t *testing.T) {
	r := newRoom(t)
	node := r.node(administrator, "a", nil)
	ask := func(who, fingerprint string) (*RequestManagedInstanceRoleTokenOutput, error) {
		return r.RequestManagedInstanceRoleToken(r.as(nodeCaller(who)), &RequestManagedInstanceRoleTokenInput{Fingerprint: &fingerprint})
	}
	got, err := ask(node, "a")
	if err != nil || got.UpdateKeyPair || !got.TokenExpirationDate.Equal(morning.Add(time.Hour)) {
		t.Errorf("got %+v (%v), want an hour and the same key", got, err)
	}
	if want := []string{account + " " + node + " Desktop"}; !cmp.Equal(r.issued, want) {
		t.Errorf("issued %v, want %v", r.issued, want)
	}
	if _, err := ask(node, "b"); code(err) != "MachineFingerprintDoesNotMatch" {
		t.Errorf("another machine: got %v", err)
	}
	if _, err := ask("mi-0123456789abcdef0", "a"); code(err) != "AccessDeniedException" {
		t.Errorf("an unknown node: got %v", err)
	}
	r.clk.Advance(keyLife)
	if got, err := ask(node, "a"); err != nil || !got.UpdateKeyPair {
		t.Errorf("with an old key: got %+v (%v), want UpdateKeyPair", got, err)
	}
	if _, err := r.UpdateManagedInstancePublicKey(r.as(nodeCaller(node)), &UpdateManagedInstancePublicKeyInput{NewPublicKey: key(t, "b"), NewPublicKeyType: aws.String("Rsa")}); err != nil {
		t.Fatal(err)
	}
	if got, err := ask(node, "a"); err != nil || got.UpdateKeyPair {
		t.Errorf("with a new key: got %+v (%v)", got, err)
	}
	public, caller, err := r.NodeKey(t.Context(), node)
	if err != nil || caller.Node != node || caller.Account != account || caller.Type != api.ManagedInstance {
		t.Fatalf("NodeKey: got %+v (%v)", caller, err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil || base64.StdEncoding.EncodeToString(der) != *key(t, "b") {
		t.Error("NodeKey is not the new key")
	}
	if _, _, err := r.NodeKey(t.Context(), "mi-0123456789abcdef0"); !errors.Is(err, ErrUnknownNode) {
		t.Errorf("an unknown node's key: got %v", err)
	}
}

func TestNodeReportsItselfOnly(t *testing.T) {
	r := newRoom(t)
	a, b := r.node(administrator, "a", nil), r.node(administrator, "b", nil)
	_, err := r.UpdateInstanceInformation(r.as(nodeCaller(a)), &UpdateInstanceInformationInput{InstanceId: &b, AgentVersion: aws.String("1")})
	if code(err) != "InvalidInstanceId" {
		t.Errorf("got %v, want InvalidInstanceId", err)
	}
}

func TestOnlyTheDesktopServiceSaysWhichDesktopANodeIs(t *testing.T) {
	r := newRoom(t)
	service := api.Caller{Type: api.AWSService, Account: account, Service: "workspaces.amazonaws.com"}
	tag := map[string]string{"WorkspaceId": "ws-aaaaaaaaa"}
	desk := r.node(service, "a", tag)
	r.node(administrator, "b", tag)
	resolve := func(account, id string) string {
		var got string
		err := r.st.View(t.Context(), func(tx *store.Tx) error {
			n, err := r.Resolve(tx, store.In(account, region), id)
			got = n.ID
			return err
		})
		if err != nil && !errors.Is(err, ErrUnknownNode) {
			t.Fatal(err)
		}
		return got
	}
	if got := resolve(account, "ws-aaaaaaaaa"); got != desk {
		t.Errorf("the WorkSpace is %s, want %s", got, desk)
	}
	if got := resolve("999999999999", "ws-aaaaaaaaa"); got != "" {
		t.Errorf("another account finds %s", got)
	}
	r.clk.Advance(time.Minute)
	again := r.node(service, "c", tag)
	if got := resolve(account, "ws-aaaaaaaaa"); got != again {
		t.Errorf("after a new registration the WorkSpace is %s, want %s", got, again)
	}
}

func TestDescribeInstanceInformation(t *testing.T) {
	r := newRoom(t)
	service := api.Caller{Type: api.AWSService, Account: account, Service: "workspaces.amazonaws.com"}
	a := r.node(service, "a", map[string]string{"WorkspaceId": "ws-aaaaaaaaa", "Floor": "3"})
	b := r.node(administrator, "b", map[string]string{"Floor": "4"})
	activation, secret := r.activate(administrator, nil)
	silent, err := r.register(activation, secret, "c")
	if err != nil {
		t.Fatal(err)
	}
	r.open[a] = true
	one := func(key string, values ...string) []types.InstanceInformationStringFilter {
		return []types.InstanceInformationStringFilter{{Key: &key, Values: values}}
	}
	for _, row := range []struct {
		name string
		in   *ssm.DescribeInstanceInformationInput
		want []string
		code string
	}{
		{"all that have reported", &ssm.DescribeInstanceInformationInput{}, []string{a, b}, ""},
		{"one by its id", &ssm.DescribeInstanceInformationInput{Filters: one("InstanceIds", b, silent)}, []string{b}, ""},
		{"one by its WorkSpace", &ssm.DescribeInstanceInformationInput{Filters: one("InstanceIds", "ws-aaaaaaaaa")}, []string{a}, ""},
		{"by source", &ssm.DescribeInstanceInformationInput{Filters: one("SourceIds", "ws-aaaaaaaaa")}, []string{a}, ""},
		{"who is online", &ssm.DescribeInstanceInformationInput{Filters: one("PingStatus", "Online")}, []string{a}, ""},
		{"who is not", &ssm.DescribeInstanceInformationInput{Filters: one("PingStatus", "ConnectionLost")}, []string{b}, ""},
		{"by platform", &ssm.DescribeInstanceInformationInput{Filters: one("PlatformTypes", "Windows")}, nil, ""},
		{"by a tag", &ssm.DescribeInstanceInformationInput{Filters: one("tag:Floor", "4", "5")}, []string{b}, ""},
		{"by a tag's key", &ssm.DescribeInstanceInformationInput{Filters: one("tag-key", "WorkspaceId")}, []string{a}, ""},
		{"by the legacy filter", &ssm.DescribeInstanceInformationInput{InstanceInformationFilterList: []types.InstanceInformationFilter{{Key: "PingStatus", ValueSet: []string{"Online"}}}}, []string{a}, ""},
		{"an unknown key", &ssm.DescribeInstanceInformationInput{Filters: one("Colour", "red")}, nil, "InvalidFilterKey"},
		{"an unknown status", &ssm.DescribeInstanceInformationInput{Filters: one("PingStatus", "Asleep")}, nil, "InvalidInstanceInformationFilterValue"},
		{"a token of another list", &ssm.DescribeInstanceInformationInput{NextToken: aws.String(api.Token("ListCommands", "x"))}, nil, "InvalidNextToken"},
		{"both forms of filter", &ssm.DescribeInstanceInformationInput{Filters: one("PingStatus", "Online"), InstanceInformationFilterList: []types.InstanceInformationFilter{{Key: "PingStatus", ValueSet: []string{"Online"}}}}, nil, "ValidationException"},
	} {
		out, err := r.DescribeInstanceInformation(r.as(administrator), row.in)
		if row.code != "" {
			if code(err) != row.code {
				t.Errorf("%s: got %v, want %s", row.name, err, row.code)
			}
			continue
		}
		var got []string
		for _, i := range out.InstanceInformationList {
			got = append(got, *i.InstanceId)
		}
		if diff := cmp.Diff(sorted(row.want), sorted(got)); err != nil || diff != "" {
			t.Errorf("%s (%v, -want +got):\n%s", row.name, err, diff)
		}
	}
	for name, ctx := range map[string]context.Context{
		"another account": r.as(api.Caller{Type: api.IAMUser, Account: "999999999999"}),
		"another Region":  api.WithCall(t.Context(), &api.Call{Account: account, Region: "us-east-1", Time: morning}),
	} {
		if out, err := r.DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{}); err != nil || len(out.InstanceInformationList) != 0 {
			t.Errorf("%s sees %v (%v)", name, out, err)
		}
	}
}

func TestListsPage(t *testing.T) {
	r := newRoom(t)
	want := map[string]bool{}
	for n := range 12 {
		want[r.node(administrator, fmt.Sprint("machine", n%2), nil)] = true
	}
	pages := 0
	for token := (*string)(nil); pages == 0 || token != nil; pages++ {
		out, err := r.DescribeInstanceInformation(r.as(administrator), &ssm.DescribeInstanceInformationInput{MaxResults: aws.Int32(5), NextToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range out.InstanceInformationList {
			delete(want, *i.InstanceId)
		}
		token = out.NextToken
	}
	if pages != 3 || len(want) != 0 {
		t.Errorf("in %d pages, %v never seen; want 3 pages and all", pages, want)
	}
	seen := 0
	for token, first := (*string)(nil), true; first || token != nil; first = false {
		out, err := r.DescribeActivations(r.as(administrator), &ssm.DescribeActivationsInput{MaxResults: aws.Int32(6), NextToken: token})
		if err != nil {
			t.Fatal(err)
		}
		seen += len(out.ActivationList)
		token = out.NextToken
	}
	if seen != 12 {
		t.Errorf("paging showed %d activations, want 12", seen)
	}
}

func TestDescribeActivations(t *testing.T) {
	r := newRoom(t)
	id, secret := r.activate(administrator, func(in *ssm.CreateActivationInput) { in.RegistrationLimit = aws.Int32(2) })
	r.activate(administrator, func(in *ssm.CreateActivationInput) { in.DefaultInstanceName = aws.String("other") })
	if _, err := r.register(id, secret, "a"); err != nil {
		t.Fatal(err)
	}
	r.clk.Advance(activationLife)
	out, err := r.DescribeActivations(r.as(administrator), &ssm.DescribeActivationsInput{
		Filters: []types.DescribeActivationsFilter{{FilterKey: "DefaultInstanceName", FilterValues: []string{"desk"}}},
	})
	if err != nil || len(out.ActivationList) != 1 {
		t.Fatalf("got %v (%v), want one", out, err)
	}
	if a := out.ActivationList[0]; *a.ActivationId != id || !a.Expired || *a.RegistrationsCount != 1 || *a.RegistrationLimit != 2 {
		t.Errorf("got %+v", a)
	}
	if _, err := r.DeleteActivation(r.as(administrator), &ssm.DeleteActivationInput{ActivationId: aws.String("none")}); code(err) != "InvalidActivationId" {
		t.Errorf("deleting none: got %v", err)
	}
}

func TestDeregisteredNodeIsForgotten(t *testing.T) {
	r := newRoom(t)
	node := r.node(administrator, "a", nil)
	if err := r.Service.Connected(t.Context(), node); err != nil {
		t.Fatal(err)
	}
	if _, err := r.DeregisterManagedInstance(r.as(administrator), &ssm.DeregisterManagedInstanceInput{InstanceId: &node}); err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(r.cut, []string{node}) {
		t.Errorf("channels cut: %v, want %s", r.cut, node)
	}
	if err := r.Disconnected(t.Context(), node); err != nil {
		t.Errorf("its channel's end: %v", err)
	}
	if err := r.report(node, "x"); code(err) != "AccessDeniedException" {
		t.Errorf("its report: got %v, want AccessDeniedException", err)
	}
	if there, err := r.Registered(t.Context(), account, region, node); there || err != nil {
		t.Errorf("it is still registered (%v)", err)
	}
	if _, err := r.DeregisterManagedInstance(r.as(administrator), &ssm.DeregisterManagedInstanceInput{InstanceId: &node}); code(err) != "InvalidInstanceId" {
		t.Errorf("a second time: got %v", err)
	}
}

func TestWorkSpaceHasItsOwnActivationsAndNodesOnly(t *testing.T) {
	r := newRoom(t)
	service := api.Caller{Type: api.AWSService, Account: account, Service: "workspaces.amazonaws.com"}
	mine := map[string]string{"WorkspaceId": "ws-aaaaaaaaa"}
	node := r.node(service, "a", mine)
	r.node(service, "b", map[string]string{"WorkspaceId": "ws-bbbbbbbbb"})
	unused, _ := r.activateTagged(service, mine)
	r.activateTagged(administrator, mine) // a tag of the customer's says nothing
	for _, row := range []struct {
		name, account, region, workspace string
		made                             int
		nodes                            []string
	}{
		{"its own", account, region, "ws-aaaaaaaaa", 2, []string{node}},
		{"of none", account, region, "ws-ccccccccc", 0, nil},
		{"in another account", "999999999999", region, "ws-aaaaaaaaa", 0, nil},
		{"in another Region", account, "us-east-1", "ws-aaaaaaaaa", 0, nil},
	} {
		made, nodes, err := r.OfWorkspace(t.Context(), row.account, row.region, row.workspace)
		if err != nil || len(made) != row.made || !cmp.Equal(nodes, row.nodes) {
			t.Errorf("%s: got activations %v, nodes %v, %v; want %d, %v", row.name, made, nodes, err, row.made, row.nodes)
		}
		if row.made > 0 && !slices.Contains(made, unused) {
			t.Errorf("%s: want the unused activation among %v", row.name, made)
		}
	}
}

func TestStoredForms(t *testing.T) {
	storetest.Golden(t, &activations, &activation{
		ID: "11111111-1111-4111-8111-111111111111", CodeHash: "hash", Name: "desk", Description: "d", Role: "r", Limit: 2, Used: 1,
		Created: morning, Expires: morning.Add(time.Hour), Tags: map[string]string{"Floor": "3"}, WorkspaceID: "ws-aaaaaaaaa",
	})
	storetest.Golden(t, &managedNodes, &managedNode{
		ID: "mi-0123456789abcdef0", ActivationID: "11111111-1111-4111-8111-111111111111", WorkspaceID: "ws-aaaaaaaaa", Name: "desk", Role: "r",
		Tags: map[string]string{"Floor": "3"}, PublicKey: "key", KeySet: morning, Fingerprint: "f", Registered: morning, LastPing: morning, Channel: "open",
		AgentVersion: "1.0.0.0", ComputerName: "A-1", IPAddress: "10.0.0.2", PlatformName: "Debian GNU/Linux", PlatformType: "Linux", PlatformVersion: "12",
	})
}

func sorted(s []string) []string {
	out := append([]string{}, s...)
	slices.Sort(out)
	return out
}
