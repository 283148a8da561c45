package radius

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"tamachi/internal/directory"
	"tamachi/internal/directory/radiustest"
	"tamachi/internal/id"
)

// sealed is an answer with both its proofs.
func sealed(code byte, q []byte, secret string) []byte {
	p := append([]byte{code, q[1], 0, 38}, q[4:header]...)
	p = attribute(p, messageAuthenticator, make([]byte, 16))
	copy(p[header+2:], sign(p, secret))
	sum := md5.Sum(append(bytes.Clone(p), secret...))
	copy(p[4:], sum[:])
	return p
}

// settings reach a server that knows one code of one user.
func settings(t *testing.T) directory.Radius {
	t.Helper()
	host, port := radiustest.Start(t, "xyzzy5461", map[string]string{"nemo": "123456"}).Addr()
	return directory.Radius{Servers: []string{host}, Port: int(port), Timeout: 20 * time.Second, Secret: "xyzzy5461"}
}

func TestACodeIsJudged(t *testing.T) {
	to := settings(t)
	for _, row := range []struct {
		name, user, code string
		chap, want       bool
	}{
		{"a good code by PAP", "nemo", "123456", false, true},
		{"a wrong code by PAP", "nemo", "654321", false, false},
		{"a good code by CHAP", "nemo", "123456", true, true},
		{"a wrong code by CHAP", "nemo", "654321", true, false},
		{"a stranger", "somebody", "123456", false, false},
		{"a long code", "nemo", "1234567890123456789012345678901234567890", false, false},
	} {
		to.CHAP = row.chap
		if got, err := New(id.Random()).Judge(t.Context(), to, row.user, row.code); err != nil || got != row.want {
			t.Errorf("%s: want %v, got %v, %v", row.name, row.want, got, err)
		}
		q, err := request(to, row.user, row.code, bytes.Repeat([]byte{7}, 33))
		if err != nil || bytes.Contains(q, []byte(row.code)) || q[header] != messageAuthenticator {
			t.Errorf("%s: want the code hidden behind a Message-Authenticator, got %x, %v", row.name, q, err)
		}
	}
}

// TestForgedAnswersAreNobodys: each is sent before the good one, which is no.
func TestForgedAnswersAreNobodys(t *testing.T) {
	for name, forge := range map[string]func(q []byte) []byte{
		"another secret":            func(q []byte) []byte { return sealed(accessAccept, q, "other") },
		"another request's answer":  func(q []byte) []byte { p := sealed(accessAccept, q, "xyzzy5461"); p[1]++; return p },
		"an answer that was turned": func(q []byte) []byte { p := sealed(accessReject, q, "xyzzy5461"); p[0] = accessAccept; return p },
		"no Message-Authenticator": func(q []byte) []byte { // what MD5 alone would prove
			p := append([]byte{accessAccept, q[1], 0, header}, q[4:header]...)
			sum := md5.Sum(append(bytes.Clone(p), "xyzzy5461"...))
			copy(p[4:], sum[:])
			return p
		},
		"a piece": func(q []byte) []byte { return sealed(accessAccept, q, "xyzzy5461")[:25] },
		"a wrong length": func(q []byte) []byte {
			p := sealed(accessAccept, q, "xyzzy5461")
			binary.BigEndian.PutUint16(p[2:], 20)
			return p
		},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := request(directory.Radius{Secret: "xyzzy5461"}, "nemo", "123456", bytes.Repeat([]byte{7}, 33))
			if err != nil {
				t.Fatal(err)
			}
			if code, ok := believed(forge(q), q, "xyzzy5461"); ok {
				t.Errorf("want it not believed, got %d", code)
			}
			if code, ok := believed(sealed(accessReject, q, "xyzzy5461"), q, "xyzzy5461"); !ok || code != accessReject {
				t.Errorf("the server's own: want a no, got %d, %v", code, ok)
			}
		})
	}
}

func TestASilentServerIsLeftForTheNext(t *testing.T) {
	to := settings(t)
	to.Servers = append([]string{"no-such-host.invalid"}, to.Servers...)
	if got, err := New(id.Random()).Judge(t.Context(), to, "nemo", "123456"); err != nil || !got {
		t.Errorf("the second server: want yes, got %v, %v", got, err)
	}
	to.Secret, to.Timeout, to.Retries = "another-secret", time.Millisecond, 1
	if _, err := New(id.Random()).Judge(t.Context(), to, "nemo", "123456"); !errors.Is(err, directory.ErrUnreachable) {
		t.Errorf("a secret that the server does not know: want ErrUnreachable, got %v", err)
	}
}

// TestThePasswordIsHiddenAsTheRFCHasIt is RFC 2865, section 7.1.
func TestThePasswordIsHiddenAsTheRFCHasIt(t *testing.T) {
	authenticator, _ := hex.DecodeString("0f403f9473978057bd83d5cb98f4227a")
	if got := hex.EncodeToString(hidden("arctangent", "xyzzy5461", authenticator)); got != "0dbe708d93d413ce3196e43f782a0aee" {
		t.Errorf("want the RFC's bytes, got %s", got)
	}
}

func FuzzAnswer(f *testing.F) {
	q, err := request(directory.Radius{Secret: "xyzzy5461"}, "nemo", "123456", bytes.Repeat([]byte{7}, 33))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed(accessAccept, q, "other"))
	f.Add([]byte{2, 7, 0, 22, 80, 0})
	f.Fuzz(func(t *testing.T, p []byte) {
		if code, ok := believed(p, q, "xyzzy5461"); ok {
			t.Errorf("want nothing believed that was drawn, got %d of %x", code, p)
		}
	})
}
