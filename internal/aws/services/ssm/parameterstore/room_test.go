package parameterstore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

const (
	account = "111122223333"
	region  = "ap-northeast-1"
)

var (
	morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	here    = store.In(account, region)
)

// room is the room over a store in memory, with keys and ears of the test.
type room struct {
	*Service
	t    *testing.T
	clk  *clock.Frozen
	told []string
	tier string
}

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{t: t, clk: clock.NewFrozen(morning), tier: tierStandard}
	st, err := store.Open(t.Context(), store.Options{Clock: r.clk}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	r.Service = New(st, r.clk, Ports{Keys: fakeKeys{}, Settings: r, Events: r})
	return r
}

// Emit keeps what policies tell.
func (r *room) Emit(_ *store.Tx, _ store.Scope, o api.Occurrence) error {
	if o.DetailType == "Parameter Store Policy Action" {
		detail, ok := o.Detail.(map[string]any)
		if !ok {
			return fmt.Errorf("want a map, got %T", o.Detail)
		}
		r.told = append(r.told, fmt.Sprint(detail["policy-type"], " ", detail["parameter-name"]))
	}
	return nil
}

func (r *room) DefaultTier(*store.Tx, store.Scope) (string, error) { return r.tier, nil }

func (r *room) ctx() context.Context {
	return api.WithCall(r.t.Context(), &api.Call{
		Caller:  api.Caller{Type: api.IAMUser, Account: account, ARN: "arn:aws:iam::" + account + ":user/administrator"},
		Account: account, Region: region, Time: r.clk.Now(),
	})
}

func (r *room) put(name, value string, change func(*ssm.PutParameterInput)) (*ssm.PutParameterOutput, error) {
	in := &ssm.PutParameterInput{Name: &name, Value: &value, Type: types.ParameterTypeString}
	if change != nil {
		change(in)
	}
	return r.PutParameter(r.ctx(), in)
}

func (r *room) mustPut(name, value string, change func(*ssm.PutParameterInput)) types.ParameterTier {
	r.t.Helper()
	out, err := r.put(name, value, change)
	if err != nil {
		r.t.Fatal(err)
	}
	return out.Tier
}

// fakeKeys wraps a plaintext with the name of the key and the context, and
// wants the same context back. A key named alias/none is unknown, one named
// alias/denied refuses.
type fakeKeys struct{}

func (fakeKeys) Encrypt(_ context.Context, key string, plain []byte, about map[string]string) ([]byte, error) {
	switch {
	case key == "alias/none":
		return nil, &kmstypes.NotFoundException{Message: aws.String("Alias alias/none is not found.")}
	case key == "alias/denied":
		return nil, &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "not you"}
	case len(plain) > standardValue:
		return nil, errors.New("longer than a key takes")
	}
	sealed := bytes.Map(func(r rune) rune { return r ^ 1 }, plain)
	return json.Marshal([]string{key, fmt.Sprint(about), string(sealed)})
}

func (f fakeKeys) DataKey(ctx context.Context, key string, about map[string]string) ([]byte, []byte, error) {
	plain := bytes.Repeat([]byte{7}, 32)
	blob, err := f.Encrypt(ctx, key, plain, about)
	return plain, blob, err
}

func (fakeKeys) Decrypt(_ context.Context, blob []byte, about map[string]string) ([]byte, error) {
	var parts []string
	if err := json.Unmarshal(blob, &parts); err != nil || parts[1] != fmt.Sprint(about) {
		return nil, &kmstypes.InvalidCiphertextException{}
	}
	return bytes.Map(func(r rune) rune { return r ^ 1 }, []byte(parts[2])), nil
}

func code(err error) string {
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		return fault.ErrorCode()
	}
	return fmt.Sprint(err)
}

func secure(key string) func(*ssm.PutParameterInput) {
	return func(in *ssm.PutParameterInput) {
		in.Type = types.ParameterTypeSecureString
		if key != "" {
			in.KeyId = &key
		}
		in.Overwrite = aws.Bool(true)
	}
}

func TestASecureStringIsStoredAsCiphertextOnly(t *testing.T) {
	r := newRoom(t)
	const short = "hunter2-hunter2"
	long := strings.Repeat("very-secret ", 600) // 7,200 bytes: advanced, under a data key
	r.mustPut("/s/short", short, secure("alias/mine"))
	r.mustPut("/s/long", long, func(in *ssm.PutParameterInput) { secure("")(in); in.Tier = types.ParameterTierAdvanced })
	for name, want := range map[string]string{"/s/short": short, "/s/long": long} {
		for _, open := range []bool{true, false} {
			out, err := r.GetParameter(r.ctx(), &ssm.GetParameterInput{Name: &name, WithDecryption: &open})
			if err != nil {
				t.Fatal(err)
			}
			if (*out.Parameter.Value == want) != open || strings.Contains(*out.Parameter.Value, "secret") != (open && want == long) {
				t.Errorf("%s with decryption %v: got %.40q", name, open, *out.Parameter.Value)
			}
		}
	}
	r.mustPut("/s/short", "two", func(in *ssm.PutParameterInput) { secure("")(in); in.Type = "" })
	err := r.st.View(t.Context(), func(tx *store.Tx) error {
		all, err := parameters.List(tx, here, store.Page{})
		old, err2 := versions.List(tx, here, store.Page{})
		text, _ := json.Marshal([]any{all, old})
		if strings.Contains(string(text), "hunter2") || strings.Contains(string(text), "very-secret") || len(old) != 1 {
			t.Errorf("the store holds a secret, or not two parameters and an old version: %.300s", text)
		}
		return errors.Join(err, err2)
	})
	if err != nil {
		t.Fatal(err)
	}
	history, err := r.GetParameterHistory(r.ctx(), &ssm.GetParameterHistoryInput{Name: aws.String("/s/short"), WithDecryption: aws.Bool(true)})
	if err != nil || len(history.Parameters) != 2 || *history.Parameters[0].Value != short || *history.Parameters[0].KeyId != "alias/mine" || *history.Parameters[1].KeyId != defaultKey {
		t.Errorf("got %+v, %v", history, err)
	}
}

func TestWhatKeysRefuse(t *testing.T) {
	r := newRoom(t)
	_, err := r.put("/s", "x", secure("alias/none"))
	if code(err) != "InvalidKeyId" || !strings.Contains(err.Error(), "NotFoundException") {
		t.Errorf("want InvalidKeyId that names the cause, got %v", err)
	}
	if _, err := r.put("/s", "x", secure("alias/denied")); code(err) != "AccessDeniedException" {
		t.Errorf("want the denial, got %v", err)
	}
	r.ports.Keys = nil
	if _, err := r.put("/s", "x", secure("")); code(err) != "InvalidKeyId" {
		t.Errorf("want InvalidKeyId where there are no keys, got %v", err)
	}
}

func TestTiers(t *testing.T) {
	r := newRoom(t)
	r.counts.max[tierStandard], r.counts.max[tierAdvanced] = 2, 3
	big := strings.Repeat("x", 5000)
	tier := func(tier types.ParameterTier) func(*ssm.PutParameterInput) {
		return func(in *ssm.PutParameterInput) { in.Tier = tier; in.Overwrite = aws.Bool(true) }
	}
	steps := []struct {
		does, name, value string
		change            func(*ssm.PutParameterInput)
		tier              types.ParameterTier
		code              string
	}{
		{"the default is Standard", "/a", "1", nil, "Standard", ""},
		{"Intelligent-Tiering takes Standard for a small value", "/b", "1", tier("Intelligent-Tiering"), "Standard", ""},
		{"a third standard one is too many", "/c", "1", nil, "", "ParameterLimitExceeded"},
		{"Intelligent-Tiering takes Advanced when Standard is full", "/c", "1", tier("Intelligent-Tiering"), "Advanced", ""},
		{"Intelligent-Tiering takes Advanced for a large value", "/b", big, tier("Intelligent-Tiering"), "Advanced", ""},
		{"which makes room among the standard ones", "/d", "1", nil, "Standard", ""},
		{"an advanced one stays advanced", "/b", "1", func(in *ssm.PutParameterInput) { in.Overwrite = aws.Bool(true) }, "Advanced", ""},
		{"a third advanced one", "/e", "1", tier("Advanced"), "Advanced", ""},
		{"a fourth is too many", "/a", "1", tier("Advanced"), "", "ParameterLimitExceeded"},
	}
	for _, s := range steps {
		out, err := r.put(s.name, s.value, s.change)
		if s.code != "" {
			if code(err) != s.code {
				t.Errorf("%s: want %s, got %v", s.does, s.code, err)
			}
			continue
		}
		if err != nil || out.Tier != s.tier {
			t.Errorf("%s: want %s, got %+v, %v", s.does, s.tier, out, err)
		}
	}
	if _, err := r.DeleteParameter(r.ctx(), &ssm.DeleteParameterInput{Name: aws.String("/a")}); err != nil {
		t.Fatal(err)
	}
	r.tier = tierWise
	if got := r.mustPut("/f", "1", nil); got != "Standard" {
		t.Errorf("want room after a deletion, and the default of the setting, got %s", got)
	}
	fresh := New(r.st, r.clk, r.ports)
	c := fresh.claim(here)
	err := r.st.Update(t.Context(), func(tx *store.Tx) error { return c.begin(tx) })
	if got := fmt.Sprint(fresh.counts.of[here]); err != nil || got != fmt.Sprint(r.counts.of[here]) {
		t.Errorf("the counts are %v, in the store are %s (%v)", r.counts.of[here], got, err)
	}
}

func policies(list ...string) func(*ssm.PutParameterInput) {
	return func(in *ssm.PutParameterInput) {
		in.Tier, in.Overwrite = types.ParameterTierAdvanced, aws.Bool(true)
		in.Policies = aws.String("[" + strings.Join(list, ",") + "]")
	}
}

const (
	expiresAt10 = `{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2026-11-22T10:00:00.000Z"}}`
	hourBefore  = `{"Type":"ExpirationNotification","Version":"1.0","Attributes":{"Before":"1","Unit":"Hours"}}`
	afterHour   = `{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"1","Unit":"Hours"}}`
)

// states are the policies of a parameter with their states.
func (r *room) states(name string) string {
	r.t.Helper()
	out, err := r.DescribeParameters(r.ctx(), &ssm.DescribeParametersInput{
		ParameterFilters: []types.ParameterStringFilter{{Key: aws.String("Name"), Values: []string{name}}},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	if len(out.Parameters) == 0 {
		return "gone"
	}
	var s []string
	for _, p := range out.Parameters[0].Policies {
		s = append(s, *p.PolicyType+" "+*p.PolicyStatus)
	}
	return strings.Join(s, ", ")
}

func (r *room) upkeep() time.Time {
	r.t.Helper()
	next, err := r.Upkeep(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return next
}

func TestPoliciesAct(t *testing.T) {
	r := newRoom(t)
	r.mustPut("/p", "1", policies(expiresAt10, hourBefore, afterHour))
	if next := r.upkeep(); !next.Equal(morning.Add(time.Hour)) || len(r.told) != 0 {
		t.Errorf("want the first deadline at 09:00 and nothing told, got %v, %v", next, r.told)
	}
	r.clk.Advance(30 * time.Minute)
	r.mustPut("/p", "2", func(in *ssm.PutParameterInput) { in.Overwrite = aws.Bool(true) }) // keeps the policies, and is a change
	r.clk.Advance(30 * time.Minute)
	if next := r.upkeep(); !next.Equal(morning.Add(90 * time.Minute)) {
		t.Errorf("want the next deadline at 09:30, got %v", next)
	}
	if got, want := r.states("/p"), "Expiration Pending, ExpirationNotification Finished, NoChangeNotification Pending"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
	r.clk.Advance(30 * time.Minute)
	r.upkeep()
	r.upkeep()
	r.clk.Advance(30 * time.Minute)
	if next := r.upkeep(); !next.IsZero() || r.states("/p") != "gone" {
		t.Errorf("want the parameter gone at 10:00 and nothing more to do, got %v, %s", next, r.states("/p"))
	}
	if got, want := strings.Join(r.told, ", "), "ExpirationNotification /p, NoChangeNotification /p, Expiration /p"; got != want {
		t.Errorf("want told %s, got %s", want, got)
	}
	if n := r.counts.of[here][tierAdvanced]; n != 0 {
		t.Errorf("want no advanced parameter counted, got %d", n)
	}
}

func TestPoliciesAreTakenAwayAndFail(t *testing.T) {
	r := newRoom(t)
	r.mustPut("/p", "1", policies(afterHour))
	r.mustPut("/p", "2", policies("{}"))
	r.mustPut("/q", "1", policies(afterHour))
	if _, err := r.DeleteParameter(r.ctx(), &ssm.DeleteParameterInput{Name: aws.String("/q")}); err != nil {
		t.Fatal(err)
	}
	r.clk.Advance(2 * time.Hour)
	if next := r.upkeep(); !next.IsZero() || len(r.told) != 0 || r.states("/p") != "" {
		t.Errorf("want no policies left, got %v, %v, %s", next, r.told, r.states("/p"))
	}
	r.ports.Events = nil
	r.mustPut("/p", "3", policies(afterHour))
	r.clk.Advance(2 * time.Hour)
	r.upkeep()
	if got := r.states("/p"); got != "NoChangeNotification Failed" {
		t.Errorf("want Failed where nobody listens, got %s", got)
	}
}

func TestWrongPolicies(t *testing.T) {
	eleven := strings.TrimSuffix(strings.Repeat("{},", 11), ",")
	for name, tc := range map[string]struct{ policies, code string }{
		"no JSON":                     {"[", "InvalidPolicyAttributeException"},
		"an object":                   {`{"Type":"Expiration"}`, "InvalidPolicyAttributeException"},
		"two lists":                   {"[] []", "InvalidPolicyAttributeException"},
		"a number in the list":        {"[1]", "InvalidPolicyAttributeException"},
		"eleven":                      {"[" + eleven + "]", "PoliciesLimitExceededException"},
		"an unknown type":             {`[{"Type":"Rotation","Version":"1.0","Attributes":{}}]`, "InvalidPolicyTypeException"},
		"an unknown version":          {`[{"Type":"Expiration","Version":"2.0","Attributes":{"Timestamp":"2027-12-02T21:34:33.000Z"}}]`, "InvalidPolicyAttributeException"},
		"a time that is none":         {`[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"tomorrow"}}]`, "InvalidPolicyAttributeException"},
		"an unknown attribute":        {`[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2027-12-02T21:34:33.000Z","X":"1"}}]`, "InvalidPolicyAttributeException"},
		"an unknown unit":             {`[{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"1","Unit":"Weeks"}}]`, "InvalidPolicyAttributeException"},
		"no days":                     {`[{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"0","Unit":"Days"}}]`, "InvalidPolicyAttributeException"},
		"more days than fit":          {`[{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"99999999999","Unit":"Days"}}]`, "InvalidPolicyAttributeException"},
		"two expirations":             {"[" + expiresAt10 + "," + strings.Replace(expiresAt10, "T10", "T11", 1) + "]", "IncompatiblePolicyException"},
		"the same notification twice": {"[" + afterHour + "," + afterHour + "]", "IncompatiblePolicyException"},
		"a notification of no expiry": {"[" + hourBefore + "]", "IncompatiblePolicyException"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parsePolicies(tc.policies); code(err) != tc.code {
				t.Errorf("want %s, got %v", tc.code, err)
			}
		})
	}
}

func FuzzPolicies(f *testing.F) {
	for _, seed := range []string{"[" + expiresAt10 + "," + hourBefore + "," + afterHour + "]", "{}", "[{}]", `[{"Type":"Expiration","Attributes":null}]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parsePolicies(text)
		if err != nil {
			if code(err) == fmt.Sprint(err) {
				t.Errorf("an error that is none of the API's: %v", err)
			}
			return
		}
		for _, p := range all {
			if p.due(all, morning).IsZero() || !json.Valid([]byte(p.Text)) {
				t.Errorf("a policy that never acts: %+v", p)
			}
		}
	})
}

func FuzzReference(f *testing.F) {
	for _, seed := range []string{"/a/b:3", "a:label", "arn:aws:ssm:" + region + ":" + account + ":parameter/a/b:1", "arn:aws:ssm:::", ":::", "/aws/service/x", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, written string) {
		r := resolve(here, written)
		if r.arn == "" || len(r.names) > 2 {
			t.Errorf("%q: %+v", written, r)
		}
		if checkNewName(here, written) != nil {
			return
		}
		// What may be created is found again, by its name and by its ARN.
		for _, one := range []string{written, arnOf(here, written), written + ":1"} {
			found := false
			for _, name := range resolve(here, one).names {
				found = found || name == written
			}
			if !found {
				t.Errorf("%q does not lead back to %q", one, written)
			}
		}
	})
}

func TestStoredForms(t *testing.T) {
	v := version{
		Name: "/a/b", Version: 3, Type: typeSecure, Value: "v", secret: secret{Sealed: []byte{1, 2}, DataKey: []byte{3}}, KeyID: defaultKey,
		Description: "d", Pattern: ".*", DataType: dataText, Tier: tierAdvanced, Modified: morning, User: "arn:aws:iam::" + account + ":user/administrator",
		Policies: []policy{{Type: expiration, Text: "{}", Status: pending, At: morning, Span: time.Hour}},
	}
	storetest.Golden(t, &versions, &v)
	storetest.Golden(t, &parameters, &parameter{version: v, Labels: map[string]int64{"prod": 2}, Tags: map[string]string{"Team": "it"}, Due: morning})
	storetest.Golden(t, &deadlines, &deadline{At: morning, Account: account, Region: region, Name: "/a/b"})
}
