package documents

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
)

// maxContent is how large a document may be.
const maxContent = 64 * 1024

// content is a document's text, read and found valid.
type content struct {
	text   string
	format types.DocumentFormat
	root   *value // nil for TEXT
	schema string
	kind   types.DocumentType
}

// read parses a text and holds it against the schema of its type.
func read(text string, format types.DocumentFormat, kind types.DocumentType) (*content, error) {
	if format == "" {
		format = types.DocumentFormatJson
	}
	if len(text) > maxContent {
		return nil, &types.MaxDocumentSizeExceeded{Message: new("The size limit of a document is 64 KB.")}
	}
	c := &content{text: text, format: format, kind: kind}
	var err error
	switch {
	case kind == types.DocumentTypeChangeCalendar:
		if format != types.DocumentFormatText {
			return nil, invalidContent("", "a change calendar is iCalendar text: use the document format TEXT")
		}
		return c, checkCalendar(text)
	case format == types.DocumentFormatJson:
		c.root, err = parseJSON(text)
	case format == types.DocumentFormatYaml:
		c.root, err = parseYAML(text)
	default:
		return nil, invalidContent("", "a document of the type "+string(kind)+" is JSON or YAML")
	}
	if err != nil {
		return nil, invalidContent("", string(format)+" not well-formed: "+err.Error())
	}
	return c, c.check()
}

// in is the text in a format. What was given in it comes back as it was.
func (c *content) in(format types.DocumentFormat) (string, types.DocumentFormat) {
	if format == "" { // "JSON is the default format" (API reference, GetDocument)
		format = types.DocumentFormatJson
	}
	switch {
	case c.root == nil || format == c.format || format == types.DocumentFormatText:
		return c.text, c.format
	case format == types.DocumentFormatYaml:
		return c.root.yaml(), format
	}
	return c.root.json(), types.DocumentFormatJson
}

// schemas are the schema versions of each type that can be created.
var schemas = map[types.DocumentType][]string{
	types.DocumentTypeCommand:    {"1.2", "2.0", "2.2"},
	types.DocumentTypeAutomation: {"0.3"},
	types.DocumentTypeSession:    {"1.0"},
	types.DocumentTypePolicy:     {"2.0", "2.2"},
	types.DocumentTypePackage:    {"2.0"},
}

// check holds the content against its schema.
func (c *content) check() error {
	if c.root.kind != object {
		return invalidContent("", "it must be an object")
	}
	version := c.root.get("schemaVersion")
	if version == nil || version.kind != words && version.kind != number {
		return invalidContent("/schemaVersion", "it must be a string such as \"2.2\"")
	}
	c.schema = version.text
	if !slices.Contains(schemas[c.kind], c.schema) {
		return &types.InvalidDocumentSchemaVersion{Message: new(fmt.Sprintf(
			"The version of the document schema isn't supported: a document of the type %s has one of the schema versions %s, not %s.",
			c.kind, strings.Join(schemas[c.kind], ", "), c.schema))}
	}
	switch {
	case c.kind == types.DocumentTypePackage:
		return checkManifest(c.root)
	case c.schema == "0.3":
		return checkAutomation(c.root)
	case c.schema == "1.0":
		return checkSession(c.root)
	case c.schema == "1.2":
		return checkCommand12(c.root)
	}
	return checkCommand2(c.root)
}

// creatable refuses types that no document can have here.
func creatable(kind types.DocumentType) (types.DocumentType, error) {
	if kind == "" {
		return types.DocumentTypeCommand, nil
	}
	if schemas[kind] == nil && kind != types.DocumentTypeChangeCalendar {
		return "", &smithy.GenericAPIError{Code: "ValidationException", Message: "Documents of the type " + string(kind) + " can't be created here."}
	}
	return kind, nil
}

// invalidContent is the API's error about content; path names the place, as
// JSON pointers do (RFC 6901).
func invalidContent(path, why string) error {
	at := ""
	if path != "" {
		at = " at " + path
	}
	return &types.InvalidDocumentContent{Message: new("The content for the document isn't valid" + at + ": " + why + ".")}
}
