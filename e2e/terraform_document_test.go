package e2e

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// The same document in both formats; the YAML with what only its text has.
const (
	documentJSON = `{"schemaVersion":"2.2","description":"Greet","parameters":{"name":{"type":"String","default":"you"}},` +
		`"mainSteps":[{"action":"aws:runShellScript","name":"greet","inputs":{"runCommand":["echo hello {{ name }}"]}}]}`
	documentYAML = "# kept as it is\nschemaVersion: '2.2'\ndescription: \"Greet\"\nmainSteps:\n  - action: aws:runShellScript\n" +
		"    name: greet\n    inputs:\n      runCommand:\n        - |\n          echo hello\n          # こんにちは\n"
)

// document is an aws_ssm_document.
func (tf *terraform) document(name string, format types.DocumentFormat, text string) *resource {
	second := strings.ReplaceAll(text, "echo hello", "echo good evening,")
	return &resource{
		name: "aws_ssm_document." + name,
		create: func() {
			_, err := tf.ssm().CreateDocument(tf.Context(), &ssm.CreateDocumentInput{
				Name: &name, Content: &text, DocumentFormat: format, DocumentType: types.DocumentTypeCommand,
				TargetType: new("/AWS::EC2::Instance"), Tags: []types.Tag{{Key: new("Team"), Value: new("desk")}},
			})
			tf.done("CreateDocument", err)
			tf.active(name)
		},
		read:   func() attributes { return tf.readDocument(name, format) },
		update: func() { tf.updateDocument(name, format, second) },
		destroy: func() {
			tf.readDocument(name, format)
			_, err := tf.ssm().DeleteDocument(tf.Context(), &ssm.DeleteDocumentInput{Name: &name})
			tf.done("DeleteDocument", err)
			tf.wait("DescribeDocument until it is gone", 2*time.Minute, func() bool {
				_, err := tf.ssm().DescribeDocument(tf.Context(), &ssm.DescribeDocumentInput{Name: &name})
				if err != nil && !strings.Contains(err.Error(), "does not exist") {
					tf.Fatalf("DescribeDocument: %v, want a text with \"does not exist\"", err)
				}
				return err != nil
			})
			_, err = tf.ssm().DescribeDocument(tf.Context(), &ssm.DescribeDocumentInput{Name: &name})
			tf.gone("DescribeDocument", "InvalidDocument", err)
			_, err = tf.ssm().DeleteDocument(tf.Context(), &ssm.DeleteDocumentInput{Name: &name})
			tf.gone("DeleteDocument again", "InvalidDocument", err)
		},
		want: attributes{
			"name": name, "type": types.DocumentTypeCommand, "target": "/AWS::EC2::Instance", "format": format, "content": text,
			"schema": "2.2", "version": "1", "default": "1", "shared": 0, "tags": tags{"Team": "desk"}, "owner": tf.account,
		},
		changed: attributes{"content": second, "version": "2", "default": "2", "tags": tags{"Team": "desk", "Env": "test"}},
	}
}

// active waits for a document as the provider does after create and update.
func (tf *terraform) active(name string) {
	tf.Helper()
	tf.wait("DescribeDocument until Active", 2*time.Minute, func() bool {
		out, err := tf.ssm().DescribeDocument(tf.Context(), &ssm.DescribeDocumentInput{Name: &name})
		tf.done("DescribeDocument", err)
		switch s := out.Document.Status; s {
		case types.DocumentStatusActive:
			return true
		case types.DocumentStatusCreating, types.DocumentStatusUpdating:
			return false
		default:
			tf.Fatalf("document %s is %s", name, s)
			return false
		}
	})
}

func (tf *terraform) readDocument(name string, format types.DocumentFormat) attributes {
	tf.Helper()
	out, err := tf.ssm().DescribeDocument(tf.Context(), &ssm.DescribeDocumentInput{Name: &name})
	tf.done("DescribeDocument", err)
	text, err := tf.ssm().GetDocument(tf.Context(), &ssm.GetDocumentInput{Name: &name, DocumentVersion: new("$LATEST"), DocumentFormat: format})
	tf.done("GetDocument", err)
	shared, err := tf.ssm().DescribeDocumentPermission(tf.Context(), &ssm.DescribeDocumentPermissionInput{
		Name: &name, PermissionType: types.DocumentPermissionTypeShare,
	})
	tf.done("DescribeDocumentPermission", err)
	d := out.Document
	return attributes{
		"name": aws.ToString(d.Name), "type": d.DocumentType, "target": aws.ToString(d.TargetType), "format": d.DocumentFormat,
		"content": aws.ToString(text.Content), "schema": aws.ToString(d.SchemaVersion), "version": aws.ToString(d.LatestVersion),
		"default": aws.ToString(d.DefaultVersion), "shared": len(shared.AccountIds), "tags": ssmTags(d.Tags), "owner": aws.ToString(d.Owner),
	}
}

func (tf *terraform) updateDocument(name string, format types.DocumentFormat, text string) {
	tf.Helper()
	_, err := tf.ssm().AddTagsToResource(tf.Context(), &ssm.AddTagsToResourceInput{
		ResourceType: types.ResourceTypeForTaggingDocument, ResourceId: &name, Tags: []types.Tag{{Key: new("Env"), Value: new("test")}},
	})
	tf.done("AddTagsToResource", err)
	in := &ssm.UpdateDocumentInput{Name: &name, Content: &text, DocumentFormat: format, DocumentVersion: new("1")}
	out, err := tf.ssm().UpdateDocument(tf.Context(), in)
	tf.done("UpdateDocument", err)
	tf.active(name)
	_, err = tf.ssm().UpdateDocumentDefaultVersion(tf.Context(), &ssm.UpdateDocumentDefaultVersionInput{
		Name: &name, DocumentVersion: out.DocumentDescription.DocumentVersion,
	})
	tf.done("UpdateDocumentDefaultVersion", err)
	in.DocumentVersion = new("$LATEST")
	_, err = tf.ssm().UpdateDocument(tf.Context(), in)
	tf.gone("UpdateDocument with the same text", "DuplicateDocumentContent", err)
}
