package resourcegroups

import (
	"testing"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	storetest.Golden(t, &groups, &group{
		Name: "sales", Account: "111122223333", Region: "ap-northeast-1", Description: new("d"), Owner: new("o"), DisplayName: new("n"),
		Criticality: new(int32(2)), Query: `{"ResourceTypeFilters":["AWS::AllSupported"]}`, Tags: map[string]string{"k": "v"},
	})
}
