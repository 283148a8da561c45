package arn

import "testing"

// What is read is written back as it was, whatever it held.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"arn:aws:iam::111122223333:role/service-role/Node", "arn:aws:s3:::bucket/a:b::c", "arn:aws:kms:us-east-1:1:key/", "arn:::::", "arn", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse(text)
		if err == nil && a.String() != text {
			t.Errorf("%q became %q", text, a.String())
		}
		if err == nil && (a.Service == "" || a.Resource == "") {
			t.Errorf("%q was taken without a service or a resource", text)
		}
	})
}

func TestParseRefusesWhatIsNoARN(t *testing.T) {
	for _, text := range []string{"", "arn:aws:iam::1", "urn:aws:iam::1:role/x", "arn::iam::1:role/x", "arn:aws:::1:x", "arn:aws:iam::1:"} {
		if a, err := Parse(text); err == nil {
			t.Errorf("%q was read as %+v", text, a)
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"arn:aws:kms:us-east-1:111122223333:key/a", true},
		{"arn:aws:kms:us-east-1:111122223333:alias/a", false},
		{"arn:aws:s3:us-east-1:111122223333:key/a", false},
		{"key/a", false},
	} {
		if got := Names(c.text, "kms", "key/"); got != c.want {
			t.Errorf("%s: got %v, want %v", c.text, got, c.want)
		}
	}
}
