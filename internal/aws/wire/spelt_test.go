package wire

import "testing"

func TestMetadataIsSpeltSmall(t *testing.T) {
	for given, want := range map[string]string{
		"x-amz-meta-signature": "x-amz-meta-signature", "X-Amz-Meta-Signature-Algorithm": "x-amz-meta-signature-algorithm",
		"x-amz-version-id": "X-Amz-Version-Id", "etag": "Etag",
	} {
		if got := spelt(given); got != want {
			t.Errorf("%s: want %s, got %s", given, want, got)
		}
	}
}
