package directoryservicedata

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"tamachi/internal/proof"
)

// oldName is how a seal begins that an earlier version of the plane made. Such
// a seal is replaced when its password is next proved.
const (
	oldName  = "pbkdf2-sha256$"
	keyBytes = 32
	// maxRounds bounds what a stored seal can cost to check.
	maxRounds = 10_000_000
)

// turns bounds how many passwords are hashed at once: each takes 19 MiB and a
// processor. The others wait.
type turns chan struct{}

// take waits for leave to hash; done gives the leave back.
func (t turns) take(ctx context.Context) (done func(), err error) {
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to check a password: %w", ctx.Err())
	}
}

// seal makes the stored form of a password.
func (s *Service) seal(ctx context.Context, password string) (string, error) {
	done, err := s.turns.take(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return proof.Hash(s.ids.Bytes(proof.SaltBytes), password, s.cost), nil
}

// opens tells whether a password belongs to a seal. An empty seal is that of
// an account without a password: nothing opens it.
func (s *Service) opens(ctx context.Context, sealed, password string) (bool, error) {
	if sealed == "" {
		sealed = s.nobodys() // as long as for an account that has one
	}
	done, err := s.turns.take(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	if old, ok := strings.CutPrefix(sealed, oldName); ok {
		return opensOld(old, password)
	}
	if !proof.IsHash(sealed) {
		return false, fmt.Errorf("read a sealed password of %d characters", len(sealed))
	}
	return proof.Matches(sealed, password) && sealed != s.nobodys(), nil
}

// opensOld checks a seal of PBKDF2: rounds, salt and key.
func opensOld(sealed, password string) (bool, error) {
	parts := strings.Split(sealed, "$")
	if len(parts) != 3 {
		return false, fmt.Errorf("read an old sealed password: %d parts", len(parts))
	}
	rounds, err := strconv.Atoi(parts[0])
	if err != nil || rounds < 1 || rounds > maxRounds {
		return false, fmt.Errorf("read an old sealed password: rounds %q", parts[0])
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[1])
	if err != nil {
		return false, fmt.Errorf("read an old sealed password: salt: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[2])
	if err != nil || len(want) != keyBytes {
		return false, fmt.Errorf("read an old sealed password: key of %d bytes", len(want))
	}
	got, err := pbkdf2.Key(sha256.New, password, salt, rounds, keyBytes)
	if err != nil {
		return false, fmt.Errorf("check a password: %w", err)
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// nobodys is the seal of a password that nobody has.
func (s *Service) nobodys() string {
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", s.cost.KiB, s.cost.Rounds, strings.Repeat("A", 22), strings.Repeat("A", 43))
}
