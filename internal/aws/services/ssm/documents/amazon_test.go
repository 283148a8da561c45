package documents

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/services/ssm/amazon"
)

// TestAmazonsDocumentsAreValid holds each against the schema that customers'
// documents are held against.
func TestAmazonsDocumentsAreValid(t *testing.T) {
	all := amazon.Documents()
	if len(all) < 30 {
		t.Errorf("there are %d documents", len(all))
	}
	seen := map[string]bool{}
	for _, d := range all {
		if seen[d.Name] {
			t.Errorf("%s is there twice", d.Name)
		}
		seen[d.Name] = true
		c, err := read(string(d.Content), types.DocumentFormat(d.Format), types.DocumentType(d.Type))
		if err != nil {
			t.Errorf("%s: %v", d.Name, err)
			continue
		}
		if c.root.get("description").str() == "" {
			t.Errorf("%s says nothing of itself", d.Name)
		}
		if again, _ := c.in(types.DocumentFormatJson); !strings.HasPrefix(again, "{") {
			t.Errorf("%s is no object in JSON", d.Name)
		}
	}
}
