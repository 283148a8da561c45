package delivery_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

const greeting = `schemaVersion: "2.2"
description: Greet
parameters:
  who: {type: String, default: world, allowedValues: [world, team]}
  words: {type: StringList, default: [hello]}
mainSteps:
- action: aws:runPowerShellScript
  name: elsewhere
  precondition: {StringEquals: [platformType, Windows]}
  inputs: {runCommand: [exit 1]}
- action: aws:runShellScript
  name: greet
  inputs:
    timeoutSeconds: 20
    runCommand:
    - echo "{{ words }}" to {{ who }} in '{{ssm:/office/city}}'
`

// TestADocumentOfACustomerRuns sends a document with parameters, one of them out
// of Parameter Store, to a real agent.
func TestADocumentOfACustomerRuns(t *testing.T) {
	p := startPlane(t)
	node := p.desktop("ws-aaaaaaaaa")
	name := aws.String("greet")
	create := func(name, content string, kind types.DocumentType) {
		t.Helper()
		_, err := p.client.CreateDocument(t.Context(), &ssm.CreateDocumentInput{
			Name: &name, Content: &content, DocumentFormat: types.DocumentFormatYaml, DocumentType: kind,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	create("greet", greeting, types.DocumentTypeCommand)
	create("windows", strings.Replace(greeting, "[platformType, Windows]", "[platformType, Linux]", 1), types.DocumentTypeCommand)
	create("old", strings.NewReplacer(`"2.2"`, `"2.0"`).Replace(greeting), types.DocumentTypeCommand)
	create("book", "schemaVersion: '0.3'\nmainSteps: [{name: a, action: 'aws:sleep', inputs: {}}]\n", types.DocumentTypeAutomation)
	send := func(document string, parameters map[string][]string, change ...func(*ssm.SendCommandInput)) (string, error) {
		in := &ssm.SendCommandInput{DocumentName: &document, Parameters: parameters, InstanceIds: []string{node}}
		for _, f := range change {
			f(in)
		}
		out, err := p.client.SendCommand(t.Context(), in)
		if err != nil {
			return "", err
		}
		return *out.Command.CommandId, nil
	}
	_, err := send("greet", nil)
	apitest.Refused(t, "send", err, "InvalidParameters", "{{ssm:/office/city}} doesn't exist")
	if _, err := p.client.PutParameter(t.Context(), &ssm.PutParameterInput{Name: aws.String("/office/city"), Value: aws.String(`To"kyo`), Type: types.ParameterTypeString}); err != nil {
		t.Fatal(err)
	}
	id, err := send("greet", map[string][]string{"who": {"team"}})
	if err != nil {
		t.Fatal(err)
	}
	p.await(id, node, "Success")
	got, err := p.client.GetCommandInvocation(t.Context(), &ssm.GetCommandInvocationInput{CommandId: &id, InstanceId: &node, PluginName: aws.String("greet")})
	if err != nil || *got.StandardOutputContent != `["hello"] to team in To"kyo`+"\n" && !strings.Contains(*got.StandardOutputContent, `to team in To"kyo`) {
		t.Errorf("got %+v, %v", got, err)
	}
	id, err = send("AWS-RunShellScript", map[string][]string{"commands": {"echo {{ssm:/office/city:1}}"}})
	if err != nil {
		t.Fatal(err)
	}
	p.await(id, node, "Failed") // the shell sees one quote
	list, err := p.client.ListCommands(t.Context(), &ssm.ListCommandsInput{CommandId: &id})
	if err != nil || list.Commands[0].Parameters["commands"][0] != "echo {{ssm:/office/city:1}}" {
		t.Errorf("want the parameters as they were given, got %+v, %v", list, err)
	}
	_, err = send("greet", map[string][]string{"who": {"nobody"}})
	apitest.Refused(t, "send", err, "InvalidParameters", "who")
	for document, want := range map[string]string{
		"windows": "no PowerShell", "old": "Precondition is not supported for document schema version prior to 2.2. Step name: elsewhere",
	} {
		id, err := send(document, nil)
		if err != nil {
			t.Fatal(err)
		}
		p.await(id, node, "Failed") // the node says why
		got, err := p.client.GetCommandInvocation(t.Context(), &ssm.GetCommandInvocationInput{CommandId: &id, InstanceId: &node, PluginName: aws.String("elsewhere")})
		if err != nil || !strings.Contains(*got.StandardErrorContent, want) {
			t.Errorf("%s: got %+v, %v, want %q", document, got, err, want)
		}
	}
	_, err = send("book", nil)
	apitest.Refused(t, "send", err, "InvalidDocument", "Automation")
	_, err = send("none", nil)
	apitest.Refused(t, "send", err, "InvalidDocument", "Document with name none does not exist.")
	_, err = send("greet", nil, func(in *ssm.SendCommandInput) { in.DocumentVersion = aws.String("7") })
	apitest.Refused(t, "send", err, "InvalidDocumentVersion", "")
	_, err = send("greet", nil, func(in *ssm.SendCommandInput) { in.DocumentHash = aws.String(strings.Repeat("0", 64)) })
	apitest.Refused(t, "send", err, "InvalidDocument", "hash")
	d, err := p.client.DescribeDocument(t.Context(), &ssm.DescribeDocumentInput{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = send("greet", nil, func(in *ssm.SendCommandInput) {
		in.DocumentHash, in.DocumentHashType, in.DocumentVersion = d.Document.Hash, d.Document.HashType, aws.String("$LATEST")
	}); err != nil {
		t.Errorf("the right hash is refused: %v", err)
	}
}
