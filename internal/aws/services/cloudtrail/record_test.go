package cloudtrail

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/api"
	"tamachi/internal/store/storetest"
)

// Each row is a call as the gate tells it; its record is the golden file of
// that name, member by member as the CloudTrail User Guide shows them.
func TestGoldenRecords(t *testing.T) {
	issued := time.Date(2026, 11, 22, 7, 30, 0, 0, time.UTC)
	role := &api.Session{
		Issued: issued, MFA: true, IssuerType: api.Role, IssuerARN: "arn:aws:iam::111122223333:role/operators/nightwatch",
		IssuerID: "AROAEXAMPLE", IssuerName: "nightwatch", SourceIdentity: "tanaka",
	}
	for name, change := range map[string]func(*api.Event){
		"root": func(e *api.Event) {
			e.Caller = api.Caller{Type: api.Root, Account: account, ARN: "arn:aws:iam::111122223333:root", UserID: account, Name: "root", AccessKeyID: "AKIAROOT"}
		},
		"user over TLS": func(e *api.Event) {
			e.TLS = &api.TLS{Version: "TLSv1.3", Cipher: "TLS_AES_128_GCM_SHA256", Host: "ssm.ap-northeast-1.tamachi.internal"}
		},
		"user with a session token": func(e *api.Event) { e.Caller.Session = &api.Session{Issued: issued, MFA: true} },
		"assumed role": func(e *api.Event) {
			e.Caller = api.Caller{
				Type: api.AssumedRole, Account: account, ARN: "arn:aws:sts::111122223333:assumed-role/nightwatch/tanaka",
				UserID: "AROAEXAMPLE:tanaka", Name: "tanaka", AccessKeyID: "ASIAROLE", Session: role,
			}
		},
		"federated user": func(e *api.Event) {
			e.Caller = api.Caller{
				Type: api.FederatedUser, Account: account, ARN: "arn:aws:sts::111122223333:federated-user/office-night",
				UserID: "111122223333:office-night", Name: "office-night", AccessKeyID: "ASIAFED",
				Session: &api.Session{Issued: issued, IssuerType: api.IAMUser, IssuerARN: "arn:aws:iam::111122223333:user/administrator", IssuerID: "AIDAEXAMPLE", IssuerName: "administrator"},
			}
		},
		"service": func(e *api.Event) {
			e.Caller = api.Caller{Type: api.AWSService, Account: account, Name: "workspaces.amazonaws.com", Service: "workspaces.amazonaws.com"}
			e.SourceIP, e.UserAgent = "workspaces.amazonaws.com", "workspaces.amazonaws.com"
		},
		"nobody": func(e *api.Event) { e.Caller = api.Caller{Type: api.AWSAccount} },
		"forwarded by a service": func(e *api.Event) {
			e.InvokedBy, e.SourceIP, e.UserAgent = "ssm.amazonaws.com", "ssm.amazonaws.com", "ssm.amazonaws.com"
			e.Source, e.Name, e.ReadOnly, e.Response = "kms.amazonaws.com", "Decrypt", true, nil
			e.Request = json.RawMessage(`{"ciphertextBlob":"AAAA","encryptionContext":{"PARAMETER_ARN":"arn:aws:ssm:ap-northeast-1:111122223333:parameter/app/db"}}`)
			e.Resources = []string{"arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}
		},
		"of the service itself": func(e *api.Event) {
			e.Source, e.Name, e.Caller, e.SourceIP, e.UserAgent, e.RequestID = "kms.amazonaws.com", "RotateKey", api.Caller{}, "AWS Internal", "AWS Internal", ""
			e.Request, e.Response, e.Details = nil, nil, json.RawMessage(`{"rotationType":"AUTOMATIC","keyId":"1234abcd-12ab-34cd-56ef-1234567890ab"}`)
			e.Resources = []string{"arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}
		},
		"refused": func(e *api.Event) {
			e.ErrorCode, e.ErrorMessage, e.Response = "AccessDeniedException", `User: arn:aws:iam::111122223333:user/administrator is not authorized & "knows" it`, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := &api.Event{
				ID: "01995f6a-4c00-7abc-8def-0123456789ab", Time: morning, Account: account, Region: region, Source: "ssm.amazonaws.com", Name: "PutParameter",
				Caller:   api.Caller{Type: api.IAMUser, Account: account, ARN: "arn:aws:iam::111122223333:user/administrator", UserID: "AIDAEXAMPLE", Name: "administrator", AccessKeyID: "AKIAEXAMPLE"},
				SourceIP: "192.0.2.1", UserAgent: "aws-cli/1.45.0", RequestID: "6d9f0e7c-0000-4000-8000-000000000001",
				Request: json.RawMessage(`{"name":"/app/db","type":"SecureString","value":"HIDDEN_DUE_TO_SECURITY_REASONS"}`), Response: json.RawMessage(`{"tier":"Standard","version":1}`),
				Resources: []string{"arn:aws:ssm:ap-northeast-1:111122223333:parameter/app/db"},
			}
			change(e)
			rec, _ := stored(e, e.Account, false)
			compare(t, name, rec.Record)
		})
	}
}

func compare(t *testing.T, name string, record []byte) {
	t.Helper()
	var got bytes.Buffer
	if err := json.Indent(&got, record, "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	path := filepath.Join("testdata", "record "+name+".golden.json")
	if storetest.Update() {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("the record changed (-want +got):\n%s", d)
	}
}

func TestWhatIsNeverInARecord(t *testing.T) {
	for _, row := range []struct{ source, name, request, response string }{
		{"iam", "CreateAccessKey", `{}`, `{"accessKey":{"accessKeyId":"AKIAEXAMPLE","secretAccessKey":"geheim"}}`},
		{"iam", "CreateVirtualMFADevice", `{}`, `{"virtualMFADevice":{"base32StringSeed":"geheim","qRCodePNG":"geheim"}}`},
		{"iam", "EnableMFADevice", `{"authenticationCode1":"geheim"}`, `null`},
		{"sts", "AssumeRole", `{"tokenCode":"geheim"}`, `{"credentials":{"secretAccessKey":"geheim"}}`},
		{"ssm", "CreateActivation", `{}`, `{"activationCode":"geheim","activationId":"a"}`},
		{"kms", "Encrypt", `{"plaintext":"geheim"}`, `null`},
		{"kms", "GenerateDataKey", `{}`, `{"plaintext":"geheim"}`},
		{"kms", "Decrypt", `{"list":[{"ciphertextBlob":"geheim"}]}`, `null`},
		{"kms", "Verify", `{"message":"geheim","signature":"geheim"}`, `null`},
		{"kms", "ReEncrypt", `{"ciphertextBlob":"geheim"}`, `null`},
		{"kms", "DeriveSharedSecret", `{"publicKey":"geheim","recipient":{"attestationDocument":"geheim"}}`, `null`},
		{"kms", "CreateGrant", `{}`, `{"grantId":"a","grantToken":"geheim"}`},
		{"kms", "RetireGrant", `{"grantToken":"geheim"}`, `null`},
		{"sts", "GetSessionToken", `no JSON: geheim`, `null`},
	} {
		e := &api.Event{Source: row.source + ".amazonaws.com", Name: row.name, Request: json.RawMessage(row.request), Response: json.RawMessage(row.response)}
		if rec, _ := stored(e, account, false); strings.Contains(string(rec.Record), "geheim") {
			t.Errorf("%s: want the secret left out, got %s", row.name, rec.Record)
		}
	}
}

func TestGlobalServicesAreRecordedInUSEast1(t *testing.T) {
	f := open(t)
	f.record(t, func(e *api.Event) { e.Source, e.Name = "iam.amazonaws.com", "CreateUser" })
	ctx := api.WithCall(t.Context(), &api.Call{Account: account, Region: "us-east-1", Time: f.clk.Now()})
	out, err := f.LookupEvents(ctx, lookupAll())
	if err != nil || len(out.Events) != 1 || !strings.Contains(*out.Events[0].CloudTrailEvent, `"awsRegion":"us-east-1"`) {
		t.Errorf("want the event in us-east-1, got %v, %v", out, err)
	}
	if out, err := f.lookup(t, lookupAll()); err != nil || len(out.Events) != 0 {
		t.Errorf("want nothing in %s, got %v, %v", region, out, err)
	}
}

func TestACallAboutAnotherAccountIsInBothTrails(t *testing.T) {
	f := open(t)
	const owner = "444455556666"
	role := "arn:aws:iam::" + owner + ":role/OrganizationAccountAccessRole"
	e := f.record(t, func(e *api.Event) {
		e.Source, e.Name, e.Resources, e.Caller.UserID = "sts.amazonaws.com", "AssumeRole", []string{role}, "AIDAEXAMPLE"
	})
	theirs := api.WithCall(t.Context(), &api.Call{Account: owner, Region: region, Time: f.clk.Now()})
	for who, look := range map[string]func() (*lookupOutput, error){
		"the caller's": func() (*lookupOutput, error) { return f.lookup(t, lookupAll()) },
		"the owner's":  func() (*lookupOutput, error) { return f.LookupEvents(theirs, lookupAll()) },
	} {
		out, err := look()
		if err != nil || len(out.Events) != 1 {
			t.Fatalf("%s: want one event, got %v, %v", who, out, err)
		}
		var r record
		if err := json.Unmarshal([]byte(*out.Events[0].CloudTrailEvent), &r); err != nil {
			t.Fatal(err)
		}
		if r.SharedEventID != e.ID || r.Resources[0].AccountID != owner {
			t.Errorf("%s: want the shared id %s and the role's account, got %+v", who, e.ID, r)
		}
		if who == "the owner's" && (r.EventID == e.ID || r.UserIdentity.Type != "AWSAccount" || r.UserIdentity.AccountID != account || r.UserIdentity.ARN != "" || r.RecipientAccountID != owner) {
			t.Errorf("want an event of its own that names the caller's account, got %+v", r)
		}
	}
}

func TestResourceNames(t *testing.T) {
	for given, want := range map[string]mentioned{
		"arn:aws:ssm:ap-northeast-1:111122223333:parameter/app/db":             {"/app/db", "AWS::SSM::Parameter"},
		"arn:aws:ssm:ap-northeast-1:111122223333:parameter/flat":               {"flat", "AWS::SSM::Parameter"},
		"arn:aws:iam::111122223333:user/office/tanaka":                         {"tanaka", "AWS::IAM::User"},
		"arn:aws:kms:ap-northeast-1:111122223333:alias/app":                    {"alias/app", "AWS::KMS::Alias"},
		"arn:aws:logs:ap-northeast-1:111122223333:log-group:/aws/workspaces:*": {"/aws/workspaces", "AWS::Logs::LogGroup"},
		"arn:aws:s3:::evidence":                                                {"evidence", "AWS::S3::Bucket"},
		"arn:aws:s3:::evidence/a/b":                                            {"evidence/a/b", "AWS::S3::Object"},
		"arn:aws:cloudtrail:ap-northeast-1:111122223333:trail/office":          {"office", "AWS::CloudTrail::Trail"},
		"no ARN":                       {"no ARN", ""},
		"arn:aws:sns:r:111122223333:t": {"t", ""},
	} {
		if got := mentions([]string{given}); got[0] != want {
			t.Errorf("%s: want %+v, got %+v", given, want, got[0])
		}
	}
}
