package directoryservicedata

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"tamachi/internal/id"
)

const (
	// sealRounds makes one check cost some 35 ms of a processor.
	sealRounds = 200_000
	sealName   = "pbkdf2-sha256"
	saltBytes  = 16
	keyBytes   = 32
	// maxRounds bounds what a stored seal can cost to check.
	maxRounds = 10_000_000
)

// seal makes the stored form of a password: name, rounds, salt and key.
func seal(ids *id.Source, rounds int, password string) (string, error) {
	salt := ids.Bytes(saltBytes)
	key, err := pbkdf2.Key(sha256.New, password, salt, rounds, keyBytes)
	if err != nil {
		return "", fmt.Errorf("seal a password: %w", err)
	}
	enc := base64.RawStdEncoding
	return strings.Join([]string{sealName, strconv.Itoa(rounds), enc.EncodeToString(salt), enc.EncodeToString(key)}, "$"), nil
}

// opens tells whether a password belongs to a seal. An empty seal is that of
// an account without a password: nothing opens it.
func opens(sealed, password string) (bool, error) {
	if sealed == "" {
		return false, nil
	}
	parts := strings.Split(sealed, "$")
	if len(parts) != 4 || parts[0] != sealName {
		return false, fmt.Errorf("read a sealed password: %d parts", len(parts))
	}
	rounds, err := strconv.Atoi(parts[1])
	if err != nil || rounds < 1 || rounds > maxRounds {
		return false, fmt.Errorf("read a sealed password: rounds %q", parts[1])
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[2])
	if err != nil {
		return false, fmt.Errorf("read a sealed password: salt: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[3])
	if err != nil || len(want) != keyBytes {
		return false, fmt.Errorf("read a sealed password: key of %d bytes", len(want))
	}
	got, err := pbkdf2.Key(sha256.New, password, salt, rounds, keyBytes)
	if err != nil {
		return false, fmt.Errorf("check a password: %w", err)
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// nobodys is the seal of a password that nobody has.
func nobodys(rounds int) string {
	return strings.Join([]string{sealName, strconv.Itoa(rounds), strings.Repeat("A", 22), strings.Repeat("A", 43)}, "$")
}
