package policy_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"tamachi/internal/policy"
	"tamachi/internal/policy/cases"
)

func parsed(t *testing.T, statements ...string) *policy.Document {
	t.Helper()
	d := cases.Doc{Version: "2012-10-17"}
	for _, s := range statements {
		d.Statements = append(d.Statements, cases.Statement{Text: s})
	}
	out, err := policy.Parse(d.Text())
	if err != nil {
		out, err = policy.ParseResource(d.Text())
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const (
	allowAll   = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	readBucket = `{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}`
	office     = `"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`
)

func TestWhatIsNotGranted(t *testing.T) {
	for name, row := range map[string]struct {
		statements         []string
		actions, resources []string
		want               policy.Verdict
	}{
		"another action":                       {[]string{readBucket}, []string{"s3:PutObject"}, nil, policy.Proved},
		"an action of the wildcard":            {[]string{readBucket}, []string{"s3:GetObject"}, nil, policy.Refuted},
		"wildcards that meet":                  {[]string{readBucket}, []string{"s3:*Object"}, nil, policy.Refuted},
		"wildcards that do not meet":           {[]string{readBucket}, []string{"s3:Put*"}, nil, policy.Proved},
		"another resource":                     {[]string{readBucket}, []string{"s3:GetObject"}, []string{"arn:aws:s3:::c/*"}, policy.Proved},
		"a resource and any action":            {[]string{readBucket}, nil, []string{"arn:aws:s3:::b/secret"}, policy.Refuted},
		"a deny of all of it":                  {[]string{allowAll, `{"Effect":"Deny","Action":"iam:*","Resource":"*"}`}, []string{"iam:CreateUser"}, nil, policy.Proved},
		"a deny of one of two resources":       {[]string{allowAll, `{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::a/*"}`}, []string{"s3:GetObject"}, []string{"arn:aws:s3:::a/x", "arn:aws:s3:::b/x"}, policy.Refuted},
		"two denies that cover it together":    {[]string{allowAll, `{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::a/*"}`, `{"Effect":"Deny","NotAction":"iam:*","NotResource":"arn:aws:s3:::a/*"}`}, []string{"s3:GetObject"}, nil, policy.Proved},
		"a deny under a condition is no proof": {[]string{allowAll, `{"Effect":"Deny","Action":"*","Resource":"*",` + office + `}`}, []string{"iam:CreateUser"}, nil, policy.Refuted},
		"a deny under the allow's condition":   {[]string{`{"Effect":"Allow","Action":"*","Resource":"*",` + office + `}`, `{"Effect":"Deny","Action":"iam:*","Resource":"*",` + office + `}`}, []string{"iam:CreateUser"}, nil, policy.Proved},
		"all but an action":                    {[]string{`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`}, []string{"iam:CreateUser"}, nil, policy.Proved},
		"a variable may be anything":           {[]string{`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/*"}`}, []string{"s3:GetObject"}, []string{"arn:aws:s3:::b/ann/x"}, policy.Refuted},
		"a deny by a variable is no proof":     {[]string{allowAll, `{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}"}`}, []string{"s3:GetObject"}, []string{"arn:aws:s3:::b/ann"}, policy.Refuted},
		"a condition that nothing meets":       {[]string{`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":"1"},"NumericGreaterThan":{"s3:max-keys":"2"}}}`}, []string{"s3:ListBucket"}, nil, policy.Open},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := policy.NotGranted(parsed(t, row.statements...), row.actions, row.resources)
			if err != nil || got.Verdict != row.want {
				t.Errorf("want %v, got %+v, %v, witness %+v", row.want, got, err, got.Witness)
			}
		})
	}
}

func TestWhatIsNew(t *testing.T) {
	for name, row := range map[string]struct {
		updated, existing []string
		want              policy.Verdict
	}{
		"the same":                           {[]string{readBucket}, []string{readBucket}, policy.Proved},
		"less":                               {[]string{readBucket}, []string{allowAll}, policy.Proved},
		"more":                               {[]string{allowAll}, []string{readBucket}, policy.Refuted},
		"another order":                      {[]string{allowAll, readBucket}, []string{readBucket, allowAll}, policy.Proved},
		"split in two":                       {[]string{`{"Effect":"Allow","Action":["s3:GetA*","s3:GetB*"],"Resource":"arn:aws:s3:::b/*"}`}, []string{`{"Effect":"Allow","Action":"s3:GetA*","Resource":"*"}`, `{"Effect":"Allow","Action":"s3:GetB*","Resource":"*"}`}, policy.Proved},
		"a deny taken away":                  {[]string{allowAll}, []string{allowAll, `{"Effect":"Deny","Action":"iam:*","Resource":"*"}`}, policy.Refuted},
		"a deny kept":                        {[]string{allowAll, `{"Effect":"Deny","Action":"iam:*","Resource":"*"}`}, []string{allowAll, `{"Effect":"Deny","Action":"iam:*","Resource":"*"}`}, policy.Proved},
		"a deny under a condition kept":      {[]string{allowAll, `{"Effect":"Deny","Action":"iam:*","Resource":"*",` + office + `}`}, []string{allowAll, `{"Effect":"Deny","Action":"iam:*","Resource":"*",` + office + `}`}, policy.Proved},
		"a deny narrowed to fewer addresses": {[]string{allowAll, `{"Effect":"Deny","Action":"iam:*","Resource":"*",` + office + `}`}, []string{allowAll, `{"Effect":"Deny","Action":"iam:*","Resource":"*"}`}, policy.Refuted},
		"a condition dropped":                {[]string{readBucket}, []string{`{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*",` + office + `}`}, policy.Refuted},
		"a condition added":                  {[]string{`{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*",` + office + `}`}, []string{readBucket}, policy.Proved},
		"the same variable":                  {[]string{`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/*"}`}, []string{`{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::c","arn:aws:s3:::b/${aws:username}/*"]}`}, policy.Proved},
		"a variable in place of a star":      {[]string{`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/x"}`}, []string{`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}`}, policy.Proved},
		"another principal":                  {[]string{`{"Effect":"Allow","Principal":{"AWS":["111122223333","444455556666"]},"Action":"s3:*","Resource":"*"}`}, []string{`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"}`}, policy.Refuted},
		"a principal less":                   {[]string{`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"}`}, []string{`{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}`}, policy.Proved},
	} {
		t.Run(name, func(t *testing.T) {
			if got := policy.NoNew(parsed(t, row.updated...), parsed(t, row.existing...)); got.Verdict != row.want {
				t.Errorf("want %v, got %+v, witness %+v", row.want, got, got.Witness)
			}
		})
	}
}

// decided tells what documents decide of a request, each alone.
func decided(t *testing.T, r *policy.Request, d *policy.Document) policy.Decision {
	t.Helper()
	return policy.Decide(r, &policy.Policies{Identity: policy.NewSet(policy.Policy{Document: d})})
}

// changed is a document after a random change.
func changed(s cases.Source, d cases.Doc) cases.Doc {
	d.Statements = slices.Clone(d.Statements)
	i := s.IntN(len(d.Statements))
	switch s.IntN(4) {
	case 0:
		if len(d.Statements) > 1 {
			d.Statements = slices.Delete(d.Statements, i, i+1)
		}
	case 1:
		d.Statements = append(d.Statements, cases.Statement{Text: `{"Effect":"Deny","Action":"s3:Get*","Resource":"*"}`})
	case 2:
		d.Statements = append(d.Statements, s.Case().Docs[0].Statements[0])
	case 3:
		slices.Reverse(d.Statements)
	}
	return d
}

func TestWhatIsProvedHoldsOfEveryRequest(t *testing.T) {
	first := rand.Uint64()
	met := map[policy.Verdict]int{}
	for i := range uint64(120) {
		s := cases.New(first + i)
		doc := s.Case().Docs[0] // an identity policy
		old, err := policy.Parse(doc.Text())
		if err != nil {
			t.Fatal(err)
		}
		after := changed(s, doc)
		fresh, err := policy.Parse(after.Text())
		if err != nil {
			t.Fatal(err)
		}
		asked := s.Case().Request
		granted, err := policy.NotGranted(old, []string{asked.Action}, []string{asked.Resource})
		if err != nil {
			t.Fatal(err)
		}
		added := policy.NoNew(fresh, old)
		met[granted.Verdict]++
		met[added.Verdict]++
		for range 60 {
			r := s.Case().Request
			r.Who.Kind, r.Granted, r.Ruled, r.Owner = policy.User, false, false, ""
			if r.Who.Account == "" {
				r.Who.Account = "111122223333"
			}
			before, now := decided(t, &r, old), decided(t, &r, fresh)
			if before.Unknown == "" && now.Unknown == "" && added.Verdict == policy.Proved && now.Allowed() && !before.Allowed() {
				t.Fatalf("seed %d: proved to be nothing new, but %s on %s with %v is:\n%s\n%s", first+i, r.Action, r.Resource, r.Keys, after.Text(), doc.Text())
			}
			r.Action, r.Resource = asked.Action, asked.Resource
			if granted.Verdict == policy.Proved && decided(t, &r, old).Allowed() {
				t.Fatalf("seed %d: proved not to be granted, but %s on %s with %v is:\n%s", first+i, r.Action, r.Resource, r.Keys, doc.Text())
			}
		}
		if w := granted.Witness; w != nil && !decided(t, w, old).Allowed() {
			t.Fatalf("seed %d: the witness is not allowed: %+v", first+i, w)
		}
		if w := added.Witness; w != nil && (!decided(t, w, fresh).Allowed() || decided(t, w, old).Allowed()) {
			t.Fatalf("seed %d: the witness is not new: %+v", first+i, w)
		}
	}
	if met[policy.Proved] < 40 || met[policy.Refuted] < 20 {
		t.Errorf("the cases are one-sided: %v", met)
	}
	t.Logf("verdicts %v", met)
}

// ofResource is a random policy of a resource.
func ofResource(t *testing.T, s cases.Source) cases.Doc {
	t.Helper()
	for {
		for _, d := range s.Case().Docs {
			if d.Type != policy.ResourceBased {
				continue
			}
			if _, err := policy.ParseResource(d.Text()); err == nil { // else it is a trust policy
				return d
			}
		}
	}
}

func TestWhatIsProvedOfAResourceHoldsOfEveryCaller(t *testing.T) {
	first := rand.Uint64()
	met := map[policy.Verdict]int{}
	everything := policy.NewSet(policy.Policy{Document: parsed(t, allowAll)})
	for i := range uint64(100) {
		s := cases.New(first + i)
		before := ofResource(t, s)
		after := before
		after.Statements = slices.Clone(before.Statements)
		switch s.IntN(3) {
		case 0:
			after.Statements = after.Statements[:s.IntN(len(after.Statements))+1]
		case 1:
			after.Statements = append(after.Statements, ofResource(t, s).Statements...)
		case 2:
			slices.Reverse(after.Statements)
		}
		old, err := policy.ParseResource(before.Text())
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := policy.ParseResource(after.Text())
		if err != nil {
			continue // two statements of one name
		}
		proof := policy.NoNew(fresh, old)
		met[proof.Verdict]++
		for range 60 {
			r := s.Case().Request
			r.Ruled, r.Granted = false, false
			for _, identity := range []*policy.Set{nil, everything} {
				r.Owner = "777788889999" // within one account an identity policy, or being root, would do
				was := policy.Decide(&r, &policy.Policies{Identity: identity, Resource: policy.NewSet(policy.Policy{Document: old})})
				is := policy.Decide(&r, &policy.Policies{Identity: identity, Resource: policy.NewSet(policy.Policy{Document: fresh})})
				if proof.Verdict == policy.Proved && was.Unknown == "" && is.Unknown == "" && is.Allowed() && !was.Allowed() {
					t.Fatalf("seed %d: proved to be nothing new, but %s on %s by %+v with %v is:\n%s\n%s", first+i, r.Action, r.Resource, r.Who, r.Keys, after.Text(), before.Text())
				}
			}
		}
	}
	if met[policy.Proved] < 15 || met[policy.Refuted] < 5 {
		t.Errorf("the cases are one-sided: %v", met)
	}
	t.Logf("verdicts %v", met)
}
