// Package proof is how people prove who they are: slow hashes of passwords
// (argon2id) and codes of authenticator apps (RFC 6238). It keeps nothing.
package proof

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is what one hash of a password costs.
type Cost struct {
	KiB    uint32 // memory
	Rounds uint32
}

// Slow is the cost of passwords: the second recommended option of RFC 9106 with
// the memory that OWASP's "Password Storage Cheat Sheet" asks for at least.
// Some 25 ms of a processor.
func Slow() Cost { return Cost{KiB: 19 * 1024, Rounds: 2} }

// SaltBytes is how long a salt is.
const SaltBytes = 16

const (
	hashBytes = 32
	hashLanes = 1
	hashName  = "$argon2id$v=19$"
	// The most that a stored hash may cost to check.
	mostKiB    = 256 * 1024
	mostRounds = 16
)

// Hash is the slow hash of a password in the PHC string format.
func Hash(salt []byte, plain string, c Cost) string {
	sum := argon2.IDKey([]byte(plain), salt, c.Rounds, c.KiB, hashLanes, hashBytes)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("%sm=%d,t=%d,p=%d$%s$%s", hashName, c.KiB, c.Rounds, hashLanes, enc.EncodeToString(salt), enc.EncodeToString(sum))
}

// IsHash tells whether a text is a hash of this package.
func IsHash(text string) bool {
	_, _, _, err := parseHash(text)
	return err == nil
}

// Matches tells whether a password has the hash. A hash that cannot be read
// matches nothing.
func Matches(hash, plain string) bool {
	c, salt, sum, err := parseHash(hash)
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare(sum, argon2.IDKey([]byte(plain), salt, c.Rounds, c.KiB, hashLanes, hashBytes)) == 1
}

func parseHash(hash string) (c Cost, salt, sum []byte, err error) {
	rest, ok := strings.CutPrefix(hash, hashName)
	parts := strings.Split(rest, "$")
	if !ok || len(parts) != 3 {
		return c, nil, nil, fmt.Errorf("not a hash of this form: %d parts", len(parts))
	}
	numbers := strings.Split(parts[0], ",")
	if len(numbers) != 3 || numbers[2] != "p=1" {
		return c, nil, nil, fmt.Errorf("read the cost: %d numbers", len(numbers))
	}
	if c.KiB, err = number(numbers[0], "m=", mostKiB); err != nil {
		return c, nil, nil, err
	}
	if c.Rounds, err = number(numbers[1], "t=", mostRounds); err != nil {
		return c, nil, nil, err
	}
	if salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[1]); err != nil || len(salt) != SaltBytes {
		return c, nil, nil, fmt.Errorf("read the salt: want %d bytes", SaltBytes)
	}
	if sum, err = base64.RawStdEncoding.Strict().DecodeString(parts[2]); err != nil || len(sum) != hashBytes {
		return c, nil, nil, fmt.Errorf("read the hash: want %d bytes", hashBytes)
	}
	return c, salt, sum, nil
}

func number(text, name string, most uint64) (uint32, error) {
	digits, ok := strings.CutPrefix(text, name)
	n, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil || n < 1 || n > most || strconv.FormatUint(n, 10) != digits {
		return 0, fmt.Errorf("read the cost %q: want %s1 to %d", text, name, most)
	}
	return uint32(n), nil
}
