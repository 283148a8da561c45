package compliance

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	by := execution{At: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), ID: "e", Type: "Command"}
	storetest.Golden(t, &records, &record{Node: "mi-0123456789abcdef0", Kind: "Custom:Floor", Hash: "h", Last: by, Items: []item{
		{ID: "a", Title: "t", Severity: "LOW", Status: compliant, Details: map[string]string{"k": "v"}, By: by},
	}})
}
