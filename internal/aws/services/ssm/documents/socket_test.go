package documents_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

// client is an SDK client of a plane, over a socket.
type client struct {
	*ssm.Client
	t *testing.T
}

func open(t *testing.T) client {
	t.Helper()
	return client{ssm.NewFromConfig(apitest.Start(t, apitest.Options{}).Config()), t}
}

func (c client) create(name, content string, change ...func(*ssm.CreateDocumentInput)) (*types.DocumentDescription, error) {
	in := &ssm.CreateDocumentInput{Name: &name, Content: &content, DocumentType: types.DocumentTypeCommand}
	for _, f := range change {
		f(in)
	}
	out, err := c.CreateDocument(c.t.Context(), in)
	if err != nil {
		return nil, err
	}
	return out.DocumentDescription, nil
}

func (c client) mustCreate(name, content string, change ...func(*ssm.CreateDocumentInput)) *types.DocumentDescription {
	c.t.Helper()
	d, err := c.create(name, content, change...)
	if err != nil {
		c.t.Fatalf("create %s: %v", name, err)
	}
	return d
}

func (c client) update(name, content string, change ...func(*ssm.UpdateDocumentInput)) (*types.DocumentDescription, error) {
	in := &ssm.UpdateDocumentInput{Name: &name, Content: &content, DocumentVersion: aws.String("$LATEST")}
	for _, f := range change {
		f(in)
	}
	out, err := c.UpdateDocument(c.t.Context(), in)
	if err != nil {
		return nil, err
	}
	return out.DocumentDescription, nil
}

func (c client) describe(name, version string) *types.DocumentDescription {
	c.t.Helper()
	in := &ssm.DescribeDocumentInput{Name: &name}
	if version != "" {
		in.DocumentVersion = &version
	}
	out, err := c.DescribeDocument(c.t.Context(), in)
	if err != nil {
		c.t.Fatalf("describe %s: %v", name, err)
	}
	return out.Document
}

func yaml(in *ssm.CreateDocumentInput) { in.DocumentFormat = types.DocumentFormatYaml }

// shell is a command document whose one step runs a line.
func shell(line string) string {
	return `{"schemaVersion":"2.2","description":"d","parameters":{"who":{"type":"String","default":"you","allowedValues":["you","me"]}},` +
		`"mainSteps":[{"action":"aws:runShellScript","name":"say","inputs":{"runCommand":["` + line + `"]}}]}`
}

const yamlText = `---
# a comment that must stay
schemaVersion: "2.2"
description: Say hello
mainSteps:
  - action: aws:runShellScript
    name: hello
    inputs: {runCommand: ["echo hello", 'echo "12"']}
`

// TestTerraformsCalls makes the calls of aws_ssm_document, create to delete,
// with their waits.
func TestTerraformsCalls(t *testing.T) {
	c := open(t)
	d := c.mustCreate("tf-hello", yamlText, yaml, func(in *ssm.CreateDocumentInput) {
		in.Tags = []types.Tag{{Key: aws.String("Env"), Value: aws.String("prod")}}
		in.TargetType, in.VersionName = aws.String("/AWS::EC2::Instance"), aws.String("r1")
	})
	if d.Status != types.DocumentStatusCreating || *d.DocumentVersion != "1" || len(*d.Hash) != 64 || d.HashType != types.DocumentHashTypeSha256 {
		t.Errorf("got %+v", d)
	}
	d = c.describe("tf-hello", "")
	if d.Status != types.DocumentStatusActive || *d.Description != "Say hello" || *d.SchemaVersion != "2.2" || *d.TargetType != "/AWS::EC2::Instance" ||
		len(d.PlatformTypes) != 2 || *d.DefaultVersion != "1" || *d.LatestVersion != "1" || len(d.Tags) != 1 || d.DocumentFormat != types.DocumentFormatYaml {
		t.Errorf("got %+v", d)
	}
	name := aws.String("tf-hello")
	got, err := c.GetDocument(t.Context(), &ssm.GetDocumentInput{Name: name, DocumentVersion: aws.String("$LATEST"), DocumentFormat: types.DocumentFormatYaml})
	if err != nil || *got.Content != yamlText || *got.VersionName != "r1" {
		t.Errorf("want the same text, got %+v, %v", got, err)
	}
	shared, err := c.DescribeDocumentPermission(t.Context(), &ssm.DescribeDocumentPermissionInput{Name: name, PermissionType: types.DocumentPermissionTypeShare})
	if err != nil || len(shared.AccountIds) != 0 {
		t.Errorf("got %+v, %v", shared, err)
	}
	_, err = c.update("tf-hello", yamlText, func(in *ssm.UpdateDocumentInput) { in.DocumentFormat = types.DocumentFormatYaml })
	apitest.Refused(t, "update", err, "DuplicateDocumentContent", "Change the content of the document and try again.")
	d, err = c.update("tf-hello", yamlText+"\n", func(in *ssm.UpdateDocumentInput) { in.DocumentFormat = types.DocumentFormatYaml })
	if err != nil || d.Status != types.DocumentStatusUpdating || *d.DocumentVersion != "2" || *d.DefaultVersion != "1" {
		t.Errorf("got %+v, %v", d, err)
	}
	changed, err := c.UpdateDocumentDefaultVersion(t.Context(), &ssm.UpdateDocumentDefaultVersionInput{Name: name, DocumentVersion: aws.String("2")})
	if err != nil || *changed.Description.DefaultVersion != "2" {
		t.Errorf("got %+v, %v", changed, err)
	}
	if d = c.describe("tf-hello", ""); *d.DocumentVersion != "2" {
		t.Errorf("want the new default, got %s", *d.DocumentVersion)
	}
	if _, err := c.AddTagsToResource(t.Context(), &ssm.AddTagsToResourceInput{
		ResourceType: types.ResourceTypeForTaggingDocument, ResourceId: name, Tags: []types.Tag{{Key: aws.String("Team"), Value: aws.String("it")}},
	}); err != nil || len(c.describe("tf-hello", "").Tags) != 2 {
		t.Errorf("want two tags, got %v", err)
	}
	if _, err := c.DeleteDocument(t.Context(), &ssm.DeleteDocumentInput{Name: name}); err != nil {
		t.Fatal(err)
	}
	_, err = c.DescribeDocument(t.Context(), &ssm.DescribeDocumentInput{Name: name})
	apitest.Refused(t, "DescribeDocument", err, "InvalidDocument", "does not exist")
}

func TestVersions(t *testing.T) {
	c := open(t)
	c.mustCreate("many", shell("echo 1"), func(in *ssm.CreateDocumentInput) { in.VersionName = aws.String("one") })
	_, err := c.create("many", shell("echo 1"))
	apitest.Refused(t, "create", err, "DocumentAlreadyExists", "many")
	named := func(n string) func(*ssm.UpdateDocumentInput) {
		return func(in *ssm.UpdateDocumentInput) { in.VersionName = &n }
	}
	for _, n := range []string{"2", "3"} {
		if _, err := c.update("many", shell("echo "+n), named("v"+n)); err != nil {
			t.Fatal(err)
		}
	}
	_, err = c.update("many", shell("echo 4"), named("v2"))
	apitest.Refused(t, "update", err, "DuplicateDocumentVersionName", "")
	_, err = c.update("many", shell("echo 4"), func(in *ssm.UpdateDocumentInput) { in.DocumentVersion = aws.String("1") })
	apitest.Refused(t, "update", err, "InvalidDocumentVersion", "")
	_, err = c.update("none", shell("echo 4"))
	apitest.Refused(t, "update", err, "InvalidDocument", "Document with name none does not exist.")
	name := aws.String("many")
	get := func(version, versionName *string) (*ssm.GetDocumentOutput, error) {
		return c.GetDocument(t.Context(), &ssm.GetDocumentInput{Name: name, DocumentVersion: version, VersionName: versionName})
	}
	for _, tc := range []struct{ version, name, want string }{
		{"", "", "1"}, {"$DEFAULT", "", "1"}, {"$LATEST", "", "3"}, {"2", "", "2"}, {"", "v2", "2"}, {"2", "v2", "2"},
	} {
		var v, n *string
		if tc.version != "" {
			v = &tc.version
		}
		if tc.name != "" {
			n = &tc.name
		}
		if out, err := get(v, n); err != nil || *out.DocumentVersion != tc.want {
			t.Errorf("%q %q: want version %s, got %+v, %v", tc.version, tc.name, tc.want, out, err)
		}
	}
	_, err = get(aws.String("9"), nil)
	apitest.Refused(t, "get", err, "InvalidDocumentVersion", "")
	_, err = get(aws.String("1"), aws.String("v2"))
	apitest.Refused(t, "get", err, "InvalidDocumentVersion", "")
	var seen []string
	pages := ssm.NewListDocumentVersionsPaginator(c.Client, &ssm.ListDocumentVersionsInput{Name: name, MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.DocumentVersions {
			seen = append(seen, *v.DocumentVersion)
		}
	}
	if strings.Join(seen, " ") != "3 2 1" {
		t.Errorf("want 3 2 1, got %v", seen)
	}
	_, err = c.ListDocumentVersions(t.Context(), &ssm.ListDocumentVersionsInput{Name: aws.String("none")})
	apitest.Refused(t, "ListDocumentVersions", err, "InvalidDocument", "")
	remove := func(version string) error {
		_, err := c.DeleteDocument(t.Context(), &ssm.DeleteDocumentInput{Name: name, DocumentVersion: &version})
		return err
	}
	apitest.Refused(t, "remove", remove("1"), "InvalidDocumentOperation", "Default version of the document can't be deleted.")
	apitest.Refused(t, "remove", remove("9"), "InvalidDocumentOperation", "")
	if err := remove("3"); err != nil || *c.describe("many", "$LATEST").DocumentVersion != "2" {
		t.Errorf("want version 2 to be the latest: %v", err)
	}
	if d, err := c.update("many", shell("echo 4")); err != nil || *d.DocumentVersion != "4" {
		t.Errorf("want a number that was never used, got %+v, %v", d, err)
	}
	_, err = c.UpdateDocumentDefaultVersion(t.Context(), &ssm.UpdateDocumentDefaultVersionInput{Name: name, DocumentVersion: aws.String("3")})
	apitest.Refused(t, "UpdateDocumentDefaultVersion", err, "InvalidDocumentVersion", "")
	_, err = c.DeleteDocument(t.Context(), &ssm.DeleteDocumentInput{Name: aws.String("none")})
	apitest.Refused(t, "DeleteDocument", err, "InvalidDocument", "")
}

func TestListDocuments(t *testing.T) {
	c := open(t)
	c.mustCreate("b-shell", shell("echo"), func(in *ssm.CreateDocumentInput) {
		in.Tags = []types.Tag{{Key: aws.String("Team"), Value: aws.String("it")}}
		in.TargetType = aws.String("/")
	})
	c.mustCreate("a-run", `{"schemaVersion":"0.3","mainSteps":[{"name":"wait","action":"aws:sleep","inputs":{"Duration":"PT1M"}}]}`,
		func(in *ssm.CreateDocumentInput) { in.DocumentType = types.DocumentTypeAutomation })
	for _, tc := range []struct{ key, value, want string }{
		{"", "", "AWS-RunShellScript a-run b-shell"},
		{"Owner", "Self", "a-run b-shell"},
		{"Owner", "Amazon", "AWS-RunShellScript"},
		{"Owner", "Private", ""},
		{"Name", "b-", "b-shell"},
		{"DocumentType", "Automation", "a-run"},
		{"PlatformTypes", "Windows", "a-run"},
		{"TargetType", "/", "b-shell"},
		{"tag:Team", "it", "b-shell"},
		{"tag:Team", "hr", ""},
	} {
		in := &ssm.ListDocumentsInput{MaxResults: aws.Int32(1)}
		if tc.key != "" {
			in.Filters = []types.DocumentKeyValuesFilter{{Key: &tc.key, Values: []string{tc.value}}}
		}
		var seen []string
		pages := ssm.NewListDocumentsPaginator(c.Client, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range page.DocumentIdentifiers {
				if *d.Owner == "Amazon" && *d.Name != "AWS-RunShellScript" {
					continue // there are many
				}
				seen = append(seen, *d.Name)
			}
		}
		if got := strings.Join(seen, " "); got != tc.want {
			t.Errorf("%s=%s: want %s, got %s", tc.key, tc.value, tc.want, got)
		}
	}
	old, err := c.ListDocuments(t.Context(), &ssm.ListDocumentsInput{DocumentFilterList: []types.DocumentFilter{{Key: "Name", Value: aws.String("AWS-")}}})
	if err != nil || len(old.DocumentIdentifiers) == 0 || *old.DocumentIdentifiers[0].Owner != "Amazon" {
		t.Errorf("got %+v, %v", old, err)
	}
	_, err = c.ListDocuments(t.Context(), &ssm.ListDocumentsInput{Filters: []types.DocumentKeyValuesFilter{{Key: aws.String("Colour"), Values: []string{"red"}}}})
	apitest.Refused(t, "ListDocuments", err, "InvalidFilterKey", "") // the model gives it no message
	_, err = c.ListDocuments(t.Context(), &ssm.ListDocumentsInput{NextToken: aws.String("x")})
	apitest.Refused(t, "ListDocuments", err, "InvalidNextToken", "")
	shellScript, err := c.GetDocument(t.Context(), &ssm.GetDocumentInput{Name: aws.String("AWS-RunShellScript")})
	if err != nil || !strings.Contains(*shellScript.Content, "aws:runShellScript") {
		t.Errorf("got %+v, %v", shellScript, err)
	}
}

func TestSharing(t *testing.T) {
	c := open(t)
	c.mustCreate("shared", shell("echo"))
	name := aws.String("shared")
	modify := func(add, remove []string) error {
		_, err := c.ModifyDocumentPermission(t.Context(), &ssm.ModifyDocumentPermissionInput{
			Name: name, PermissionType: types.DocumentPermissionTypeShare, AccountIdsToAdd: add, AccountIdsToRemove: remove,
		})
		return err
	}
	list := func() string {
		t.Helper()
		out, err := c.DescribeDocumentPermission(t.Context(), &ssm.DescribeDocumentPermissionInput{Name: name, PermissionType: types.DocumentPermissionTypeShare})
		if err != nil {
			t.Fatal(err)
		}
		var s []string
		for _, a := range out.AccountSharingInfoList {
			s = append(s, *a.AccountId+" "+*a.SharedDocumentVersion)
		}
		return strings.Join(s, ", ")
	}
	if err := modify([]string{"222222222222", "333333333333"}, nil); err != nil || list() != "222222222222 $DEFAULT, 333333333333 $DEFAULT" {
		t.Errorf("got %s, %v", list(), err)
	}
	_, err := c.DeleteDocument(t.Context(), &ssm.DeleteDocumentInput{Name: name})
	apitest.Refused(t, "DeleteDocument", err, "InvalidDocumentOperation", "while it is still shared")
	if err := modify([]string{"222222222222"}, []string{"222222222222", "333333333333"}); err != nil || list() != "" {
		t.Errorf("want removing to win, got %s, %v", list(), err)
	}
	if err := modify([]string{"All"}, nil); err != nil || list() != "all $DEFAULT" {
		t.Errorf("got %s, %v", list(), err)
	}
	apitest.Refused(t, "modify", modify([]string{"all", "222222222222"}, nil), "DocumentPermissionLimit", "Accounts can either be all or a group of AWS accounts")
	apitest.Refused(t, "modify", modify(nil, nil), "ValidationException", "")
	apitest.Refused(t, "modify", modify([]string{"me"}, nil), "ValidationException", "accountIdsToAdd")
	name = aws.String("none")
	apitest.Refused(t, "modify", modify([]string{"all"}, nil), "InvalidDocument", "")
	_, err = c.DescribeDocumentPermission(t.Context(), &ssm.DescribeDocumentPermissionInput{Name: name, PermissionType: types.DocumentPermissionTypeShare})
	apitest.Refused(t, "DescribeDocumentPermission", err, "InvalidDocument", "")
}

func TestWhatCreateDocumentRefuses(t *testing.T) {
	c := open(t)
	kind := func(k types.DocumentType) func(*ssm.CreateDocumentInput) {
		return func(in *ssm.CreateDocumentInput) { in.DocumentType = k }
	}
	none := func(*ssm.CreateDocumentInput) {}
	const fine = `{"schemaVersion":"0.3","mainSteps":[{"name":"a","action":"aws:sleep","inputs":{}}]}`
	tests := []struct {
		name, document, content string
		change                  func(*ssm.CreateDocumentInput)
		code, text              string
	}{
		{"a reserved name", "AWS-Mine", shell("x"), none, "ValidationException", "reserved"},
		{"a name that is too short", "ab", shell("x"), none, "ValidationException", "name"},
		{"no JSON", "bad", `{"schemaVersion":`, none, "InvalidDocumentContent", "JSON not well-formed"},
		{"YAML given as JSON", "bad", yamlText, none, "InvalidDocumentContent", "JSON not well-formed"},
		{"no YAML", "bad", "a: [", yaml, "InvalidDocumentContent", "YAML not well-formed"},
		{"a key twice", "bad", `{"schemaVersion":"2.2","schemaVersion":"2.2"}`, none, "InvalidDocumentContent", "twice"},
		{"no schema", "bad", `{}`, none, "InvalidDocumentContent", "/schemaVersion"},
		{"a schema that there is not", "bad", `{"schemaVersion":"9.9"}`, none, "InvalidDocumentSchemaVersion", "9.9"},
		{"the schema of another type", "bad", fine, none, "InvalidDocumentSchemaVersion", "Command"},
		{"no steps", "bad", `{"schemaVersion":"2.2"}`, none, "InvalidDocumentContent", "/mainSteps"},
		{"an unknown plugin", "bad", strings.Replace(shell("x"), "aws:runShellScript", "aws:fly", 1), none, "InvalidDocumentContent", "/mainSteps/0/action"},
		{"an unknown member of a step", "bad", strings.Replace(shell("x"), `"inputs"`, `"input"`, 1), none, "InvalidDocumentContent", "/mainSteps/0/input"},
		{"a default that is not allowed", "bad", strings.Replace(shell("x"), `"default":"you"`, `"default":"they"`, 1), none, "InvalidDocumentContent", "/parameters/who/default"},
		{"a type of parameter that there is not", "bad", strings.Replace(shell("x"), `"type":"String"`, `"type":"Text"`, 1), none, "InvalidDocumentContent", "/parameters/who/type"},
		{"a plugin of schema 1.2 without properties", "bad", `{"schemaVersion":"1.2","runtimeConfig":{"aws:runShellScript":{}}}`, none, "InvalidDocumentContent", "/runtimeConfig/aws:runShellScript/properties"},
		{"an automation with a step that leads nowhere", "bad", `{"schemaVersion":"0.3","mainSteps":[{"name":"a","action":"aws:sleep","inputs":{},"nextStep":"b"}]}`, kind("Automation"), "InvalidDocumentContent", "/mainSteps/0/nextStep"},
		{"two steps of one name", "bad", `{"schemaVersion":"0.3","mainSteps":[{"name":"a","action":"aws:sleep"},{"name":"a","action":"aws:sleep"}]}`, kind("Automation"), "InvalidDocumentContent", "/mainSteps/1/name"},
		{"a session of an unknown type", "bad", `{"schemaVersion":"1.0","sessionType":"Telnet"}`, kind("Session"), "InvalidDocumentContent", "/sessionType"},
		{"a package with files without digests", "bad", `{"schemaVersion":"2.0","version":"1","packages":{},"files":{"a.zip":{}}}`, kind("Package"), "InvalidDocumentContent", "/files"},
		{"a calendar that is JSON", "bad", `{}`, kind("ChangeCalendar"), "InvalidDocumentContent", "TEXT"},
		{"a calendar without an end", "bad", "BEGIN:VCALENDAR\n", func(in *ssm.CreateDocumentInput) { kind("ChangeCalendar")(in); in.DocumentFormat = "TEXT" }, "InvalidDocumentContent", "END:VCALENDAR"},
		{"more than 64 KB", "bad", shell(strings.Repeat("x", 65537)), none, "MaxDocumentSizeExceeded", "64 KB"},
		{"attachments", "bad", shell("x"), func(in *ssm.CreateDocumentInput) {
			in.Attachments = []types.AttachmentsSource{{Key: types.AttachmentsSourceKeySourceUrl, Values: []string{"s3://b/p"}}}
		}, "ValidationException", "files of a package"},
		{"a type that there is nothing behind", "bad", shell("x"), kind("QuickSetup"), "ValidationException", "QuickSetup"},
		{"YAML that grows", "bad", "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n", yaml, "InvalidDocumentContent", "YAML not well-formed"},
		{"YAML that holds itself", "bad", "a: &a [*a]\n", yaml, "InvalidDocumentContent", "YAML not well-formed"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			_, err := c.create(tc.document, tc.content, tc.change)
			apitest.Refused(t, "create", err, tc.code, tc.text)
		})
	}
	out, err := c.ListDocuments(t.Context(), &ssm.ListDocumentsInput{Filters: []types.DocumentKeyValuesFilter{{Key: aws.String("Owner"), Values: []string{"Self"}}}})
	if err != nil || len(out.DocumentIdentifiers) != 0 {
		t.Errorf("a refused call left something: %+v, %v", out.DocumentIdentifiers, err)
	}
}

func TestEachTypeOfDocument(t *testing.T) {
	c := open(t)
	for name, d := range map[string]struct {
		kind    types.DocumentType
		format  types.DocumentFormat
		content string
	}{
		"command-12": {"Command", "JSON", `{"schemaVersion":"1.2","runtimeConfig":{"aws:runShellScript":{"properties":[{"id":"0","runCommand":["id"]}]}}}`},
		"command-20": {"Command", "JSON", strings.Replace(shell("x"), "2.2", "2.0", 1)},
		"policy-20":  {"Policy", "YAML", "schemaVersion: '2.0'\nmainSteps:\n- {action: 'aws:softwareInventory', name: collect}\n"},
		"runbook":    {"Automation", "YAML", "schemaVersion: '0.3'\nassumeRole: '{{ role }}'\nparameters:\n  role: {type: 'AWS::IAM::Role::Arn', default: ''}\n  ids: {type: 'List<AWS::EC2::Instance::Id>'}\nmainSteps:\n- {name: a, action: 'aws:approve', onFailure: 'step:b', inputs: {}}\n- {name: b, action: 'aws:sleep', inputs: {Duration: PT1S}, isEnd: true}\noutputs: [a.x]\n"},
		"session":    {"Session", "JSON", `{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"idleSessionTimeout":"20"}}`},
		"package":    {"Package", "JSON", `{"schemaVersion":"2.0","version":"1.0","packages":{"windows":{"_any":{"x86_64":{"file":"a.zip"}}}},"files":{"a.zip":{"checksums":{"sha256":"` + strings.Repeat("0", 64) + `"}}}}`},
		"calendar":   {"ChangeCalendar", "TEXT", "BEGIN:VCALENDAR\r\nPRODID:-//AWS//Change Calendar 1.0//EN\r\nVERSION:2.0\r\nX-CALENDAR-TYPE:DEFAULT_OPEN\r\nBEGIN:VEVENT\r\nSUMMARY:year's\r\n  end\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			c := client{c.Client, t}
			c.mustCreate(name, d.content, func(in *ssm.CreateDocumentInput) { in.DocumentType, in.DocumentFormat = d.kind, d.format })
			got, err := c.GetDocument(t.Context(), &ssm.GetDocumentInput{Name: &name, DocumentFormat: d.format})
			if err != nil || *got.Content != d.content || got.DocumentType != d.kind {
				t.Errorf("want the same back, got %+v, %v", got, err)
			}
		})
	}
	got, err := c.GetDocument(t.Context(), &ssm.GetDocumentInput{Name: aws.String("policy-20")})
	const want = "{\n  \"schemaVersion\": \"2.0\",\n  \"mainSteps\": [\n    {\n      \"action\": \"aws:softwareInventory\",\n      \"name\": \"collect\"\n    }\n  ]\n}"
	if err != nil || *got.Content != want || got.DocumentFormat != types.DocumentFormatJson {
		t.Errorf("want JSON in the order of the YAML, got %+v, %v", got, err)
	}
	y, err := c.GetDocument(t.Context(), &ssm.GetDocumentInput{Name: aws.String("command-20"), DocumentFormat: types.DocumentFormatYaml})
	if err != nil || !strings.HasPrefix(*y.Content, "schemaVersion: \"2.0\"\n") || y.DocumentFormat != types.DocumentFormatYaml {
		t.Errorf("want YAML, got %+v, %v", y, err)
	}
}
