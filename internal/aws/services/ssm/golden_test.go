package ssm

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	storetest.Golden(t, &settings, &setting{
		ID: defaultTier, Value: "Advanced", Modified: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), User: "arn:aws:iam::111122223333:user/administrator",
	})
}
