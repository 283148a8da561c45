package accessanalyzer

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	"github.com/google/go-cmp/cmp"
)

// codesOf are the findings about a policy: impact, code and the text they are about.
func codesOf(t *testing.T, text string, of types.PolicyType, resource types.ValidatePolicyResourceType) []string {
	t.Helper()
	found, err := validate(text, of, resource)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, f := range found {
		s := f.Locations[0].Span
		runes := []rune(text)
		out = append(out, fmt.Sprintf("%s %s %s", f.FindingType, *f.IssueCode, string(runes[*s.Start.Offset:*s.End.Offset])))
		if strings.Contains(*f.FindingDetails, "%!") || *f.LearnMoreLink == referencePage {
			t.Errorf("%s is not told whole: %s %s", *f.IssueCode, *f.FindingDetails, *f.LearnMoreLink)
		}
	}
	return out
}

// doc is a policy of one statement.
func doc(statement string) string {
	return `{"Version":"2012-10-17","Statement":[{` + statement + `}]}`
}

const (
	identity = types.PolicyTypeIdentityPolicy
	ofBucket = types.PolicyTypeResourcePolicy
	ofSCP    = types.PolicyTypeServiceControlPolicy
	ofRCP    = types.PolicyTypeResourceControlPolicy
)

func TestWhatIsFoundInAPolicy(t *testing.T) {
	const get = `"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"`
	for name, row := range map[string]struct {
		of   types.PolicyType
		text string
		want []string
	}{
		"nothing":                    {identity, doc(get), []string{}},
		"no JSON":                    {identity, `{"Version":"2012-10-17",}`, []string{`ERROR JSON_SYNTAX_ERROR }`}},
		"an unknown element":         {identity, doc(get + `,"Actions":"s3:*"`), []string{`ERROR INVALID_POLICY_ELEMENT "Actions"`}},
		"no version":                 {identity, `{"Statement":{` + get + `}}`, []string{`WARNING MISSING_VERSION {"Statement":{` + get + `}}`}},
		"another version":            {identity, `{"Version":"2020-01-01","Statement":{` + get + `}}`, []string{`ERROR INVALID_VERSION "2020-01-01"`}},
		"no statement":               {identity, `{"Version":"2012-10-17","Statement":[]}`, []string{`ERROR MISSING_STATEMENT {"Version":"2012-10-17","Statement":[]}`}},
		"nothing in a statement":     {identity, doc(""), []string{`ERROR MISSING_EFFECT {}`, `ERROR MISSING_ACTION {}`, `ERROR MISSING_RESOURCE {}`}},
		"another effect":             {identity, doc(`"Effect":"allow","Action":"s3:GetObject","Resource":"*"`), []string{`ERROR INVALID_EFFECT "allow"`}},
		"a number for a text":        {identity, doc(`"Effect":"Allow","Action":[1],"Resource":"*"`), []string{`ERROR DATA_TYPE_MISMATCH 1`}},
		"an action nobody has":       {identity, doc(`"Effect":"Allow","Action":"s3:GetObjekt","Resource":"*"`), []string{`ERROR INVALID_ACTION "s3:GetObjekt"`}},
		"wildcards that fit nothing": {identity, doc(`"Effect":"Allow","Action":["s3:Get*","s3:Fetch*"],"Resource":"*"`), []string{`ERROR INVALID_ACTION "s3:Fetch*"`}},
		"a service nobody knows":     {identity, doc(`"Effect":"Allow","Action":"s4:GetObject","Resource":"*"`), []string{`ERROR INVALID_SERVICE_IN_ACTION "s4:GetObject"`}},
		"both Action and NotAction":  {identity, doc(get + `,"NotAction":"s3:PutObject"`), []string{`ERROR UNSUPPORTED_ELEMENT_COMBINATION "NotAction"`}},
		"no prefix":                  {identity, doc(`"Effect":"Allow","Action":"s3:GetObject","Resource":"b/*"`), []string{`ERROR INVALID_ARN_PREFIX "b/*"`}},
		"a Region of IAM":            {identity, doc(`"Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam:eu-west-1:111122223333:role/x"`), []string{`ERROR ARN_REGION_NOT_ALLOWED "arn:aws:iam:eu-west-1:111122223333:role/x"`}},
		"a short account":            {identity, doc(`"Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam::123:role/x"`), []string{`ERROR INVALID_ARN_ACCOUNT "arn:aws:iam::123:role/x"`}},
		"another partition":          {identity, doc(`"Effect":"Allow","Action":"iam:GetRole","Resource":"arn:awz:iam::111122223333:role/x"`), []string{`ERROR INVALID_PARTITION "arn:awz:iam::111122223333:role/x"`}},
		"redundant actions":          {identity, doc(`"Effect":"Allow","Action":["s3:Get*","s3:GetObject"],"Resource":"*"`), []string{`SUGGESTION REDUNDANT_ACTION ["s3:Get*","s3:GetObject"]`}},
		"PassRole on everything":     {identity, doc(`"Effect":"Allow","Action":"iam:PassRole","Resource":"*"`), []string{`SECURITY_WARNING PASS_ROLE_WITH_STAR_IN_RESOURCE "*"`}},
		"PassRole to one service":    {identity, doc(`"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`), []string{}},
		"everything": {identity, doc(`"Effect":"Allow","Action":"*","Resource":"*"`), []string{
			`SECURITY_WARNING PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE "*"`, `WARNING CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE "*"`,
		}},
		"an unknown operator":      {identity, doc(get + `,"Condition":{"StringIs":{"aws:username":"ann"}}`), []string{`ERROR INVALID_CONDITION_OPERATOR "StringIs"`}},
		"an unknown global key":    {identity, doc(get + `,"Condition":{"StringEquals":{"aws:nobody":"ann"}}`), []string{`ERROR INVALID_GLOBAL_CONDITION_KEY "aws:nobody"`}},
		"an unknown key":           {identity, doc(get + `,"Condition":{"StringEquals":{"s3:nobody":"ann"}}`), []string{`ERROR INVALID_SERVICE_CONDITION_KEY "s3:nobody"`}},
		"keys with tags":           {identity, doc(get + `,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"a","s3:ExistingObjectTag/team":"a"}}`), []string{}},
		"no qualifier":             {identity, doc(get + `,"Condition":{"StringEquals":{"aws:TagKeys":"a"}}`), []string{`ERROR MISSING_QUALIFIER "aws:TagKeys"`}},
		"ForAllValues of one":      {identity, doc(get + `,"Condition":{"ForAllValues:StringEquals":{"aws:username":"a"}}`), []string{`SECURITY_WARNING FORALLVALUES_WITH_SINGLE_VALUED_KEY "aws:username"`}},
		"private addresses":        {identity, doc(get + `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`), []string{`ERROR PRIVATE_IP_ADDRESS "10.0.0.0/8"`}},
		"bits behind the mask":     {identity, doc(get + `,"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.9/24"}}`), []string{`SUGGESTION IMPROVE_IP_RANGE "192.0.2.9/24"`}},
		"a star without Like":      {identity, doc(get + `,"Condition":{"StringEquals":{"aws:username":"a*"}}`), []string{`WARNING WILDCARD_WITHOUT_LIKE_OPERATOR "a*"`}},
		"no number":                {identity, doc(get + `,"Condition":{"NumericLessThan":{"s3:max-keys":"ten"}}`), []string{`WARNING TYPE_MISMATCH_NUMBER "ten"`}},
		"a variable without end":   {identity, doc(`"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username"`), []string{`ERROR MISSING_BRACE_IN_VARIABLE "arn:aws:s3:::b/${aws:username"`}},
		"a principal of a user":    {identity, doc(get + `,"Principal":"*"`), []string{`ERROR UNSUPPORTED_PRINCIPAL "Principal"`}},
		"a principal of an SCP":    {ofSCP, doc(get + `,"Principal":"*"`), []string{`ERROR SCP_SYNTAX_ERROR_PRINCIPAL "Principal"`}},
		"no principal of a bucket": {ofBucket, doc(get), []string{`ERROR MISSING_PRINCIPAL {` + get + `}`}},
		"all but a principal":      {ofBucket, doc(get + `,"NotPrincipal":{"AWS":"111122223333"}`), []string{`SECURITY_WARNING ALLOW_WITH_NOT_PRINCIPAL "NotPrincipal"`}},
		"a principal by its id":    {ofBucket, doc(get + `,"Principal":{"AWS":"AROAAAAAAAAAAAAAAAAAA"}`), []string{`WARNING INVALID_ROLE_REFERENCE "AROAAAAAAAAAAAAAAAAAA"`}},
		"an RCP that allows":       {ofRCP, doc(get + `,"Principal":"*"`), []string{`ERROR INVALID_POLICY_ELEMENT `}},
		"the same statement twice": {identity, `{"Version":"2012-10-17","Statement":[{"Sid":"a",` + get + `},{"Sid":"a",` + get + `}]}`, []string{
			`ERROR UNIQUE_SIDS_REQUIRED "a"`, `SUGGESTION REDUNDANT_STATEMENT {"Sid":"a",` + get + `}`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, codesOf(t, row.text, row.of, "")); diff != "" {
				t.Error(diff)
			}
		})
	}
	trust := doc(`"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole","Resource":"*"`)
	if diff := cmp.Diff([]string{`ERROR ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE "Resource"`}, codesOf(t, trust, ofBucket, types.ValidatePolicyResourceTypeRoleTrust)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryIssueHasItsPlaceOnThePage(t *testing.T) {
	for code, i := range issues {
		prefix := map[types.ValidatePolicyFindingType]string{
			types.ValidatePolicyFindingTypeError: "error-", types.ValidatePolicyFindingTypeWarning: "general-warning-",
			types.ValidatePolicyFindingTypeSecurityWarning: "security-warning-", types.ValidatePolicyFindingTypeSuggestion: "suggestion-",
		}[i.kind]
		if !strings.HasPrefix(i.anchor, prefix) || i.text == "" {
			t.Errorf("%s: %+v", code, i)
		}
	}
}

func TestAPolicyFullOfMistakesIsToldInBounds(t *testing.T) {
	actions := make([]string, 12_000)
	for i := range actions {
		actions[i] = fmt.Sprintf("%q", "x:y")
	}
	text := doc(`"Effect":"Allow","Resource":"*","Action":[` + strings.Join(actions, ",") + `]`)
	if got := codesOf(t, text, identity, ""); len(got) != mostTold {
		t.Errorf("want the first %d findings, got %d", mostTold, len(got))
	}
}

func FuzzReadTree(f *testing.F) {
	for _, text := range []string{`{"a":[1,true,null,"x\u0041"]}`, `[`, `"\ud800"`, `{"a":1,}`, doc(``)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, fault := readTree(text)
		if root == nil && (fault < 0 || fault > len(text)) {
			t.Fatalf("the fault is at %d of %q", fault, text)
		}
		if root != nil && !json.Valid([]byte(text)) {
			t.Fatalf("it is no JSON: %q", text)
		}
		for _, of := range []types.PolicyType{identity, ofBucket, ofSCP, ofRCP} {
			if _, err := validate(text, of, ""); err != nil {
				t.Fatal(err)
			}
		}
	})
}
