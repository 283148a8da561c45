package iam

import (
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"tamachi/internal/policy"
	"tamachi/internal/store"
)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func textOf(err error) string {
	if e, ok := err.(smithy.APIError); ok { //nolint:errorlint // the check returns it bare
		return e.ErrorMessage()
	}
	return ""
}

func statementOf(members string) string {
	return `{"Version":"2012-10-17","Statement":[{` + members + `}]}`
}

func TestIdentityPolicies(t *testing.T) {
	const allow = `"Effect":"Allow","Action":"s3:GetObject"`
	for name, tc := range map[string]struct{ doc, want string }{
		"a plain policy is good":                    {statementOf(allow + `,"Resource":"arn:aws:s3:::b/*"`), ""},
		"one statement needs no list":               {`{"Version":"2012-10-17","Id":"x","Statement":{` + allow + `,"Resource":"*"}}`, ""},
		"conditions of every operator are good":     {statementOf(allow + `,"Resource":"*","Condition":{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a"]},"Bool":{"aws:SecureTransport":true}}`), ""},
		"what is no JSON has a syntax error":        {`{"Version":`, "Syntax errors in policy."},
		"text after the end is an error":            {statementOf(allow+`,"Resource":"*"`) + "x", "Syntax errors in policy."},
		"an unknown element is an error":            {statementOf(allow + `,"Resource":"*","Reason":"x"`), "Syntax errors in policy."},
		"an element twice is an error":              {statementOf(allow + `,"Resource":"*","Resource":"*"`), "Syntax errors in policy."},
		"an unknown operator is an error":           {statementOf(allow + `,"Resource":"*","Condition":{"StringSame":{"aws:x":"y"}}`), "Syntax errors in policy."},
		"an effect has its case":                    {statementOf(`"Effect":"allow","Action":"*","Resource":"*"`), "Syntax errors in policy."},
		"the old version is too old":                {`{"Version":"2008-10-17","Statement":[{` + allow + `,"Resource":"*"}]}`, "Policy document must be version 2012-10-17 or greater."},
		"a version must be there":                   {`{"Statement":[{` + allow + `,"Resource":"*"}]}`, "Policy document must be version 2012-10-17 or greater."},
		"a principal is for resources":              {statementOf(allow + `,"Resource":"*","Principal":"*"`), "Policy document should not specify a principal."},
		"actions must be there":                     {statementOf(`"Effect":"Allow","Resource":"*"`), "Policy statement must contain actions."},
		"resources must be there":                   {statementOf(allow), "Policy statement must contain resources."},
		"an action has a vendor":                    {statementOf(`"Effect":"Allow","Action":"GetObject","Resource":"*"`), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
		"an action has one colon":                   {statementOf(`"Effect":"Allow","Action":"s3:a:b","Resource":"*"`), "Actions/Condition can contain only one colon."},
		"a vendor is a word":                        {statementOf(`"Effect":"Allow","Action":"s 3:a","Resource":"*"`), "Vendor s 3 is not valid"},
		"a resource is an ARN":                      {statementOf(allow + `,"Resource":"bucket"`), `Resource bucket must be in ARN format or "*".`},
		"a partition exists":                        {statementOf(allow + `,"Resource":"arn:moon:s3:::b"`), `Partition "moon" is not valid for resource "arn:moon:s3:::b".`},
		"a resource has a service":                  {statementOf(allow + `,"Resource":"arn:aws:*:::b"`), "Resource vendor must be fully qualified and cannot contain regexes."},
		"a short ARN fails":                         {statementOf(allow + `,"Resource":"arn:aws:s3"`), "The policy failed legacy parsing"},
		"IAM knows no Regions":                      {statementOf(allow + `,"Resource":"arn:aws:iam:us-east-1::user/x"`), "IAM resource arn:aws:iam:us-east-1::user/x cannot contain region information."},
		"S3 knows no Regions":                       {statementOf(allow + `,"Resource":"arn:aws:s3:us-east-1::b"`), "Resource arn:aws:s3:us-east-1::b can not contain region information."},
		"IAM has its own kinds":                     {statementOf(allow + `,"Resource":"arn:aws:iam::111122223333:cat/x"`), `IAM resource path must either be "*" or start with user/,`},
		"statement ids are unique":                  {`{"Version":"2012-10-17","Statement":[{"Sid":"a",` + allow + `,"Resource":"*"},{"Sid":"a",` + allow + `,"Resource":"*"}]}`, "Statement IDs (SID) in a single policy must be unique."},
		"statement ids are letters and digits":      {statementOf(`"Sid":"a b",` + allow + `,"Resource":"*"`), "Statement IDs (SID) must be alpha-numeric."},
		"a resource may hold a policy variable":     {statementOf(allow + `,"Resource":"arn:aws:s3:::b/${aws:username}/*"`), ""},
		"a wildcard may stand for the rest of ARNs": {statementOf(allow + `,"Resource":"arn:aws:s3:*"`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := checkIdentityPolicy(tc.doc)
			if tc.want == "" && got != nil || !strings.HasPrefix(textOf(got), tc.want) {
				t.Errorf("want %q, got %v", tc.want, got)
			}
		})
	}
}

func TestTrustPolicies(t *testing.T) {
	const assume = `"Effect":"Allow","Action":"sts:AssumeRole"`
	principal := func(p string) string { return statementOf(assume + `,"Principal":` + p) }
	st := openStore(t)
	sc := store.Scope{Account: "111122223333"}
	if err := st.Update(t.Context(), func(tx *store.Tx) error {
		return roles.Put(tx, sc, &role{ID: "AROA1", Name: "there", Path: "/p/"})
	}); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ doc, want string }{
		"a service is trusted":               {principal(`{"Service":["ec2.amazonaws.com","ssm.amazonaws.com"]}`), ""},
		"an account is trusted":              {principal(`{"AWS":"444455556666"}`), ""},
		"an account's root is trusted":       {principal(`{"AWS":"arn:aws:iam::444455556666:root"}`), ""},
		"a role that is there is trusted":    {principal(`{"AWS":"arn:aws:iam::111122223333:role/p/there"}`), ""},
		"another account's role is trusted":  {principal(`{"AWS":"arn:aws:iam::444455556666:role/x"}`), ""},
		"everybody is trusted":               {principal(`"*"`), ""},
		"the old version will do":            {`{"Version":"2008-10-17","Statement":[{` + assume + `,"Principal":{"Service":"ec2.amazonaws.com"}}]}`, ""},
		"an identity provider is trusted":    {statementOf(`"Effect":"Allow","Action":"sts:AssumeRoleWithSAML","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/x"}`), ""},
		"a role that is not there is not":    {principal(`{"AWS":"arn:aws:iam::111122223333:role/gone"}`), `Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/gone"`},
		"a user that is not there is not":    {principal(`{"AWS":"arn:aws:iam::111122223333:user/gone"}`), "Invalid principal in policy"},
		"a wildcard in an ARN is refused":    {principal(`{"AWS":"arn:aws:iam::444455556666:role/*"}`), "Invalid principal in policy"},
		"a host of nobody is refused":        {principal(`{"Service":"ec2.example.com"}`), `Invalid principal in policy: "SERVICE":"ec2.example.com"`},
		"an unknown kind is refused":         {principal(`{"Pope":"x"}`), "Syntax errors in policy."},
		"a word is nobody":                   {principal(`"x"`), "Invalid principal in policy"},
		"a resource has no place":            {statementOf(assume + `,"Principal":"*","Resource":"*"`), "Has prohibited field Resource"},
		"a principal must be there":          {statementOf(assume), "Missing required field Principal"},
		"an action must be there":            {statementOf(`"Effect":"Allow","Principal":"*"`), "Missing required field Action"},
		"other actions have no place":        {statementOf(`"Effect":"Allow","Principal":"*","Action":"s3:GetObject"`), "AssumeRole policy may only specify STS AssumeRole actions."},
		"what is no JSON is told":            {`{"Version`, "This policy contains invalid Json"},
		"an array is no policy":              {`[]`, "Syntax errors in policy."},
		"a policy that is too long is told":  {principal(`{"Service":"` + strings.Repeat("a", 2100) + `.amazonaws.com"}`), "Cannot exceed quota for ACLSizePerRole: 2048"},
		"white space does not count as long": {principal(`"*"`) + strings.Repeat(" ", 3000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := st.View(t.Context(), func(tx *store.Tx) error { return checkTrust(tx, sc, tc.doc) })
			if tc.want == "" && err != nil || !strings.HasPrefix(textOf(err), tc.want) {
				t.Errorf("want %q, got %v", tc.want, err)
			}
		})
	}
}

func FuzzDocuments(f *testing.F) {
	f.Add(statementOf(`"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::b","*"],"Condition":{"Bool":{"aws:x":["true"]}}`))
	f.Add(statementOf(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["*","111122223333"]}`))
	f.Fuzz(func(t *testing.T, doc string) {
		if err := checkIdentityPolicy(doc); err != nil && textOf(err) == "" {
			t.Errorf("an error that is not for the caller: %v", err)
		}
		if d, err := policy.ParseTrust(doc); err == nil {
			for _, s := range d.Statements {
				for _, a := range s.Actions {
					aboutAssuming(a)
				}
			}
		}
	})
}
